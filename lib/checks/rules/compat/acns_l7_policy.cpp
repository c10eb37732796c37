// SPDX-License-Identifier: Apache-2.0
#include "checks/check.hpp"

namespace aksmesh::checks {
namespace {

/// The layer-7 rules of one rule of a policy. Rules for `dns` belong to FQDN policies, which are
/// supported.
void collect_layer7(const Node& rule, std::vector<Node>& out) {
  for (const std::string_view direction : {"ingress", "egress"})
    for (const auto& peer : rule[direction].items())
      for (const auto& ports : peer["toPorts"].items())
        for (const std::string_view protocol : {"http", "kafka", "l7"})
          if (const auto list = ports.at("rules", protocol); list.is_sequence() && list.size() > 0)
            out.push_back(list);
}

std::vector<Node> layer7_rules(const Object& policy) {
  std::vector<Node> out;
  collect_layer7(policy.spec(), out);
  for (const auto& rule : policy.root["specs"].items()) collect_layer7(rule, out);
  return out;
}

void run(const Facts& facts, Findings& out) {
  for (const auto* policy : facts.all(Kind::cilium_network_policy)) {
    const auto rules = layer7_rules(*policy);
    if (rules.empty()) continue;
    const auto meshed = facts.meshed(policy->name_space);
    if (meshed == Meshed::unknown)
      out.unknown(*policy,
                  "its Namespace is not in the input, so nothing tells whether it is meshed");
    if (meshed != Meshed::yes) continue;
    for (const auto& rule : rules)
      out.add(*policy, rule,
              "{protocol} rules of Cilium in meshed namespace {namespace} are not supported "
              "together with Istio",
              {{"protocol", std::string(rule.key().text())},
               {"namespace", std::string(policy->name_space)}});
  }
  for (const auto* policy : facts.all(Kind::cilium_clusterwide_network_policy))
    if (!layer7_rules(*policy).empty())
      out.unknown(*policy,
                  "it has layer-7 rules for the whole cluster: compare its selectors with the "
                  "meshed namespaces");
}

}  // namespace

extern const Check acns_l7_policy;
constinit const Check acns_l7_policy{
    .slug = "acns-l7-policy",
    .reads = {Kind::cilium_network_policy, Kind::cilium_clusterwide_network_policy,
              Kind::name_space},
    .run = run};

}  // namespace aksmesh::checks
