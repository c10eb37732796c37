// SPDX-License-Identifier: Apache-2.0
#include "checks/sidecars.hpp"

#include <algorithm>

#include "checks/live_pods.hpp"
#include "checks/proxies.hpp"

namespace aksmesh::checks {
namespace {

constexpr std::string_view kTemplatesAnnotation = "inject.istio.io/templates";

}  // namespace

Meshed has_sidecar(const Facts& facts, const Object& pods) {
  const auto [metadata, spec] = mesh::pod_parts(pods);
  if (find_container(spec, kProxyContainer)) return Meshed::yes;
  if (stays_outside_mesh(metadata, spec)) return Meshed::no;
  // What the cluster says of a Pod that runs is no forecast.
  if (pods.kind == Kind::pod && !pods.status()["phase"].text().empty()) return Meshed::no;
  if (facts.in_mesh(pods)) return Meshed::yes;
  const bool sure = facts.is_upstream() || facts.find(Kind::name_space, {}, pods.name_space);
  return sure ? Meshed::no : Meshed::unknown;
}

bool is_gateway_pod(const Object& pods) {
  const auto [metadata, spec] = mesh::pod_parts(pods);
  if (is_gateway_part(metadata) || metadata.at("annotations", kTemplatesAnnotation)) return true;
  const auto containers = spec["containers"];
  const auto items = containers.items();
  return containers.size() > 0 && std::all_of(items.begin(), items.end(), [](const Node& item) {
           return item["name"].text() == kProxyContainer;
         });
}

}  // namespace aksmesh::checks
