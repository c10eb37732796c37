// SPDX-License-Identifier: Apache-2.0
#include "checks/injection_inventory.hpp"

#include <doctest/doctest.h>

#include "support/live_model.hpp"

namespace aksmesh::test {
namespace {

using checks::NamespaceInjection;
using checks::Renewal;
using kube::Kind;

std::string mesh_of_two() {
  const auto settings = [](const std::string& revision, const std::string& tag) {
    return "{apiVersion: v1, kind: ConfigMap, metadata: {name: istio-sidecar-injector-" + revision +
           R"(, namespace: aks-istio-system}, data: {values: '{"global": {"tag": ")" + tag +
           R"(", "proxy": {"image": "proxyv2"}}}', config: "policy: enabled"}})" + "\n---\n";
  };
  return injector_of("asm-1-28") + injector_of("asm-1-29") + injector_of("asm-1-28", "prod") +
         service_of("asm-1-28") + service_of("asm-1-29") + settings("asm-1-28", "1.28.10") +
         settings("asm-1-29", "1.29.6");
}

/// `revision` empty: without a sidecar.
std::string pod(const std::string& name, const std::string& revision, const std::string& tag = {},
                const std::string& labels = {}, const std::string& annotations = {}) {
  const std::string sidecar =
      revision.empty()
          ? ""
          : ", {name: istio-proxy, image: 'mcr.microsoft.com/oss/istio/proxyv2:" + tag + "'}";
  return "{apiVersion: v1, kind: Pod, metadata: {name: " + name + "-5d9c7b-x2k4, namespace: n, " +
         "labels: {pod-template-hash: 5d9c7b, " + labels + "}, annotations: {" +
         (revision.empty() ? "" : "istio.io/rev: " + revision + ", ") + annotations +
         "}, ownerReferences: [{controller: true, kind: ReplicaSet, apiVersion: apps/v1, name: " +
         name + "-5d9c7b}]}, spec: {containers: [{name: app, image: a}" + sidecar +
         "]}, status: {phase: Running}}\n---\n";
}

NamespaceInjection inventory_of(const std::string& yaml, kube::KindSet unseen = {}) {
  const auto model = live_model(mesh_of_two() + yaml, unseen);
  const mesh::Injectors injectors(*model);
  auto out = checks::InjectionInventory(*model, injectors).of("n");
  out.plain.webhooks.clear();  // they point into what ends here
  return out;
}

}  // namespace

TEST_CASE("inventory: a namespace without label belongs to nobody, and nothing in it restarts") {
  const auto one = inventory_of(namespace_of("n") + pod("a", "") + pod("b", ""));
  CHECK(one.plain.verdict == mesh::InjectionVerdict::not_injected);
  CHECK(one.outside == 2);
  CHECK(one.restart() == 0);
  // Nor a pod that asks for a revision by itself.
  const auto asks = inventory_of(
      namespace_of("n") + pod("a", "asm-1-28", "1.28.10", "istio.io/rev: asm-1-28") + pod("b", ""));
  CHECK(asks.injected == 1);
  CHECK(asks.restart() == 0);
}

TEST_CASE("inventory: what would come back otherwise") {
  const auto one = inventory_of(
      namespace_of("n", "istio.io/rev: prod") + pod("same", "asm-1-28", "1.28.10") +
      pod("old", "asm-1-28", "1.28.9") + pod("other", "asm-1-29", "1.29.6") + pod("none", "") +
      pod("none", "") + pod("out", "", "", "sidecar.istio.io/inject: 'false'") +
      pod("own", "asm-1-28", "mine", "", "sidecar.istio.io/proxyImage: x:mine") +
      pod("manual", "asm-1-28", "1.0", "", "sidecar.istio.io/inject: 'false'"));
  CHECK(one.revision_label == "prod");
  CHECK(one.plain.revision == "asm-1-28");
  CHECK(one.injected == 5);
  CHECK(one.outside == 3);
  REQUIRE(one.restarts.size() == 3);
  CHECK(one.restarts[0].reference() == "deployment/none");
  CHECK(one.restarts[0].renewal == Renewal::joins);
  CHECK(one.restarts[0].pods == 2);
  CHECK(one.restarts[0].can_restart());
  CHECK(one.restarts[1].renewal == Renewal::other_image);
  CHECK(one.restarts[2].renewal == Renewal::other_revision);
  CHECK(one.restart() == 4);
  CHECK(one.sidecars.at("asm-1-28") == 4);
  CHECK(one.sidecars.at("asm-1-29") == 1);
}

TEST_CASE("inventory: the template counts, not what injection added to its pods") {
  const auto deployment = [](const std::string& labels) {
    return "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a, namespace: n}, spec: "
           "{template: {metadata: {labels: {" +
           labels + "}}, spec: {}}}}\n---\n";
  };
  const auto running = pod("a", "asm-1-28", "1.28.10", "istio.io/rev: asm-1-28");
  const auto leaves = inventory_of(namespace_of("n") + deployment("") + running);
  REQUIRE(leaves.restarts.size() == 1);
  CHECK(leaves.restarts.front().renewal == Renewal::leaves);
  const auto stays =
      inventory_of(namespace_of("n") + deployment("istio.io/rev: asm-1-28") + running);
  CHECK(stays.restart() == 0);
}

TEST_CASE("inventory: labels may be supposed") {
  const auto model = live_model(mesh_of_two() + namespace_of("n", "istio.io/rev: asm-1-28") +
                                pod("a", "asm-1-28", "1.28.10"));
  const mesh::Injectors injectors(*model);
  checks::InjectionInventory inventory(*model, injectors);
  CHECK(inventory.of("n").restart() == 0);
  const auto moved = inventory.of("n", {{"istio.io/rev", "asm-1-29"}});
  CHECK(moved.plain.revision == "asm-1-29");
  CHECK(moved.restarts.at(0).renewal == Renewal::other_revision);
  const auto off = inventory.of("n", {});
  CHECK(off.restarts.at(0).renewal == Renewal::leaves);
}

TEST_CASE("inventory: what cannot be seen is not counted as well") {
  const auto running =
      namespace_of("n", "istio.io/rev: asm-1-28") + pod("a", "asm-1-28", "1.28.10");
  CHECK(inventory_of(running).restarts_known);
  const auto blind =
      live_model(injector_of("asm-1-28") + service_of("asm-1-28") + running, {Kind::config_map});
  const mesh::Injectors injectors(*blind);
  CHECK(!checks::InjectionInventory(*blind, injectors).of("n").restarts_known);
  const auto refused = inventory_of(namespace_of("n", "istio.io/rev: old") +
                                    injector_of("asm-1-27", "old") + pod("a", ""));
  CHECK(refused.plain.verdict == mesh::InjectionVerdict::refused);
  CHECK(refused.restart() == 0);
}

TEST_CASE("inventory: namespaces of applications, by name") {
  const auto model = live_model(mesh_of_two() + namespace_of("z") + namespace_of("kube-system") +
                                namespace_of("aks-istio-system") + namespace_of("a") +
                                namespace_of("gatekeeper-system", "istio.io/rev: asm-1-28"));
  const mesh::Injectors injectors(*model);
  CHECK(checks::InjectionInventory(*model, injectors).namespaces() ==
        std::vector<std::string>{"a", "gatekeeper-system", "z"});
}

}  // namespace aksmesh::test
