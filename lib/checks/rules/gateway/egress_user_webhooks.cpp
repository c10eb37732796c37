// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <set>
#include <vector>

#include "base/strings.hpp"
#include "checks/addon_gateways.hpp"
#include "mesh/label_selector.hpp"

namespace aksmesh::checks {
namespace {

using mesh::LabelMatch;
using mesh::LabelSet;
using mesh::match_labels;

// Configurations that the add-on and AKS make (istio-deploy-addon.md, istio-upgrade.md).
constexpr std::array<std::string_view, 5> kOwnConfigurations{
    "istio-sidecar-injector-*-aks-istio-system", "istio-revision-tag-*-aks-istio-system",
    "istio-validator-*-aks-istio-system", "azure-service-mesh-ccp-validating-webhook",
    "istiod-default-validator"};

struct Resource {
  std::string_view group{};
  std::string_view name{};
};
constexpr std::array<Resource, 3> kGatewayResources{
    {{"apps", "deployments"}, {"", "services"}, {"", "pods"}}};

/// The namespaces with egress gateways, as namespaceSelectors see them.
std::vector<LabelSet> egress_namespaces(const Facts& facts) {
  const EgressGateways gateways(facts);
  std::set<std::string_view> names;
  for (const auto* object : gateways.objects()) names.insert(object->name_space);
  if (facts.find(Kind::name_space, {}, kEgressNamespace) != nullptr) names.insert(kEgressNamespace);
  std::vector<LabelSet> found;
  for (const auto name : names) {
    const auto* object = facts.find(Kind::name_space, {}, name);
    found.push_back({.labels = object == nullptr ? Node{} : object->metadata()["labels"],
                     .sure_key = kNamespaceNameLabel,
                     .sure_value = name,
                     .complete = object != nullptr});
  }
  return found;
}

bool is_of_platform(const Object& configuration) {
  return configuration.label("kubernetes.azure.com/managedby").text() == "aks" ||
         std::any_of(kOwnConfigurations.begin(), kOwnConfigurations.end(),
                     [&](std::string_view own) { return wildcard_match(own, configuration.name); });
}

bool is_of_platform(const Node& webhook) {
  const auto server = webhook.at("clientConfig", "service", "namespace").text();
  return server == kSystemNamespace || server == kKubeSystemNamespace ||
         webhook["name"].text().ends_with(".azmk8s.io");
}

bool holds(const Node& list, std::initializer_list<std::string_view> any_of) {
  for (const auto item : list.items())
    if (std::find(any_of.begin(), any_of.end(), item.text()) != any_of.end()) return true;
  return false;
}

bool covers_gateways(const Node& rule) {
  if (rule["scope"].text() == "Cluster" || !holds(rule["operations"], {"CREATE", "UPDATE", "*"}))
    return false;
  return std::any_of(kGatewayResources.begin(), kGatewayResources.end(),
                     [&](const Resource& resource) {
                       return holds(rule["apiGroups"], {resource.group, "*"}) &&
                              holds(rule["resources"], {resource.name, "*", "*/*"});
                     });
}

bool may_block(const Node& webhook) {
  const auto policy = webhook["failurePolicy"];
  if (is_of_platform(webhook) || (policy && policy.text() != "Fail")) return false;
  for (const auto rule : webhook["rules"].items())
    if (covers_gateways(rule)) return true;
  return false;
}

LabelMatch selects_any(const Node& selector, const std::vector<LabelSet>& namespaces) {
  auto match = LabelMatch::no;
  for (const auto& name_space : namespaces) {
    const auto one = match_labels(selector, name_space);
    if (one == LabelMatch::yes) return one;
    if (one == LabelMatch::undecided) match = one;
  }
  return match;
}

void check_webhook(const Object& configuration, const Node& webhook,
                   const std::vector<LabelSet>& namespaces, Findings& out) {
  const auto selected = selects_any(webhook["namespaceSelector"], namespaces);
  if (selected == LabelMatch::no) return;
  const std::string name(webhook["name"].text());
  if (selected == LabelMatch::undecided)
    out.unknown(configuration, "webhook " + name +
                                   " selects namespaces by labels, and a Namespace with an egress "
                                   "gateway is not in the input");
  else if (webhook["objectSelector"].size() > 0 || webhook["matchConditions"].size() > 0)
    out.unknown(configuration, "webhook " + name +
                                   " has an objectSelector or matchConditions; whether they cover "
                                   "the objects of an egress gateway is not judged");
  else
    out.add(configuration, webhook["failurePolicy"] ? webhook["failurePolicy"] : webhook,
            "webhook {webhook} can block an egress gateway of the add-on: it refuses objects in "
            "its namespace "
            "when it fails",
            {{"webhook", name}});
}

void run(const Facts& facts, Findings& out) {
  const auto namespaces = egress_namespaces(facts);
  if (namespaces.empty()) return;
  for (const auto kind :
       {Kind::mutating_webhook_configuration, Kind::validating_webhook_configuration})
    for (const auto* configuration : facts.all(kind)) {
      if (is_of_platform(*configuration)) continue;
      for (const auto webhook : configuration->root["webhooks"].items())
        if (may_block(webhook)) check_webhook(*configuration, webhook, namespaces, out);
    }
}

bool has_egress(const Facts& facts) {
  return !egress_namespaces(facts).empty();
}

}  // namespace

extern const Check egress_user_webhooks;
constinit const Check egress_user_webhooks{
    .slug = "egress-user-webhooks",
    .reads = kEgressGatewayKinds | KindSet{Kind::name_space, Kind::mutating_webhook_configuration,
                                           Kind::validating_webhook_configuration},
    .run = run,
    .concerns = has_egress};

}  // namespace aksmesh::checks
