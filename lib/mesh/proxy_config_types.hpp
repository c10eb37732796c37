// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "data/tree.hpp"

namespace aksmesh::mesh {

struct ProxyConfigFault {
  data::Node place{};
  std::string what{};
};

/// The first thing in a ProxyConfig (the value of annotation proxy.istio.io/config) that Istio
/// refuses when it lays it over the defaults; fields that it does not know do not matter
/// (lib/mesh/tables/proxy-config-types.json).
std::optional<ProxyConfigFault> find_proxy_config_fault(const data::Node& config);

}  // namespace aksmesh::mesh
