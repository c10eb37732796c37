// SPDX-License-Identifier: Apache-2.0
#include "checks/mtls_view.hpp"

#include <doctest/doctest.h>

#include "support/fake_world.hpp"
#include "support/live_model.hpp"

namespace aksmesh::test {
namespace {

using checks::TlsFit;
using kube::Kind;

const std::string kWeb = R"(
{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {istio.io/rev: asm-1-28}}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: app, image: a, ports: [{containerPort: 8080, name: http}]}]}}}}
---
{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: http}]}}
---
)";

std::string pod(const std::string& name, const std::string& more) {
  return "{apiVersion: v1, kind: Pod, metadata: {name: " + name +
         ", namespace: shop, labels: {app: web}, ownerReferences: [{kind: ReplicaSet, apiVersion: "
         "apps/v1, name: web-5d9c7b}]}, spec: {containers: [{name: app, image: a}" +
         more + "]}, status: {phase: Running}}\n---\n";
}

std::string policy(const std::string& name_space, const std::string& spec) {
  return "{apiVersion: security.istio.io/v1, kind: PeerAuthentication, metadata: {name: p, "
         "namespace: " +
         name_space + "}, spec: " + spec + "}\n---\n";
}

std::string rule(const std::string& name_space, const std::string& mode,
                 const std::string& more = {}) {
  return "{apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: {name: r, "
         "namespace: " +
         name_space + "}, spec: {host: web.shop.svc.cluster.local, " + more +
         "trafficPolicy: {tls: {mode: " + mode + "}}}}\n---\n";
}

struct Seen {
  checks::Meshed sidecar = checks::Meshed::unknown;
  std::size_t without = 0;
  bool is_known = true;
  std::string scope{};
  mesh::MutualTls port_mode = mesh::MutualTls::permissive;
  std::vector<std::string> callers{};  ///< `auto mutual-tls`, `DISABLE refused in pay`
};

Seen see(const mesh::Model& model) {
  const checks::Facts facts(model, nullptr, checks::kMutualTlsKinds);
  const auto one = checks::MtlsView(facts, model).of(*model.find(Kind::deployment, "shop", "web"));
  Seen out{.sidecar = one.sidecar, .without = one.without, .is_known = one.is_known};
  REQUIRE(one.ports.size() == 1);
  const auto& port = one.ports.front();
  out.scope = checks::scope_of(port.accepts, facts.root_namespace());
  out.port_mode = port.accepts.mode;
  for (const auto& caller : port.callers)
    out.callers.push_back((caller.mode.empty() ? "auto" : std::string(caller.mode)) + ' ' +
                          std::string(checks::word_of(caller.fit)) +
                          (caller.callers_in.empty() ? "" : " in ") +
                          std::string(caller.callers_in) +
                          (caller.callers_with.empty() ? "" : " with " + caller.callers_with));
  return out;
}

Seen see(const std::string& yaml, kube::KindSet unseen = {}) {
  return see(*live_model(kWeb + yaml, unseen));
}

/// As a cluster of which only these namespaces were read.
Seen see_part(const std::string& yaml, const std::vector<std::string>& namespaces) {
  FakeWorld world;
  kube::LiveObjects live;
  for (int kind = 0; kind < static_cast<int>(Kind::count_); ++kind)
    for (const auto& name : namespaces) live.whole_in.emplace(static_cast<Kind>(kind), name);
  live.answers.push_back({.name = "objects",
                          .live = true,
                          .tree = data::read_documents(kWeb + yaml, data::Limits{}).tree});
  return see(mesh::Model(kube::read_manifests(world.files, {}, {}, std::move(live)), {}));
}

