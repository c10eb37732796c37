// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "checks/check.hpp"
#include "data/certificate.hpp"

// The roots that workloads trust: istiod writes them into a ConfigMap of each namespace (support:
// istio-add-on-plug-in-ca-certificate.md).
namespace aksmesh::checks {

inline constexpr std::string_view kRootConfigMap = "istio-ca-root-cert";
inline constexpr std::string_view kRootKey = "root-cert.pem";

/// The certificates in a copy of the roots; empty when they cannot be read.
inline std::vector<data::Certificate> roots_of(const Object& config_map) {
  return data::read_bundle(config_map.root.at("data", kRootKey).text());
}

}  // namespace aksmesh::checks
