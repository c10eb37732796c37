// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>

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

/// Pods with a sidecar in one namespace.
struct MeshedPods {
  const Object* first = nullptr;
  std::size_t count = 0;
};
/// Those that run, gateways left out, and that `counts(pod)`; by their namespace. Reads Pod.
template <class Counts>
std::map<std::string_view, MeshedPods> meshed_pods(const Facts& facts, Counts counts) {
  std::map<std::string_view, MeshedPods> out;
  for (const auto* pod : facts.all(Kind::pod)) {
    if (!is_live_pod(*pod) || is_addon_namespace(pod->name_space) ||
        is_gateway_part(pod->metadata()) || !has_proxy_container(*pod) || !counts(*pod))
      continue;
    auto& in = out[pod->name_space];
    if (in.first == nullptr) in.first = pod;
    ++in.count;
  }
  return out;
}

struct ProxyRevision {
  std::string_view name{};  ///< empty when the pod does not tell
  Node source{};
};
/// The revision that injected the sidecar of a pod.
ProxyRevision proxy_revision(const Facts& facts, const Object& pod);

}  // namespace aksmesh::checks
