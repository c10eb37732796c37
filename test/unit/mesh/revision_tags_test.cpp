// SPDX-License-Identifier: Apache-2.0
#include "mesh/revision_tags.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "mesh/injection_webhooks.hpp"
#include "support/live_model.hpp"

namespace aksmesh::test {
namespace {

using kube::Kind;
using mesh::TagState;

TagState state_of(const std::string& yaml, kube::KindSet unseen = {}) {
  const auto model = live_model(yaml, unseen);
  const auto tags = mesh::revision_tags(*model);
  REQUIRE(tags.size() == 1);
  return tags.front().state;
}

}  // namespace

TEST_CASE("tags: listed with their namespaces, and what is wrong with them") {
  const auto sound =
      injector_of("asm-1-28") + injector_of("asm-1-28", "prod") + service_of("asm-1-28");
  const auto model = live_model(sound + namespace_of("b", "istio.io/rev: prod") +
                                namespace_of("a", "istio.io/rev: prod") +
                                namespace_of("c", "istio.io/rev: asm-1-28"));
  const auto tags = mesh::revision_tags(*model);
  REQUIRE(tags.size() == 1);  // a revision without a tag is none
  CHECK(tags.front().name == "prod");
  CHECK(tags.front().revision == "asm-1-28");
  CHECK(tags.front().namespaces == std::vector<std::string>{"a", "b"});
  CHECK(tags.front().state == TagState::ok);
  CHECK(state_of(injector_of("asm-1-27", "prod") + service_of("asm-1-28")) == TagState::stale);
  const auto no_service = injector_of("asm-1-28") + injector_of("asm-1-28", "prod");
  CHECK(state_of(no_service) == TagState::service_missing);
  CHECK(state_of(no_service, {Kind::service}) == TagState::unknown);
  auto other_ca = injector_of("asm-1-28", "prod");
  other_ca.replace(other_ca.find("Q0E="), 4, "T0xE");
  CHECK(state_of(injector_of("asm-1-28") + other_ca + service_of("asm-1-28")) ==
        TagState::ca_differs);
  auto twice = injector_of("asm-1-28", "prod");
  twice.replace(twice.find("istio-revision-tag-prod-aks-istio-system"), 40, "other");
  CHECK(state_of(sound + twice) == TagState::several);
}

TEST_CASE("tags: the configuration is that of the revision with the tag in its places") {
  auto text = injector_of("asm-1-28");
  const std::string label = "app: sidecar-injector";
  text.replace(text.find(label), label.size(),
               "app: sidecar-injector, admissions.enforcer/disabled: 'true', "
               "addonmanager.kubernetes.io/mode: Reconcile, operator.istio.io/component: Pilot, "
               "install.operator.istio.io/owning-resource: unknown, app.kubernetes.io/managed-by: "
               "Helm, release: istio");
  const auto model = live_model(text);
  const auto* of_revision = mesh::revision_configuration(*model, "asm-1-28");
  REQUIRE(of_revision != nullptr);
  const auto made = nlohmann::json::parse(mesh::tag_configuration(*of_revision, "prod"));
  CHECK(made["metadata"]["name"] == "istio-revision-tag-prod-aks-istio-system");
  CHECK(made["metadata"]["labels"] == nlohmann::json{{"app", "sidecar-injector"},
                                                     {"admissions.enforcer/disabled", "true"},
                                                     {"release", "istio"},
                                                     {"istio.io/tag", "prod"},
                                                     {"istio.io/rev", "asm-1-28"}});
  CHECK(!made["metadata"].contains("resourceVersion"));
  REQUIRE(made["webhooks"].size() == 2);
  const auto& first = made["webhooks"][0];
  CHECK(first["namespaceSelector"]["matchExpressions"][0]["values"] == nlohmann::json{"prod"});
  CHECK(first["namespaceSelector"]["matchExpressions"][1]["operator"] == "DoesNotExist");
  CHECK(first["clientConfig"]["service"]["name"] == "istiod-asm-1-28");
  CHECK(first["clientConfig"]["caBundle"] == "Q0E=");
  CHECK(made["webhooks"][1]["objectSelector"]["matchExpressions"][1]["values"] ==
        nlohmann::json{"prod"});
  // A tag's own configuration is no revision's.
  CHECK(mesh::revision_configuration(*live_model(injector_of("asm-1-28", "prod")), "asm-1-28") ==
        nullptr);
}

TEST_CASE("tags: webhooks of a default revision are not doubled") {
  const auto model = live_model(injector_of("asm-1-28") +
                                "apiVersion: admissionregistration.k8s.io/v1\nkind: "
                                "MutatingWebhookConfiguration\nmetadata: {name: d, labels: "
                                "{istio.io/rev: r}}\nwebhooks:\n- name: "
                                "namespace.sidecar-injector.istio.io\n  namespaceSelector: "
                                "{matchLabels: {istio-injection: enabled}}\n");
  const auto made = nlohmann::json::parse(
      mesh::tag_configuration(*mesh::revision_configuration(*model, "r"), "prod"));
  CHECK(made["webhooks"].empty());
}

TEST_CASE("tags: names") {
  CHECK(mesh::check_tag_name("prod-stable"));
  CHECK(mesh::check_tag_name(std::string(43, 'a')));
  for (const std::string name : {"", "default", "asm-1-30", "Prod", "a_b", "-a", "a-", "a.b"})
    CHECK_MESSAGE(!mesh::check_tag_name(name), name);
  CHECK(!mesh::check_tag_name(std::string(44, 'a')));
}

TEST_CASE("tags: an overlap is found whatever the configuration is called") {
  auto other = injector_of("asm-1-28", "prod");
  other.replace(other.find("istio-revision-tag-prod-aks-istio-system"), 40, "anything");
  const auto clash = live_model(injector_of("asm-1-28", "prod") + other);
  CHECK(!mesh::overlaps_of(
             mesh::find_injection_webhooks(clash->all(Kind::mutating_webhook_configuration)))
             .empty());
  const auto apart = live_model(injector_of("asm-1-28", "prod") + injector_of("asm-1-28"));
  CHECK(mesh::overlaps_of(
            mesh::find_injection_webhooks(apart->all(Kind::mutating_webhook_configuration)))
            .empty());
}

}  // namespace aksmesh::test
