// SPDX-License-Identifier: Apache-2.0
#include "mesh/authz_eval.hpp"

#include <algorithm>
#include <tuple>

#include "mesh/authz_rule.hpp"
#include "mesh/names.hpp"

namespace aksmesh::mesh {
namespace {

using kube::Object;

bool has_label(const Labels& labels, std::string_view name, std::string_view value) {
  return std::find(labels.begin(), labels.end(), Label(name, value)) != labels.end();
}

bool is_waypoint(const AuthzTarget& target) {
  return has_label(target.labels, names::kManagedLabel, names::kWaypointController);
}

/// Whether a reference is to the Gateway that a pod belongs to, or to the class of waypoints.
/// References to Services are for waypoints too, one Service at a time; no pod is called by them.
bool is_target(const data::Node& ref, const Object& policy, const AuthzTarget& target,
               std::string_view root_namespace) {
  if (ref["group"].text() != names::kGatewayApiGroup) return false;
  if (ref["kind"].text() == "GatewayClass")
    return is_waypoint(target) && policy.name_space == root_namespace &&
           ref["name"].text() == names::kWaypointGatewayClass;
  const auto place = ref["namespace"].text();
  return ref["kind"].text() == "Gateway" && policy.name_space == target.name_space &&
         (place.empty() || place == target.name_space) &&
         has_label(target.labels, names::kGatewayNameLabel, ref["name"].text());
}

bool targets(const Object& policy, const AuthzTarget& target, std::string_view root_namespace) {
  const auto is_it = [&](const data::Node& ref) {
    return is_target(ref, policy, target, root_namespace);
  };
  const auto spec = policy.spec();
  const auto refs = spec["targetRefs"].items();
  if (spec["targetRefs"].size() == 0) return spec["targetRef"] && is_it(spec["targetRef"]);
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

/// Whether a policy can change the verdict.
bool counts(const PolicyTrace& policy) {
  return !policy.dry_run && !policy.ignored && policy.action != AuthorizationAction::audit;
}

PolicyTrace trace_of(const Object& policy, const AuthzRequest& request, const AuthzMesh& mesh,
                     std::set<std::string>& missing) {
  PolicyTrace out{.policy = &policy,
                  .action = action_of(policy),
                  .dry_run = is_dry_run(policy),
                  .provider = std::string(policy.spec().at("provider", "name").text()),
                  .problem = problem_of(policy),
                  .matches = Truth::no};
  std::set<std::string> lacks;
  std::size_t number = 0;
  for (const auto rule : policy.spec()["rules"].items()) {
    out.rules.push_back(evaluate_rule(rule, number++, policy, request, mesh.trust_domains, lacks));
    out.matches = either(out.matches, out.rules.back().matches);
  }
  if (!out.problem.empty())
    out.matches = Truth::unknown;
  else if (out.matches == Truth::unknown && counts(out))
    missing.insert(lacks.begin(), lacks.end());
  return out;
}

/// What istiod makes of CUSTOM policies: it denies where there is nobody to ask, and where there
/// are several (which is on only with PILOT_ENABLE_MULTIPLE_CUSTOM_AUTHZ_PROVIDERS).
void look_at_providers(std::vector<PolicyTrace>& policies, const AuthzRequest& request,
                       const AuthzMesh& mesh) {
  std::set<std::string> asked;
  for (const auto& each : policies)
    if (each.action == AuthorizationAction::custom) asked.insert(each.provider);
  for (auto& each : policies) {
    if (each.action != AuthorizationAction::custom || !each.problem.empty()) continue;
    const auto found = mesh.providers.find(each.provider);
    const auto type = found == mesh.providers.end() ? std::string_view() : found->second;
    const bool is_http = type == "envoyExtAuthzHttp" || type == "envoy_ext_authz_http";
    const bool is_grpc = type == "envoyExtAuthzGrpc" || type == "envoy_ext_authz_grpc";
    if (asked.size() > 1)
      each.note = "istiod takes one provider for a workload, and others are named beside '" +
                  each.provider + '\'';
    else if (mesh.known && type.empty())
      each.note = "the mesh configuration has no provider '" + each.provider + '\'';
    else if (!type.empty() && !is_http && !is_grpc)
      each.note =
          "the provider '" + each.provider + "' authorizes nothing, it is an " + std::string(type);
    each.denies = !each.note.empty();
    if (each.denies || request.http || !is_http) continue;
    each.ignored = true;
    each.note = "without HTTP its provider cannot be asked, so istiod leaves it out";
  }
}

/// What all the enforced policies of one action come to.
struct Stage {
  Truth any = Truth::no;  ///< whether one is in force
  Truth matches = Truth::no;
  const PolicyTrace* first = nullptr;  ///< that matches, or may
};

template <class Which>
Stage stage_of(const std::vector<PolicyTrace>& policies, Which which) {
  Stage out;
  for (const auto& each : policies) {
    if (!counts(each) || !which(each)) continue;
    out.any = either(out.any, each.problem.empty() ? Truth::yes : Truth::unknown);
    const auto before = out.matches;
    out.matches = either(out.matches, each.matches);
    if (out.matches != before) out.first = &each;
  }
  return out;
}

Stage stage_of(const std::vector<PolicyTrace>& policies, AuthorizationAction action) {
  return stage_of(policies, [&](const PolicyTrace& each) { return each.action == action; });
}

class Decision {
 public:
  explicit Decision(AuthzAnswer& answer) : answer_(answer) {}

  void make() {
    const auto& policies = answer_.policies;
    // Where one of the bad ones surely matches, the others are not asked.
    const auto bad = stage_of(policies, [](const PolicyTrace& each) { return each.denies; });
    const auto custom = stage_of(policies, AuthorizationAction::custom);
    const auto deny = stage_of(policies, AuthorizationAction::deny);
    const auto allow = stage_of(policies, AuthorizationAction::allow);
    if (bad.matches == Truth::yes)
      return say(AuthzVerdict::denied, bad.first,
                 "CUSTOM policy " + text(bad) + " matches, and " + bad.first->note +
                     ", so such requests are denied");
    if (deny.matches == Truth::yes)
      return say(AuthzVerdict::denied, deny.first, "DENY policy " + text(deny) + " matches");
    if (allow.any == Truth::yes && allow.matches == Truth::no)
      return say(AuthzVerdict::denied, nullptr,
                 "ALLOW policies select the workload and none of them matches");
    if (tell_problem(allow.matches == Truth::yes)) return;
    if (custom.matches != Truth::no) return ask(custom);
    if (deny.matches == Truth::unknown)
      return say(AuthzVerdict::depends, deny.first,
                 "it is not known whether DENY policy " + text(deny) + " matches");
    if (allow.matches == Truth::unknown)
      return say(AuthzVerdict::depends, allow.first,
                 "it is not known whether ALLOW policy " + text(allow) + " matches");
    if (allow.any == Truth::yes)
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
  /// A policy that nobody can take as it stands may do anything; one that says that it allows
  /// changes nothing where another one allows.
  bool tell_problem(bool is_allowed) {
    for (const auto& each : answer_.policies) {
      const auto action = each.policy->spec()["action"].text();
      if (each.problem.empty() || !counts(each) ||
          (is_allowed && (action.empty() || action == "ALLOW")))
        continue;
      say(AuthzVerdict::depends, &each,
          "it is not known what policy " + name_of(*each.policy) + " does: " + each.problem);
      return true;
    }
    return false;
  }

  void ask(const Stage& custom) {
    const auto& first = *custom.first;
    say(AuthzVerdict::depends, &first,
        "CUSTOM policy " + text(custom) +
            (first.matches == Truth::yes ? " matches" : " may match") +
            (first.denies ? ", and " + first.note + ", so it would be denied"
                          : ": the provider '" + first.provider + "' decides"));
  }

  static std::string text(const Stage& stage) { return name_of(*stage.first->policy); }
  void say(AuthzVerdict verdict, const PolicyTrace* by, std::string because) {
    answer_.verdict = verdict;
    answer_.because = std::move(because);
    answer_.decided_by = by == nullptr ? nullptr : by->policy;
  }

  AuthzAnswer& answer_;
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

void AuthzAnswer::say(AuthzVerdict new_verdict, std::string why) {
  verdict = new_verdict;
  because = std::move(why);
  decided_by = nullptr;
  if (verdict != AuthzVerdict::depends) missing.clear();
}

std::vector<const Object*> policies_for(const std::vector<const Object*>& all,
                                        std::string_view root_namespace,
                                        const AuthzTarget& target) {
  const PolicyScopes scopes(all, root_namespace);
  auto out = is_waypoint(target) ? std::vector<const Object*>()
                                 : scopes.selecting(target.name_space, target.labels);
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
                     const AuthzMesh& mesh) {
  AuthzAnswer out;
  for (const auto* policy : policies)
    out.policies.push_back(trace_of(*policy, request, mesh, out.missing));
  look_at_providers(out.policies, request, mesh);
  Decision decision(out);
  decision.make();
  decision.tell_dry_runs();
  if (out.verdict != AuthzVerdict::depends) out.missing.clear();
  return out;
}

}  // namespace aksmesh::mesh
