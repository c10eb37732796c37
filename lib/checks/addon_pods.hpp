// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "checks/live_pods.hpp"

namespace aksmesh::checks {

/// True for the pods of the add-on's ingress gateways, by the name that its Deployments give them.
inline bool is_ingress_gateway_pod(const Object& pod) {
  return pod.name_space == kIngressNamespace && pod.name.starts_with(kIngressGatewayPrefix);
}

/// True for those of istiod that answer.
inline bool is_running_istiod(const Object& pod) {
  return is_addon_istiod_pod(pod) && is_live_pod(pod) && pod.status()["phase"].text() == "Running";
}

/// True for the pods that the add-on makes: of istiod, of ingress gateways, of Istio CNI.
inline bool is_addon_pod(const Object& pod) {
  return is_ingress_gateway_pod(pod) || is_addon_istiod_pod(pod) ||
         (pod.name_space == kSystemNamespace && pod.name.starts_with(kCniDaemonSet));
}

/// Whether the input holds any of them; reads Pod.
bool has_addon_pods(const Facts& facts);
/// Likewise those of istiod.
bool has_istiod_pods(const Facts& facts);

}  // namespace aksmesh::checks
