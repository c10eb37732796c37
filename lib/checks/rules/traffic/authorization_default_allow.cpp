// SPDX-License-Identifier: Apache-2.0
#include <map>

#include "base/strings.hpp"
#include "checks/check.hpp"
#include "checks/sidecars.hpp"
#include "mesh/authorization.hpp"

namespace aksmesh::checks {
namespace {

constexpr std::size_t kNamed = 5;

bool is_allow(const Object& policy) {
  return mesh::action_of(policy) == mesh::AuthorizationAction::allow;
}

/// True for workloads that others call, as far as their kind tells.
bool serves(const Object& pods) {
  return pods.kind != Kind::job && pods.kind != Kind::cron_job && !is_gateway_pod(pods);
}

/// The workloads of a namespace that no policy of `scopes` selects; Pods whose template is among
/// them are left out.
std::vector<std::string> open_workloads(const Facts& facts, std::string_view name_space,
                                        const mesh::PolicyScopes& scopes) {
  std::vector<std::string> names;
  mesh::SelectorIndex templates;
  const auto look = [&](const mesh::LabelIndex::Item& item) {
    const auto& object = *item.object;
    const bool pod = object.kind == Kind::pod;
    if (!serves(object) || has_sidecar(facts, object) != Meshed::yes ||
        !scopes.selecting(name_space, item.labels).empty() ||
        (pod && !templates.accepting(item.labels).empty()))
      return;
    if (!pod && !item.labels.empty()) templates.add(&object, item.labels);
    names.push_back(object_ref(object).text());
  };
  const auto& items = facts.pods(name_space).items();
  for (const auto& item : items)
    if (item.object->kind != Kind::pod) look(item);
  for (const auto& item : items)
    if (item.object->kind == Kind::pod) look(item);
  return names;
}

/// The first names, and how many more there are.
std::string short_list(std::vector<std::string> names) {
  const auto more = names.size() > kNamed ? names.size() - kNamed : 0;
  names.resize(names.size() - more);
  return join(names, ", ") + (more == 0 ? std::string{} : " and " + std::to_string(more) + " more");
}

void run(const Facts& facts, Findings& out) {
  std::vector<const Object*> allowing;
  std::map<std::string_view, const Object*> first;  // by namespace
  const auto root = facts.root_namespace();
  for (const auto* policy : facts.all(Kind::authorization_policy)) {
    if (!is_allow(*policy) || mesh::has_target(*policy) || mesh::is_dry_run(*policy)) continue;
    allowing.push_back(policy);
    if (policy->name_space != root) first.try_emplace(policy->name_space, policy);
  }
  const mesh::PolicyScopes scopes(allowing, root);
  for (const auto& [name_space, policy] : first) {
    const auto open = open_workloads(facts, name_space, scopes);
    if (!open.empty())
      out.add(*policy, policy->spec()["selector"],
              "no ALLOW policy selects {workloads}: everybody may call what no DENY policy forbids",
              {{"workloads", short_list(open)}});
  }
}

}  // namespace

extern const Check authorization_default_allow;
constinit const Check authorization_default_allow{
    .slug = "authorization-default-allow",
    .reads = kPodKinds | kMeshConfigKinds | KindSet{Kind::authorization_policy, Kind::name_space},
    .run = run};

}  // namespace aksmesh::checks
