// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "envoy/endpoint.hpp"
#include "option_set.hpp"
#include "proxy_config_outcome.hpp"

namespace aksmesh::commands {

/// Which endpoints of a proxy are wanted: what is typed, and nothing stands for all.
struct EndpointFilter {
  std::string address{};
  std::string port{};
  std::string cluster{};
  std::string status{};
  /// The address counts with its port and without, where istioctl knows only one of the two, and
  /// each time another one.
  [[nodiscard]] bool takes(const envoy::EndpointRow& row) const;
};
void declare_endpoint_filter(OptionSet& set, EndpointFilter& filter);

/// The endpoints as items of a document.
std::vector<ConfigListing::Item> endpoint_items(std::vector<envoy::EndpointRow> rows);

}  // namespace aksmesh::commands
