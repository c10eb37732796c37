// SPDX-License-Identifier: Apache-2.0
#include "checks/check.hpp"
#include "checks/traffic_policies.hpp"
#include "mesh/destination_rules.hpp"

namespace aksmesh::checks {
namespace {

/// The first rule of a group that is for every workload and has a trafficPolicy.
const Object* rule_with_policy(const mesh::HostRules& group) {
  for (const auto* rule : group.rules)
    if (!rule->spec()["workloadSelector"] && rule->spec()["trafficPolicy"]) return rule;
  return nullptr;
}

void run(const Facts& facts, Findings& out) {
  const mesh::DestinationRules rules(facts.all(Kind::destination_rule));
  for (const auto& group : rules.all()) {
    if (group.only_selected()) continue;
    const auto* general = rules.more_general(group.name_space, group.host);
    const auto* wide = general == nullptr ? nullptr : rule_with_policy(*general);
    if (wide == nullptr) continue;
    const auto* own = rule_with_policy(group);
    const auto& rule = own != nullptr ? *own : *group.rules.front();
    const auto lost = fields_missing(wide->spec()["trafficPolicy"],
                                     own == nullptr ? Node{} : own->spec()["trafficPolicy"]);
    if (!lost.empty())
      out.add(rule, rule.spec()["host"],
              "{fields} of DestinationRule {other} ({host}) do not apply here: the rule for the "
              "more specific host is used alone",
              {{"fields", list_text(lost)}, {"other", full_name(*wide)}, {"host", general->host}});
  }
}

}  // namespace

extern const Check destination_rule_hides_policy;
constinit const Check destination_rule_hides_policy{
    .slug = "destination-rule-hides-policy", .reads = {Kind::destination_rule}, .run = run};

}  // namespace aksmesh::checks
