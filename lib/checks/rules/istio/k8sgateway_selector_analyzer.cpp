// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "checks/check.hpp"

namespace aksmesh::checks {
namespace {

constexpr std::array<Kind, 4> kPolicyKinds{Kind::authorization_policy, Kind::request_authentication,
                                           Kind::telemetry, Kind::wasm_plugin};

/// The pods of gateways of the Gateway API by namespace; for the add-on also the Gateways, whose
/// pods manifests do not show.
using GatewayPods = std::unordered_map<std::string_view, mesh::LabelIndex>;

GatewayPods gateway_pods(const Facts& facts) {
  GatewayPods out;
  for (const auto& item : facts.pods().items()) {
    const auto metadata = mesh::pod_parts(*item.object).metadata;
    if (metadata.at("labels", kGatewayNameLabel))
      out[item.object->name_space].add(item.object, item.labels);
  }
  if (facts.is_upstream()) return out;
  for (const auto* gateway : facts.all(Kind::kube_gateway)) {
    if (gateway->spec()["gatewayClassName"].text() != kGatewayClass) continue;
    auto labels = mesh::labels_of(gateway->spec().at("infrastructure", "labels"));
    std::erase_if(labels, [](const auto& label) { return label.first == kGatewayNameLabel; });
    labels.emplace_back(kGatewayNameLabel, gateway->name);
    std::sort(labels.begin(), labels.end());
    out[gateway->name_space].add(gateway, std::move(labels));
  }
  return out;
}

std::string_view gateway_name(const mesh::Labels& labels) {
  const auto at = std::find_if(labels.begin(), labels.end(),
                               [](const auto& label) { return label.first == kGatewayNameLabel; });
  return at == labels.end() ? std::string_view{} : at->second;
}

void check_policy(const Facts& facts, const GatewayPods& gateways, const Object& policy,
                  Findings& out) {
  const auto selector = policy.spec()["selector"];
  if (!selector || selector.is_null() || policy.spec()["targetRef"]) return;
  const auto found = gateways.find(policy.name_space);
  if (found == gateways.end()) return;
  const auto wanted = mesh::labels_of(selector["matchLabels"]);
  // Without labels it is a policy of the whole namespace, which gateways do obey.
  if (wanted.empty() && !facts.is_upstream()) return;
  std::unordered_set<std::string_view> told;
  found->second.visit_matching(wanted, [&](const mesh::LabelIndex::Item& item) {
    const auto gateway = gateway_name(item.labels);
    if (told.insert(gateway).second)
      out.report("IST0166", policy, selector, {std::string(gateway)});
    return true;
  });
}

void run(const Facts& facts, Findings& out) {
  const auto gateways = gateway_pods(facts);
  for (const auto kind : kPolicyKinds)
    for (const auto* policy : facts.all(kind)) check_policy(facts, gateways, *policy, out);
}

constexpr std::array<std::string_view, 1> kCodes{"IST0166"};

}  // namespace

extern const Check k8sgateway_selector_analyzer;
constinit const Check k8sgateway_selector_analyzer{
    .slug = "k8sgateway-selector-analyzer",
    .reads = kPodKinds | KindSet{Kind::authorization_policy, Kind::request_authentication,
                                 Kind::telemetry, Kind::wasm_plugin, Kind::kube_gateway},
    .run = run,
    .codes = kCodes,
    .analyzer = "k8sgateway.SelectorAnalyzer"};

}  // namespace aksmesh::checks