/// A rule for the Services of the namespace `shop`.
std::string wide_rule(const std::string& name_space, const std::string& mode,
                      const std::string& more = {}) {
  return "{apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: {name: wide, "
         "namespace: " +
         name_space + "}, spec: {host: '*.shop.svc.cluster.local', " + more +
         "trafficPolicy: {tls: {mode: " + mode + "}}}}\n---\n";
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("mtls: without objects it is permissive, and callers find out by themselves") {
  const auto one = see("");
  CHECK(one.sidecar == checks::Meshed::yes);
  CHECK(one.scope == "default");
  CHECK(one.callers == Texts{"auto mutual-tls"});
}

TEST_CASE("mtls: pods that run show whether there is a sidecar") {
  const auto mixed = see(pod("web-5d9c7b-a", "") + pod("web-5d9c7b-b", ", {name: istio-proxy}"));
  CHECK(mixed.sidecar == checks::Meshed::yes);
  CHECK(mixed.without == 1);
  const auto none = see(pod("web-5d9c7b-a", "") + policy("shop", "{mtls: {mode: STRICT}}"));
  CHECK(none.sidecar == checks::Meshed::no);
  CHECK(none.callers == Texts{"auto plain-text"});
}

TEST_CASE("mtls: the port's own setting counts, and where it comes from is told") {
  CHECK(see(policy("aks-istio-system", "{mtls: {mode: STRICT}}")).scope == "mesh");
  CHECK(see(policy("shop", "{mtls: {mode: STRICT}}")).scope == "namespace");
  CHECK(see(policy("shop", "{selector: {matchLabels: {app: web}}, mtls: {mode: STRICT}}")).scope ==
        "workload");
  const auto port = see(policy("shop",
                               "{selector: {matchLabels: {app: web}}, mtls: {mode: STRICT}, "
                               "portLevelMtls: {8080: {mode: DISABLE}}}"));
  CHECK(port.scope == "port");
  CHECK(port.port_mode == mesh::MutualTls::disable);
  CHECK(port.callers == Texts{"auto plain-text"});
}

TEST_CASE("mtls: a DestinationRule against what the workload demands") {
  const auto strict = policy("shop", "{mtls: {mode: STRICT}}");
  CHECK(see(strict + rule("shop", "DISABLE")).callers == Texts{"DISABLE refused"});
  CHECK(see(strict + rule("shop", "ISTIO_MUTUAL")).callers == Texts{"ISTIO_MUTUAL mutual-tls"});
  CHECK(see(rule("shop", "DISABLE")).callers == Texts{"DISABLE plain-text"});
  CHECK(see(strict + rule("shop", "SIMPLE")).callers == Texts{"SIMPLE refused"});
  CHECK(see(strict + rule("shop", "MUTUAL")).callers == Texts{"MUTUAL other-tls"});
  CHECK(see(pod("web-5d9c7b-a", "") + rule("shop", "ISTIO_MUTUAL")).callers ==
        Texts{"ISTIO_MUTUAL unanswered"});
}

TEST_CASE("mtls: a rule of another namespace, or one that is not exported, is for callers there") {
  const auto strict = policy("shop", "{mtls: {mode: STRICT}}");
  CHECK(see(strict + rule("pay", "DISABLE")).callers ==
        Texts{"auto mutual-tls", "DISABLE refused in pay"});
  CHECK(see(strict + rule("shop", "DISABLE", "exportTo: [.], ")).callers ==
        Texts{"auto mutual-tls", "DISABLE refused in shop"});
}

TEST_CASE("mtls: the rule of the Service's namespace keeps that of the root namespace out") {
  const auto strict = policy("shop", "{mtls: {mode: STRICT}}");
  const auto root = rule("aks-istio-system", "DISABLE");
  CHECK(see(strict + root).callers == Texts{"DISABLE refused"});
  CHECK(see(strict + root + rule("shop", "ISTIO_MUTUAL")).callers ==
        Texts{"ISTIO_MUTUAL mutual-tls"});
  // Also when it says nothing of TLS.
  const std::string quiet =
      "{apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: {name: q, namespace: "
      "NS}, spec: {host: web.shop.svc.cluster.local, trafficPolicy: {loadBalancer: {simple: "
      "RANDOM}}}}\n---\n";
  const auto quiet_in = [&](const std::string& name_space) {
    auto out = quiet;
    return out.replace(out.find("NS}"), 2, name_space);
  };
  CHECK(see(strict + root + quiet_in("shop")).callers == Texts{"auto mutual-tls"});
  CHECK(see(strict + root + quiet_in("pay")).callers ==
        Texts{"DISABLE refused", "auto mutual-tls in pay"});
  // One that others do not see leaves it to them.
  CHECK(see(strict + root + rule("shop", "ISTIO_MUTUAL", "exportTo: [.], ")).callers ==
        Texts{"ISTIO_MUTUAL mutual-tls in shop", "DISABLE refused"});
}

TEST_CASE("mtls: exportTo and workloadSelector tell whose callers a rule is for") {
  const auto strict = policy("shop", "{mtls: {mode: STRICT}}");
  CHECK(see(strict + rule("shop", "DISABLE", "exportTo: [pay, cart], ")).callers ==
        Texts{"auto mutual-tls", "DISABLE refused in cart", "DISABLE refused in pay"});
  const std::string own_by_default =
      "{apiVersion: v1, kind: ConfigMap, metadata: {name: istio-shared-configmap-asm-1-28, "
      "namespace: aks-istio-system}, data: {mesh: 'defaultDestinationRuleExportTo: "
      "[\".\"]'}}\n---\n";
  CHECK(see(strict + own_by_default + rule("shop", "DISABLE")).callers ==
        Texts{"auto mutual-tls", "DISABLE refused in shop"});
  CHECK(see(strict + own_by_default + rule("shop", "DISABLE", "exportTo: ['*'], ")).callers ==
        Texts{"DISABLE refused"});
  CHECK(see(strict + rule("pay", "DISABLE", "exportTo: [cart], ")).callers ==
        Texts{"auto mutual-tls"});
  CHECK(see(strict + rule("shop", "DISABLE", "exportTo: ['*'], ")).callers ==
        Texts{"DISABLE refused"});
  CHECK(see(strict + rule("shop", "DISABLE", "workloadSelector: {matchLabels: {app: x}}, "))
            .callers == Texts{"auto mutual-tls", "DISABLE refused in shop with app=x"});
}

TEST_CASE("mtls: a nearer rule that does not reach callers leaves them a wider one") {
  const auto strict = policy("shop", "{mtls: {mode: STRICT}}");
  const auto own = rule("shop", "ISTIO_MUTUAL", "exportTo: [.], ");
  CHECK(see(strict + own + wide_rule("shop", "DISABLE")).callers ==
        Texts{"ISTIO_MUTUAL mutual-tls in shop", "DISABLE refused"});
  // One for others leaves it to the callers beside it.
  CHECK(
      see(strict + rule("shop", "ISTIO_MUTUAL", "exportTo: [pay], ") + wide_rule("shop", "DISABLE"))
          .callers ==
      Texts{"auto mutual-tls", "DISABLE refused in shop", "ISTIO_MUTUAL mutual-tls in pay"});
  // Of those for others only the nearest one counts, also for those that it does not name.
  CHECK(see(strict + rule("shop", "ISTIO_MUTUAL", "exportTo: [pay], ") +
            wide_rule("shop", "DISABLE", "exportTo: [cart], "))
            .callers == Texts{"auto mutual-tls", "ISTIO_MUTUAL mutual-tls in pay"});
  CHECK(see(strict + rule("shop", "ISTIO_MUTUAL", "exportTo: [pay], ") +
            rule("aks-istio-system", "DISABLE"))
            .callers == Texts{"ISTIO_MUTUAL mutual-tls in pay", "DISABLE refused"});
  // In a caller's namespace as in that of the Service.
  CHECK(
      see(strict + rule("pay", "ISTIO_MUTUAL", "exportTo: [cart], ") + wide_rule("pay", "DISABLE"))
          .callers == Texts{"auto mutual-tls", "DISABLE refused in pay"});
}

TEST_CASE("mtls: a nearer rule that says nothing keeps a wider one from its callers alone") {
  const auto strict = policy("shop", "{mtls: {mode: STRICT}}");
  const std::string quiet =
      "{apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: {name: q, namespace: "
      "shop}, spec: {host: web.shop.svc.cluster.local, exportTo: [.], trafficPolicy: "
      "{loadBalancer: {simple: RANDOM}}}}\n---\n";
  CHECK(see(strict + quiet + wide_rule("shop", "DISABLE")).callers ==
        Texts{"DISABLE refused", "auto mutual-tls in shop"});
  // So does one for other workloads.
  CHECK(see(strict + rule("shop", "DISABLE", "workloadSelector: {matchLabels: {app: x}}, ") +
            wide_rule("shop", "DISABLE"))
            .callers ==
        Texts{"DISABLE refused in shop with app=x", "DISABLE refused", "auto mutual-tls in shop"});
}

TEST_CASE("mtls: callers in the root namespace take its own rules before the Service's") {
  const auto strict = policy("shop", "{mtls: {mode: STRICT}}");
  const auto service = rule("shop", "ISTIO_MUTUAL");
  CHECK(see(strict + service + rule("aks-istio-system", "DISABLE", "exportTo: [.], ")).callers ==
        Texts{"ISTIO_MUTUAL mutual-tls", "DISABLE refused in aks-istio-system"});
  CHECK(see(strict + service + rule("aks-istio-system", "DISABLE")).callers ==
        Texts{"ISTIO_MUTUAL mutual-tls"});
}

TEST_CASE("mtls: a workloadSelector goes before exportTo, and ~ is nobody") {
  const auto strict = policy("shop", "{mtls: {mode: STRICT}}");
  const std::string selected = "workloadSelector: {matchLabels: {app: x}}, ";
  CHECK(see(strict + rule("shop", "DISABLE", selected + "exportTo: [pay], ")).callers ==
        Texts{"auto mutual-tls", "DISABLE refused in shop with app=x"});
  CHECK(see(strict + rule("pay", "DISABLE", selected + "exportTo: [cart], ")).callers ==
        Texts{"auto mutual-tls", "DISABLE refused in pay with app=x"});
  CHECK(see(strict + rule("shop", "DISABLE", "exportTo: ['~'], ")).callers ==
        Texts{"auto mutual-tls"});
  CHECK(see(strict + rule("pay", "DISABLE", "exportTo: ['~'], ")).callers ==
        Texts{"auto mutual-tls"});
}

TEST_CASE("mtls: where rules of callers' namespaces were not read theirs are not known") {
  const std::vector<std::string> read{"shop", "aks-istio-system"};
  CHECK(see_part("", read).callers == Texts{"auto unknown"});
  CHECK(see_part(rule("shop", "DISABLE", "exportTo: [.], "), read).callers ==
        Texts{"auto unknown", "DISABLE plain-text in shop"});
  // Those of a namespace that was read look no further than its rules.
  const std::string quiet =
      "{apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: {name: q, namespace: "
      "shop}, spec: {host: web.shop.svc.cluster.local, exportTo: [.], trafficPolicy: "
      "{loadBalancer: {simple: RANDOM}}}}\n---\n";
  CHECK(see_part(quiet + rule("aks-istio-system", "DISABLE"), read).callers ==
        Texts{"DISABLE plain-text", "auto mutual-tls in shop"});
}

TEST_CASE("mtls: of two policies for one host that of the older rule counts") {
  auto older = rule("shop", "DISABLE");
  older.replace(older.find("name: r"), 7, "name: old, creationTimestamp: '2026-01-01T00:00:00Z'");
  auto newer = rule("shop", "ISTIO_MUTUAL");
  newer.replace(newer.find("name: r"), 7, "name: new, creationTimestamp: '2026-02-01T00:00:00Z'");
  CHECK(see(newer + older).callers == Texts{"DISABLE plain-text"});
}

TEST_CASE("mtls: what could not be read leaves nothing known") {
  const auto blind = see(rule("shop", "DISABLE"), {Kind::peer_authentication});
  CHECK_FALSE(blind.is_known);
  CHECK(blind.callers == Texts{"DISABLE unknown"});
  const auto half = see("", {Kind::destination_rule});
  CHECK(half.is_known);
  CHECK(half.callers == Texts{"auto unknown"});
}

TEST_CASE("mtls: without auto mutual TLS callers send plain text") {
  const auto off =
      "{apiVersion: v1, kind: ConfigMap, metadata: {name: istio-shared-configmap-asm-1-28, "
      "namespace: aks-istio-system}, data: {mesh: 'enableAutoMtls: false'}}\n---\n";
  CHECK(see(off + policy("shop", "{mtls: {mode: STRICT}}")).callers == Texts{"auto refused"});
}

}  // namespace aksmesh::test
