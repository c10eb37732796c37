// SPDX-License-Identifier: Apache-2.0
#include "mesh/authz_eval.hpp"

#include <algorithm>
#include <tuple>

#include "mesh/authz_rule.hpp"
#include "mesh/names.hpp"

namespace aksmesh::mesh {
namespace {

using kube::Object;

/// Whether it names the Gateway that a pod belongs to.
bool targets(const Object& policy, const AuthzTarget& target, std::string_view root_namespace) {
  const auto label =
      std::find_if(target.labels.begin(), target.labels.end(),
                   [](const Label& each) { return each.first == names::kGatewayNameLabel; });
  if (label == target.labels.end()) return false;
  const auto is_it = [&](const data::Node& ref) {
    if (ref["kind"].text() == "GatewayClass") return policy.name_space == root_namespace;
    return ref["kind"].text() == "Gateway" && ref["name"].text() == label->second &&
           policy.name_space == target.name_space;
  };
  const auto spec = policy.spec();
  if (spec["targetRef"] && is_it(spec["targetRef"])) return true;
  const auto refs = spec["targetRefs"].items();
  return std::any_of(refs.begin(), refs.end(), is_it);
}

int rank(AuthorizationAction action) {
  switch (action) {
    case AuthorizationAction::custom: return 0;
    case AuthorizationAction::deny: return 1;
    case AuthorizationAction::allow: return 2;
    case AuthorizationAction::audit: break;
  }
  return 3;
}

std::string name_of(const Object& policy) {
  return std::string(policy.name_space) + '/' + std::string(policy.name);
}

PolicyTrace trace_of(const Object& policy, const AuthzRequest& request,
                     std::set<std::string>& missing) {
  PolicyTrace out{.policy = &policy,
                  .action = action_of(policy),
                  .dry_run = is_dry_run(policy),
                  .provider = std::string(policy.spec().at("provider", "name").text()),
                  .matches = Truth::no};
  std::set<std::string> lacks;
  std::size_t number = 0;
  for (const auto rule : policy.spec()["rules"].items()) {
    out.rules.push_back(evaluate_rule(rule, number++, policy, request, lacks));
    out.matches = either(out.matches, out.rules.back().matches);
  }
  if (out.matches == Truth::unknown && !out.dry_run && out.action != AuthorizationAction::audit)
    missing.insert(lacks.begin(), lacks.end());
  return out;
}

/// What all the enforced policies of one action come to.
struct Stage {
  bool any = false;
  Truth matches = Truth::no;
  const PolicyTrace* first = nullptr;  ///< that matches, or may
};

Stage stage_of(const std::vector<PolicyTrace>& policies, AuthorizationAction action) {
  Stage out;
  for (const auto& each : policies) {
    if (each.action != action || each.dry_run) continue;
    out.any = true;
    const auto before = out.matches;
    out.matches = either(out.matches, each.matches);
    if (out.matches != before) out.first = &each;
  }
  return out;
}

class Decision {
 public:
  Decision(AuthzAnswer& answer, const std::set<std::string, std::less<>>* providers)
      : answer_(answer), providers_(providers) {}

