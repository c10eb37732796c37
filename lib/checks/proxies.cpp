// SPDX-License-Identifier: Apache-2.0
#include "checks/proxies.hpp"

namespace aksmesh::checks {

bool is_addon_namespace(std::string_view name_space) {
  return name_space == kSystemNamespace || name_space == kIngressNamespace ||
         name_space == kEgressNamespace;
}

bool stays_outside_mesh(const Node& metadata, const Node& pod_spec) {
  return metadata.at("labels", kPodInjectionLabel).text() == "false" ||
         metadata.at("annotations", kPodInjectionLabel).text() == "false" ||
         pod_spec["hostNetwork"].as_bool().value_or(false);
}

bool lacks_sidecar(const Object& pod) {
  return is_live_pod(pod) && !is_addon_namespace(pod.name_space) && !has_proxy_container(pod) &&
         !stays_outside_mesh(pod.metadata(), pod.spec());
}

bool is_gateway_part(const Node& metadata) {
  return metadata.at("labels", kComponentLabel) || metadata.at("labels", kGatewayNameLabel);
}

bool are_of_generated_gateway(const Facts& facts, std::string_view name_space, const Node& labels) {
  const auto name = labels[kGatewayNameLabel].text();
  return !name.empty() && facts.find(Kind::kube_gateway, name_space, name) != nullptr;
}

ProxyRevision proxy_revision(const Facts& facts, const Object& pod) {
  if (const auto given = pod.annotation(kRevisionLabel)) return {given.text(), given};
  if (const auto status = pod.annotation(kProxyStatusAnnotation); status.is_string()) {
    const auto& tree = *facts.embedded(pod, status).tree;
    const auto revision =
        tree.document_count() > 0 ? tree.document(0)["revision"].text() : std::string_view{};
    if (!revision.empty()) return {revision, status};
  }
  const auto label = pod.label(kRevisionLabel);
  return {label.text(), label};
}

}  // namespace aksmesh::checks
