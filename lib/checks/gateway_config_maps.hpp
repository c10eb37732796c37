// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "checks/gateway_api.hpp"

// The ConfigMaps that shape what is made for Gateways of class istio (istio-gateway-api.md).
namespace aksmesh::checks {

struct GatewayConfigMap {
  const Object* object = nullptr;
  bool of_class = false;  ///< for every Gateway; else only for those that name it
};

inline constexpr KindSet kGatewayConfigKinds{Kind::kube_gateway, Kind::config_map};

/// True when its label makes the ConfigMap that of the class, should it be in aks-istio-system.
bool gives_class_defaults(const Object& config_map);
/// Those of the class and those that Gateways name, each once. Tells of Gateways whose ConfigMap
/// may merely be missing in the input. Declare kGatewayConfigKinds.
std::vector<GatewayConfigMap> gateway_config_maps(const Facts& facts, Findings& out);
/// The table's constraint on a field of a section, such as `service spec.type`.
Node gateway_constraint(std::string_view path);
/// The YAML under a key of such a ConfigMap: absent when there is none. Text that could not be read
/// as a whole is told.
Node read_section(const Facts& facts, const Object& config_map, const Node& section, Findings& out);

}  // namespace aksmesh::checks
