// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <set>

#include "checks/pod_selectors.hpp"

namespace aksmesh::checks {
namespace {

constexpr std::array<Kind, 4> kPolicies{Kind::authorization_policy, Kind::request_authentication,
                                        Kind::telemetry, Kind::wasm_plugin};

/// The pods of gateways that Istio makes from Gateways of the Gateway API, by namespace.
using GatewayPods = std::unordered_map<std::string_view, mesh::LabelIndex>;

GatewayPods find_gateway_pods(const Facts& facts) {
  GatewayPods out;
  for (const auto& item : facts.pods().items())
    for (const auto& [key, value] : item.labels)
      if (key == kGatewayNameLabel) out[item.object->name_space].add(item.object, item.labels);
  return out;
}

/// True when only a Gateway that is not in the input could tell.
bool is_unknown(const Facts& facts, const Object& policy, const Node& labels) {
  return labels[kGatewayNameLabel] && !facts.covers(Kind::kube_gateway, policy.name_space);
}

/// Pods of generated gateways are seldom among manifests; a selector by the label that only those
/// have means the Gateway of that name.
std::string_view named_gateway(const Facts& facts, const Object& policy, const Node& labels) {
  const auto name = labels[kGatewayNameLabel];
  if (!name || facts.is_upstream()) return {};
  const auto* gateway = facts.find(Kind::kube_gateway, policy.name_space, name.text());
  return gateway == nullptr ? std::string_view{} : name.text();
}

void check(const Facts& facts, const GatewayPods& pods, const Object& policy, Findings& out) {
  const auto selector = policy.spec()["selector"];
  if (!is_given(selector) || is_given(policy.spec()["targetRef"])) return;
  const auto labels = selector["matchLabels"];
  const auto wanted = mesh::labels_of(labels);
  // For the add-on an empty selector is none: it means the namespace, not a gateway.
  if (wanted.empty() && !facts.is_upstream()) return;
  std::set<std::string_view> gateways;
  if (const auto found = pods.find(policy.name_space); found != pods.end())
    found->second.visit_matching(wanted, [&](const mesh::LabelIndex::Item& item) {
      for (const auto& [key, value] : item.labels)
        if (key == kGatewayNameLabel) gateways.insert(value);
      return true;
    });
  if (const auto name = named_gateway(facts, policy, labels); !name.empty()) gateways.insert(name);
  if (gateways.empty() && is_unknown(facts, policy, labels))
    out.unknown("IST0166", policy,
                "the input holds no Gateways of the Gateway API in namespace " +
                    std::string(policy.name_space) + "; the selector means the pods of one");
  for (const auto name : gateways) out.report("IST0166", policy, selector, {std::string(name)});
}

void run(const Facts& facts, Findings& out) {
  const auto pods = find_gateway_pods(facts);
  for (const auto kind : kPolicies)
    for (const auto* policy : facts.all(kind)) check(facts, pods, *policy, out);
}

constexpr std::array<std::string_view, 1> kCodes{"IST0166"};

}  // namespace

extern const Check k8sgateway_selector_analyzer;
constinit const Check k8sgateway_selector_analyzer{
    .slug = "k8sgateway-selector-analyzer",
    .reads = kPodKinds | KindSet{Kind::kube_gateway, Kind::authorization_policy,
                                 Kind::request_authentication, Kind::telemetry, Kind::wasm_plugin},
    .run = run,
    .codes = kCodes,
    .analyzer = "k8sgateway.SelectorAnalyzer"};

}  // namespace aksmesh::checks
