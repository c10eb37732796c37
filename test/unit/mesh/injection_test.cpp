// SPDX-License-Identifier: Apache-2.0
#include "mesh/injection.hpp"

#include <doctest/doctest.h>

#include "support/live_model.hpp"

namespace aksmesh::test {
namespace {

using kube::Kind;
using mesh::Injection;
using mesh::InjectionCause;
using mesh::InjectionVerdict;

/// Two revisions and a tag for the first, with all that stands behind them.
std::string mesh_of_two() {
  return injector_of("asm-1-28") + injector_of("asm-1-29") + injector_of("asm-1-28", "prod") +
         service_of("asm-1-28") + service_of("asm-1-29");
}

/// A pod named `p` in namespace `n`.
std::string pod(const std::string& labels = {}, const std::string& annotations = {},
                const std::string& spec = {}) {
  return "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: n, labels: {" + labels +
         "}, annotations: {" + annotations + "}}, spec: {" + spec + "}}\n---\n";
}

struct Answer {
  std::unique_ptr<mesh::Model> model;
  std::unique_ptr<mesh::Injectors> injectors;
  Injection injection;
};

Answer ask(const std::string& yaml, kube::KindSet unseen = {}) {
  Answer out{.model = live_model(yaml, unseen), .injectors = {}, .injection = {}};
  out.injectors = std::make_unique<mesh::Injectors>(*out.model);
  out.injection = out.injectors->judge(mesh::new_pod(*out.model, *out.model->all(Kind::pod).at(0)));
  return out;
}

/// In a mesh of two revisions: the cause, and the revision where there is one.
std::string told(const std::string& namespace_labels, const std::string& the_pod,
                 const std::string& more = {}) {
  const auto one =
      ask(mesh_of_two() + more + namespace_of("n", namespace_labels) + the_pod).injection;
  return std::string(word_of(one.cause)) + (one.revision.empty() ? "" : ' ' + one.revision) +
         (one.tag.empty() ? "" : ' ' + one.tag);
}

const std::string kFalse = "sidecar.istio.io/inject: 'false'";
const std::string kTrue = "sidecar.istio.io/inject: 'true'";

std::string settings(const std::string& config) {
  return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio-sidecar-injector-asm-1-28, "
         "namespace: aks-istio-system}\ndata:\n  config: |\n    " +
         config + "\n---\n";
}

}  // namespace

TEST_CASE("injection: the namespace's label names a revision or a tag") {
  CHECK(told("istio.io/rev: asm-1-29", pod()) == "namespace-label asm-1-29");
  CHECK(told("istio.io/rev: prod", pod()) == "namespace-label asm-1-28 prod");
  CHECK(told("istio.io/rev: asm-9-99", pod()) == "unknown-revision");
  CHECK(told("", pod()) == "namespace-unlabelled");
}

TEST_CASE("injection: istio-injection with any value switches everything off") {
  CHECK(told("istio-injection: enabled", pod()) == "no-default-revision");
  CHECK(told("istio-injection: disabled", pod(kTrue)) == "no-default-revision");
  CHECK(told("istio-injection: enabled, istio.io/rev: asm-1-28", pod()) == "injection-label");
  // Its going would not help where the revision is unknown.
  CHECK(told("istio-injection: enabled, istio.io/rev: asm-9-99", pod()) == "unknown-revision");
  CHECK(told("istio-injection: enabled", pod("istio.io/rev: asm-1-28")) == "injection-label");
}

TEST_CASE("injection: a pod's own revision counts only where its namespace names none") {
  CHECK(told("", pod("istio.io/rev: asm-1-28")) == "pod-revision-label asm-1-28");
  CHECK(told("", pod("istio.io/rev: prod")) == "pod-revision-label asm-1-28 prod");
  CHECK(told("istio.io/rev: asm-1-29", pod("istio.io/rev: asm-1-28")) ==
        "namespace-label asm-1-29");
  CHECK(told("", pod("istio.io/rev: asm-9-99")) == "pod-names-unknown-revision");
  const auto one = ask(mesh_of_two() + namespace_of("n", "istio.io/rev: asm-9-99") +
                       pod("istio.io/rev: asm-1-28"));
  CHECK(one.injection.reason.find("istio.io/rev=asm-1-28 does not count beside it") !=
        std::string::npos);
}

TEST_CASE("injection: the pod's label decides before its annotation, and words of neither") {
  const std::string rev = "istio.io/rev: asm-1-28";
  CHECK(told(rev, pod(kFalse)) == "pod-label");
  CHECK(told(rev, pod("", kFalse)) == "pod-annotation");
  CHECK(told(rev, pod(kTrue, kFalse)) == "namespace-label asm-1-28");
  CHECK(told(rev, pod(kFalse, kTrue)) == "pod-label");
  CHECK(told(rev, pod("sidecar.istio.io/inject: 'yes'", kFalse)) == "namespace-label asm-1-28");
  CHECK(told("", pod(kTrue)) == "pod-label-alone");
}

TEST_CASE("injection: the network of the node, and namespaces that Istio leaves alone") {
  const std::string rev = "istio.io/rev: asm-1-28";
  CHECK(told(rev, pod(kTrue, "", "hostNetwork: true")) == "host-network");
  const auto system =
      ask(mesh_of_two() + namespace_of("kube-public", rev) +
          "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: kube-public}, spec: {}}\n");
  CHECK(system.injection.cause == InjectionCause::ignored_namespace);
  CHECK(system.injection.verdict == InjectionVerdict::not_injected);
}

TEST_CASE("injection: the injector's ConfigMap has selectors and a policy") {
  const std::string rev = "istio.io/rev: asm-1-28";
  const auto with = [&](const std::string& config, const std::string& the_pod) {
    return told(rev, the_pod, settings(config));
  };
  const std::string never =
      "{policy: enabled, neverInjectSelector: [{matchLabels: {role: batch}}, {}]}";
  CHECK(with(never, pod("role: batch")) == "never-selector");
  CHECK(with(never, pod()) == "namespace-label asm-1-28");  // an empty selector counts for nothing
  CHECK(with(never, pod("role: batch, " + kTrue)) == "namespace-label asm-1-28");
  const std::string always =
      "{policy: disabled, alwaysInjectSelector: [{matchExpressions: [{key: role, operator: "
      "Exists}]}]}";
  CHECK(with(always, pod("role: web")) == "namespace-label asm-1-28");
  CHECK(with(always, pod()) == "policy-disabled");
  CHECK(with(always, pod(kTrue)) == "namespace-label asm-1-28");
  CHECK(with("{policy: 'off'}", pod(kTrue)) == "policy-disabled");
}

TEST_CASE("injection: what is taken as usual is said") {
  const auto blind = ask(mesh_of_two() + namespace_of("n", "istio.io/rev: asm-1-28") + pod());
  REQUIRE(blind.injection.assumed.size() == 1);
  CHECK(blind.injection.assumed.front().find("istio-sidecar-injector-asm-1-28 was not seen") !=
        std::string::npos);
  const auto seen = ask(mesh_of_two() + settings("policy: enabled") +
                        namespace_of("n", "istio.io/rev: asm-1-28") + pod());
  CHECK(seen.injection.assumed.empty());
}

TEST_CASE("injection: a webhook that fails closed refuses pods, whatever istiod would say") {
  const auto gone = injector_of("asm-1-27", "old") + service_of("asm-1-28");
  const auto labels = namespace_of("n", "istio.io/rev: old");
  const auto refused = ask(gone + labels + pod("", kFalse)).injection;
  CHECK(refused.verdict == InjectionVerdict::refused);
  CHECK(refused.cause == InjectionCause::service_missing);
  CHECK(refused.tag == "old");
  // Which the API server does not ask for a pod that its selector leaves out.
  CHECK(ask(gone + labels + pod(kFalse)).injection.verdict == InjectionVerdict::not_injected);
  auto open = gone;
  for (auto at = open.find("Fail\n"); at != std::string::npos; at = open.find("Fail\n"))
    open.replace(at, 4, "Ignore");
  const auto let_through = ask(open + labels + pod()).injection;
  CHECK(let_through.verdict == InjectionVerdict::not_injected);
  CHECK(let_through.cause == InjectionCause::service_missing);
  const auto unseen = ask(gone + labels + pod(), {Kind::service});
  CHECK(unseen.injection.verdict == InjectionVerdict::refused);  // the namespace has others
  const auto blind =
      ask(injector_of("asm-1-28") + namespace_of("n", "istio.io/rev: asm-1-28") + pod(),
          {Kind::service});
  CHECK(blind.injection.verdict == InjectionVerdict::injected);
  CHECK(blind.injection.assumed.front().find("was not seen") != std::string::npos);
}

TEST_CASE("injection: an istiod without ready pods refuses too") {
  const auto service =
      "{apiVersion: v1, kind: Service, metadata: {name: istiod-asm-1-28, namespace: "
      "aks-istio-system}, spec: {selector: {app: istiod, istio.io/rev: asm-1-28}}}\n---\n";
  const auto istiod = [](const std::string& ready) {
    return "{apiVersion: v1, kind: Pod, metadata: {name: i, namespace: aks-istio-system, labels: "
           "{app: istiod, istio.io/rev: asm-1-28}}, status: {conditions: [{type: Ready, status: '" +
           ready + "'}]}}\n---\n";
  };
  const auto with = [&](const std::string& more) {
    return ask(injector_of("asm-1-28") + service + namespace_of("n", "istio.io/rev: asm-1-28") +
               pod() + more)
        .injection.cause;
  };
  CHECK(with(istiod("True")) == InjectionCause::namespace_label);
  CHECK(with(istiod("False")) == InjectionCause::istiod_not_ready);
  CHECK(with("") == InjectionCause::istiod_not_ready);
}

TEST_CASE("injection: two webhooks that take one pod are told by name") {
  auto copy = injector_of("asm-1-28");
  copy.replace(copy.find("istio-sidecar-injector-asm-1-28-aks-istio-system"), 48, "copy");
  const auto labels = namespace_of("n", "istio.io/rev: asm-1-28");
  const auto one = ask(mesh_of_two() + copy + labels + pod()).injection;
  CHECK(one.verdict == InjectionVerdict::several);
  CHECK(one.reason.find("copy/rev.namespace.sidecar-injector.istio.io") != std::string::npos);
  // Both are asked, and both decline.
  CHECK(ask(mesh_of_two() + copy + labels + pod("", kFalse)).injection.cause ==
        InjectionCause::pod_annotation);
}

TEST_CASE("injection: selectors count as they are written, whatever their form") {
  auto by_labels = injector_of("asm-1-28");
  const std::string old =
      "{matchExpressions: [{key: istio.io/rev, operator: In, values: [asm-1-28]}, {key: "
      "istio-injection, operator: DoesNotExist}]}";
  by_labels.replace(by_labels.find(old), old.size(),
                    "{matchLabels: {istio.io/rev: asm-1-28, team: a}, matchExpressions: [{key: "
                    "kubernetes.io/metadata.name, operator: NotIn, values: [m]}]}");
  const auto with = [&](const std::string& labels) {
    return ask(by_labels + service_of("asm-1-28") + namespace_of("n", labels) + pod());
  };
  CHECK(with("istio.io/rev: asm-1-28, team: a").injection.revision == "asm-1-28");
  const auto other = with("istio.io/rev: asm-1-28, team: b");
  CHECK(other.injection.cause == InjectionCause::requirement);
  CHECK(other.injection.reason.find("namespace label team must be a and is b") !=
        std::string::npos);
  // One that the platform adds to webhooks of others.
  auto enforced = injector_of("asm-1-28");
  const std::string end = "{key: istio-injection, operator: DoesNotExist}]}";
  for (auto at = enforced.find(end); at != std::string::npos; at = enforced.find(end, at + 80))
    enforced.replace(at, end.size(),
                     "{key: istio-injection, operator: DoesNotExist}, {key: control-plane, "
                     "operator: DoesNotExist}]}");
  const auto kept_off = ask(enforced + service_of("asm-1-28") +
                            namespace_of("n", "istio.io/rev: asm-1-28, control-plane: x") + pod());
  CHECK(kept_off.injection.reason.find("label control-plane must not be there and is x") !=
        std::string::npos);
}

TEST_CASE("injection: rules that do not name new pods take none, and conditions are not guessed") {
  auto other_rules = injector_of("asm-1-28");
  for (auto at = other_rules.find("[CREATE]"); at != std::string::npos;
       at = other_rules.find("[CREATE]"))
    other_rules.replace(at, 8, "[UPDATE]");
  const auto labels = namespace_of("n", "istio.io/rev: asm-1-28");
  CHECK(ask(other_rules + service_of("asm-1-28") + labels + pod()).injection.verdict ==
        InjectionVerdict::not_injected);
  auto conditional = injector_of("asm-1-28");
  for (auto at = conditional.find("Fail\n"); at != std::string::npos;
       at = conditional.find("Fail\n", at + 60))
    conditional.replace(at, 5, "Fail\n  matchConditions: [{name: a, expression: 'false'}]\n");
  const auto unknown = ask(conditional + service_of("asm-1-28") + labels + pod()).injection;
  CHECK(unknown.verdict == InjectionVerdict::unknown);
  CHECK(unknown.cause == InjectionCause::match_conditions);
  // What istiod declines anyway is known all the same.
  CHECK(ask(conditional + service_of("asm-1-28") + labels + pod("", "", "hostNetwork: true"))
            .injection.cause == InjectionCause::host_network);
}

TEST_CASE("injection: what was not seen is unknown, not absent") {
  const auto blind = ask(namespace_of("n", "istio.io/rev: asm-1-28") + pod(),
                         {Kind::mutating_webhook_configuration});
  CHECK(blind.injection.cause == InjectionCause::webhooks_unseen);
  CHECK(blind.injection.verdict == InjectionVerdict::unknown);
  CHECK(ask(namespace_of("n") + pod()).injection.cause == InjectionCause::no_webhook);
  const auto nowhere = ask(mesh_of_two() + pod());
  CHECK(nowhere.injection.cause == InjectionCause::namespace_unseen);
  CHECK(nowhere.injection.verdict == InjectionVerdict::unknown);
  CHECK(ask(mesh_of_two() + pod(kFalse)).injection.cause == InjectionCause::pod_label);
}

TEST_CASE("injection: a template counts, and a default revision where there is one") {
  const auto deployment =
      "{apiVersion: apps/v1, kind: Deployment, metadata: {name: d, namespace: n, labels: {" +
      kFalse + "}}, spec: {template: {metadata: {labels: {app: d}}, spec: {}}}}\n---\n";
  const auto model =
      live_model(mesh_of_two() + namespace_of("n", "istio.io/rev: prod") + deployment);
  const mesh::Injectors injectors(*model);
  const auto& object = *model->all(Kind::deployment).front();
  CHECK(injectors.judge(mesh::new_pod(*model, object)).revision == "asm-1-28");
  CHECK(injectors.revisions() == std::vector<std::string>{"asm-1-28", "asm-1-29"});
  auto standard = injector_of("default");
  const std::string rev =
      "{key: istio.io/rev, operator: In, values: [default]}, {key: istio-injection, operator: "
      "DoesNotExist}";
  standard.replace(standard.find(rev), rev.size(),
                   "{key: istio-injection, operator: In, values: [enabled]}");
  const auto of_default =
      ask(standard + service_of("default") + namespace_of("n", "istio-injection: enabled") + pod());
  CHECK(of_default.injection.verdict == InjectionVerdict::injected);
  CHECK(of_default.injection.revision == "default");
}

}  // namespace aksmesh::test
