// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <optional>

#include "checks/check.hpp"
#include "data/canonical.hpp"
#include "mesh/destination_rules.hpp"
#include "mesh/host_table.hpp"
#include "mesh/label_index.hpp"

namespace aksmesh::checks {
namespace {

/// Rules are merged when they agree on who uses them.
std::string audience(const Object& rule) {
  auto scopes = mesh::export_scopes(rule);
  std::sort(scopes.begin(), scopes.end());
  std::string text;
  for (const auto scope : scopes) text.append(scope).append(",");
  const auto selector = rule.spec()["workloadSelector"];
  if (selector) text += '/' + mesh::selector_text(mesh::labels_of(selector["matchLabels"]));
  return text;
}

/// What the rules of one host and audience set so far, and which of them.
struct Merged {
  const Object* policy = nullptr;
  std::map<std::string_view, const Object*> subsets{};
};

/// The part of a rule that another one sets too.
struct Conflict {
  Node place{};
  std::string what{};
  const Object* other = nullptr;
};

Node subset_of(const Object& rule, std::string_view name) {
  for (const auto subset : rule.spec()["subsets"].items())
    if (subset["name"].text() == name) return subset;
  return {};
}

std::optional<Conflict> merge(Merged& merged, const Object& rule) {
  std::optional<Conflict> conflict;
  const auto spec = rule.spec();
  for (const auto subset : spec["subsets"].items()) {
    const auto name = subset["name"];
    const auto [at, is_new] = merged.subsets.try_emplace(name.text(), &rule);
    if (!is_new && at->second != &rule && !conflict &&
        data::canonical(subset) != data::canonical(subset_of(*at->second, name.text())))
      conflict = Conflict{name, "subset " + std::string(name.text()), at->second};
  }
  if (const auto policy = spec["trafficPolicy"]) {
    if (merged.policy == nullptr)
      merged.policy = &rule;
    else if (data::canonical(policy) != data::canonical(merged.policy->spec()["trafficPolicy"]))
      conflict = Conflict{policy, "a trafficPolicy", merged.policy};
  }
  return conflict;
}

void run(const Facts& facts, Findings& out) {
  const mesh::DestinationRules rules(facts.all(Kind::destination_rule));
  for (const auto& group : rules.all()) {
    if (group.rules.size() < 2) continue;
    std::map<std::string, Merged> by_audience;
    for (const auto* rule : group.rules)
      if (const auto conflict = merge(by_audience[audience(*rule)], *rule))
        out.add(*rule, conflict->place,
                "DestinationRule {other} sets {what} for host {host} too; only that of the older "
                "rule is used",
                {{"other", full_name(*conflict->other)},
                 {"what", conflict->what},
                 {"host", group.host}});
  }
}

}  // namespace

extern const Check destination_rules_merged;
constinit const Check destination_rules_merged{
    .slug = "destination-rules-merged", .reads = {Kind::destination_rule}, .run = run};

}  // namespace aksmesh::checks
