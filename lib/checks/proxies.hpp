// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "checks/check.hpp"
#include "checks/live_pods.hpp"

// Sidecars of exported Pods, and what keeps a pod from having one.
namespace aksmesh::checks {

/// What to say when a Namespace is not in the input.
inline constexpr std::string_view kNamespaceUnknown =
    "whether its namespace is labelled istio.io/rev; the Namespace in the input tells";

/// The namespaces of the add-on itself, whose proxies are gateways.
bool is_addon_namespace(std::string_view name_space);
/// The pod or its template says sidecar.istio.io/inject=false, or shares the network of its node.
bool stays_outside_mesh(const Node& metadata, const Node& pod_spec);
/// A running Pod without a sidecar, which would have one had it been made in a namespace that
/// injects.
bool lacks_sidecar(const Object& pod);
/// The object or template belongs to a gateway: one of the add-on, or one made for a Gateway of the
/// Gateway API.
bool is_gateway_part(const Node& metadata);

/// True when labels are those of the pods that Istio makes for a Gateway of the Gateway API in the
/// namespace; manifests do not show them. Reads Gateways of the Gateway API.
bool are_of_generated_gateway(const Facts& facts, std::string_view name_space, const Node& labels);

struct ProxyRevision {
  std::string_view name{};  ///< empty when the pod does not tell
  Node source{};
};
/// The revision that injected the sidecar of a pod.
ProxyRevision proxy_revision(const Facts& facts, const Object& pod);

}  // namespace aksmesh::checks