  void make() {
    const auto custom = stage_of(answer_.policies, AuthorizationAction::custom);
    const auto deny = stage_of(answer_.policies, AuthorizationAction::deny);
    const auto allow = stage_of(answer_.policies, AuthorizationAction::allow);
    const bool broken =
        custom.matches != Truth::no && providers_ != nullptr && !is_provider(*custom.first);
    if (broken && custom.matches == Truth::yes)
      return say(AuthzVerdict::denied, custom.first,
                 "CUSTOM policy " + text(custom) +
                     " matches, and the mesh configuration has no "
                     "provider '" +
                     custom.first->provider + "', so such requests are denied");
    if (deny.matches == Truth::yes)
      return say(AuthzVerdict::denied, deny.first, "DENY policy " + text(deny) + " matches");
    if (allow.any && allow.matches == Truth::no)
      return say(AuthzVerdict::denied, nullptr,
                 "ALLOW policies select the workload and none of them matches");
    if (custom.matches != Truth::no) {
      say(AuthzVerdict::depends, custom.first,
          "CUSTOM policy " + text(custom) +
              (custom.matches == Truth::yes ? " matches" : " may match") +
              (broken ? ", and the mesh configuration has no provider '" + custom.first->provider +
                            "', so it would be denied"
                      : ": the provider '" + custom.first->provider + "' decides"));
      return;
    }
    if (deny.matches == Truth::unknown)
      return say(AuthzVerdict::depends, deny.first,
                 "it is not known whether DENY policy " + text(deny) + " matches");
    if (allow.matches == Truth::unknown)
      return say(AuthzVerdict::depends, allow.first,
                 "it is not known whether ALLOW policy " + text(allow) + " matches");
    if (allow.any)
      return say(AuthzVerdict::allowed, allow.first, "ALLOW policy " + text(allow) + " matches");
    say(AuthzVerdict::allowed, nullptr, "no ALLOW policy selects the workload, and nothing denies");
  }

  /// What would be if those that are only tried were enforced.
  void tell_dry_runs() {
    for (const auto& each : answer_.policies) {
      if (!each.dry_run) continue;
      const bool allows = each.action == AuthorizationAction::allow;
      const auto how = each.matches == Truth::unknown ? " might "
                       : each.matches == Truth::yes   ? " would "
                       : allows                       ? " would not "
                                                      : "";
      if (how[0] != '\0')
        answer_.would_be.push_back("dry-run policy " + name_of(*each.policy) + how +
                                   (allows ? "allow" : "deny") + " the request");
    }
  }

 private:
  [[nodiscard]] bool is_provider(const PolicyTrace& policy) const {
    return providers_->contains(policy.provider);
  }
  static std::string text(const Stage& stage) { return name_of(*stage.first->policy); }
  void say(AuthzVerdict verdict, const PolicyTrace* by, std::string because) {
    answer_.verdict = verdict;
    answer_.because = std::move(because);
    answer_.decided_by = by == nullptr ? nullptr : by->policy;
  }

  AuthzAnswer& answer_;
  const std::set<std::string, std::less<>>* providers_;
};

}  // namespace

std::string_view word_of(AuthzVerdict verdict) {
  if (verdict == AuthzVerdict::depends) return "depends";
  return verdict == AuthzVerdict::allowed ? "allowed" : "denied";
}

std::string_view word_of(AuthorizationAction action) {
  switch (action) {
    case AuthorizationAction::deny: return "DENY";
    case AuthorizationAction::audit: return "AUDIT";
    case AuthorizationAction::custom: return "CUSTOM";
    case AuthorizationAction::allow: break;
  }
  return "ALLOW";
}

std::vector<const Object*> policies_for(const std::vector<const Object*>& all,
                                        std::string_view root_namespace,
                                        const AuthzTarget& target) {
  const PolicyScopes scopes(all, root_namespace);
  auto out = scopes.selecting(target.name_space, target.labels);
  for (const auto* policy : all)
    if (has_target(*policy) && targets(*policy, target, root_namespace)) out.push_back(policy);
  // An object with a revision label is for the istiods of that revision alone.
  std::erase_if(out, [&](const Object* policy) {
    const auto revision = policy->label(names::kRevisionLabel).text();
    return !revision.empty() && !target.revision.empty() && revision != target.revision;
  });
  std::sort(out.begin(), out.end(), [](const Object* a, const Object* b) {
    return std::tuple(rank(action_of(*a)), a->name_space, a->name) <
           std::tuple(rank(action_of(*b)), b->name_space, b->name);
  });
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

AuthzAnswer evaluate(const std::vector<const Object*>& policies, const AuthzRequest& request,
                     const std::set<std::string, std::less<>>* providers) {
  AuthzAnswer out;
  for (const auto* policy : policies)
    out.policies.push_back(trace_of(*policy, request, out.missing));
  Decision decision(out, providers);
  decision.make();
  decision.tell_dry_runs();
  if (out.verdict != AuthzVerdict::depends) out.missing.clear();
  return out;
}

}  // namespace aksmesh::mesh
