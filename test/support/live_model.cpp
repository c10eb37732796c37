// SPDX-License-Identifier: Apache-2.0
#include "support/live_model.hpp"

#include "support/fake_world.hpp"

namespace aksmesh::test {

std::unique_ptr<mesh::Model> live_model(const std::string& yaml, kube::KindSet unseen) {
  FakeWorld world;
  kube::LiveObjects live;
  for (int kind = 0; kind < static_cast<int>(kube::Kind::count_); ++kind)
    if (!unseen.has(static_cast<kube::Kind>(kind))) live.whole.add(static_cast<kube::Kind>(kind));
  live.answers.push_back(
      {.name = "objects", .live = true, .tree = data::read_documents(yaml, data::Limits{}).tree});
  return std::make_unique<mesh::Model>(kube::read_manifests(world.files, {}, {}, std::move(live)),
                                       mesh::Model::Options{});
}

std::string injector_of(const std::string& revision, const std::string& tag) {
  const auto& value = tag.empty() ? revision : tag;
  const auto name = (tag.empty() ? "istio-sidecar-injector-" : "istio-revision-tag-") + value +
                    "-aks-istio-system";
  const std::string common =
      "\n  failurePolicy: Fail\n  clientConfig: {caBundle: Q0E=, service: {name: istiod-" +
      revision +
      ", namespace: aks-istio-system, path: /inject, port: 443}}\n"
      "  rules: [{apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods], "
      "scope: '*'}]\n";
  return "apiVersion: admissionregistration.k8s.io/v1\nkind: MutatingWebhookConfiguration\n"
         "metadata: {name: " +
         name +
         ", resourceVersion: '7', labels: {app: sidecar-injector, istio.io/rev: " + revision +
         (tag.empty() ? "" : ", istio.io/tag: " + tag) +
         "}}\nwebhooks:\n- name: rev.namespace.sidecar-injector.istio.io" + common +
         "  namespaceSelector: {matchExpressions: [{key: istio.io/rev, operator: In, values: [" +
         value +
         "]}, {key: istio-injection, operator: DoesNotExist}]}\n"
         "  objectSelector: {matchExpressions: [{key: sidecar.istio.io/inject, operator: NotIn, "
         "values: ['false']}]}\n"
         "- name: rev.object.sidecar-injector.istio.io" +
         common +
         "  namespaceSelector: {matchExpressions: [{key: istio.io/rev, operator: DoesNotExist}, "
         "{key: istio-injection, operator: DoesNotExist}]}\n"
         "  objectSelector: {matchExpressions: [{key: sidecar.istio.io/inject, operator: NotIn, "
         "values: ['false']}, {key: istio.io/rev, operator: In, values: [" +
         value + "]}]}\n---\n";
}

std::string service_of(const std::string& revision) {
  return "{apiVersion: v1, kind: Service, metadata: {name: istiod-" + revision +
         ", namespace: aks-istio-system}, spec: {}}\n---\n";
}

std::string namespace_of(const std::string& name, const std::string& labels) {
  return "{apiVersion: v1, kind: Namespace, metadata: {name: " + name + ", labels: {" + labels +
         "}}}\n---\n";
}

}  // namespace aksmesh::test
