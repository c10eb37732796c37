// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "checks/check.hpp"

namespace aksmesh::checks {

/// True when the name is that of a deployment of the add-on (or of its HorizontalPodAutoscaler) in
/// the namespace.
inline bool is_scaled_by_addon(std::string_view name_space, std::string_view name) {
  if (name_space == kIngressNamespace) return name.starts_with(kIngressGatewayPrefix);
  return name_space == kSystemNamespace && name.starts_with(kIstiodPrefix) &&
         parse_revision(name.substr(kIstiodPrefix.size())).has_value();
}

/// True for the autoscalers of istiod and of the ingress gateways, by their own name or that of
/// their target.
inline bool is_addon_autoscaler(const Object& autoscaler) {
  return is_scaled_by_addon(autoscaler.name_space, autoscaler.name) ||
         is_scaled_by_addon(autoscaler.name_space,
                            autoscaler.spec().at("scaleTargetRef", "name").text());
}

/// Whether the input holds any of them; reads HorizontalPodAutoscaler.
inline bool has_addon_autoscalers(const Facts& facts) {
  return facts.holds(Kind::horizontal_pod_autoscaler, is_addon_autoscaler);
}

}  // namespace aksmesh::checks
