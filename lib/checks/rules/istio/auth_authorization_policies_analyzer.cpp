// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>

#include "base/strings.hpp"
#include "checks/check.hpp"
#include "checks/injection.hpp"
#include "checks/proxies.hpp"
#include "mesh/namespaces.hpp"

namespace aksmesh::checks {
namespace {

/// Whether a policy can hold for pods: their proxy, or the node's in ambient mode, obeys it.
Meshed obeys_policies(const Facts& facts, const Object& pods) {
  if (mesh::IstioView::is_ambient_pod(pods)) return Meshed::yes;
  // Gateways are proxies from the start, whatever their namespace says.
  const bool is_gateway =
      is_addon_namespace(pods.name_space) || is_gateway_part(mesh::pod_parts(pods).metadata);
  return is_gateway && !facts.is_upstream() ? Meshed::yes : mesh_membership(facts, pods);
}

/// Pods by what is known of their being in the mesh.
class Workloads {
 public:
  explicit Workloads(const Facts& facts) {
    for (const auto& item : facts.pods().items()) {
      const auto meshed = obeys_policies(facts, *item.object);
      if (meshed == Meshed::no) continue;
      auto& group = meshed == Meshed::yes ? sure_ : open_;
      group.all.add(item.object, item.labels);
      group.by_namespace[item.object->name_space].add(item.object, item.labels);
    }
  }

  /// Whether the labels select a pod of the mesh in a namespace, or anywhere.
  [[nodiscard]] Meshed select(std::optional<std::string_view> name_space,
                              const mesh::Labels& wanted) const {
    if (sure_.any_matches(name_space, wanted)) return Meshed::yes;
    return open_.any_matches(name_space, wanted) ? Meshed::unknown : Meshed::no;
  }

 private:
  struct Group {
    mesh::LabelIndex all{};
    std::unordered_map<std::string_view, mesh::LabelIndex> by_namespace{};
    [[nodiscard]] bool any_matches(std::optional<std::string_view> name_space,
                                   const mesh::Labels& wanted) const {
      if (!name_space) return all.any_matches(wanted);
      const auto found = by_namespace.find(*name_space);
      return found != by_namespace.end() && found->second.any_matches(wanted);
    }
  };
  Group sure_;
  Group open_;  ///< their Namespace is not in the input
};

/// True when the input holds pods other than those that are put under it.
bool covers_pods_of_mesh(const Facts& facts) {
  const auto& items = facts.pods().items();
  return std::any_of(items.begin(), items.end(), [](const mesh::LabelIndex::Item& item) {
    return !is_addon_namespace(item.object->name_space);
  });
}

void check_selector(const Facts& facts, const Workloads& workloads, const Object& policy,
                    Findings& out) {
  const auto selector = policy.spec()["selector"];
  const bool selects = selector && !selector.is_null();
  const bool of_mesh = policy.name_space == facts.root_namespace();
  if (of_mesh && !selects) return;
  // A policy for a gateway or a service of the Gateway API looks at no pods; istioctl takes it for
  // one of the namespace.
  const auto targets = policy.spec()["targetRefs"].size() > 0 || policy.spec()["targetRef"];
  if (targets && !facts.is_upstream()) return;
  if (!facts.is_upstream() &&
      are_of_generated_gateway(facts, policy.name_space, selector["matchLabels"]))
    return;
  const auto wanted = mesh::labels_of(selector["matchLabels"]);
  const auto scope = of_mesh ? std::optional<std::string_view>{} : std::optional(policy.name_space);
  const auto found = workloads.select(scope, wanted);
  if (found == Meshed::yes) return;
  if (found == Meshed::unknown) return out.unknown("IST0127", policy, kNamespaceUnknown);
  const bool covered = facts.is_upstream() || (of_mesh ? covers_pods_of_mesh(facts)
                                                       : facts.covers_pods(policy.name_space));
  if (!covered)
    return out.unknown("IST0127", policy, "the input holds no workloads that it could apply to");
  out.report("IST0127", policy, selects ? selector : policy.metadata()["name"],
             {mesh::selector_text(wanted)});
}

/// The names of namespaces, and whether a value of a policy's source names one.
class Namespaces {
 public:
  explicit Namespaces(const Facts& facts) : facts_(facts) {
    for (const auto* name_space : facts.all(Kind::name_space)) add(name_space->name);
    if (facts.is_upstream()) return;
    // What an object lives in is there as well.
    for (const auto& item : facts.pods().items()) add(item.object->name_space);
    for (const auto* policy : facts.all(Kind::authorization_policy)) add(policy->name_space);
  }

  [[nodiscard]] bool has(std::string_view value) {
    const auto [known, is_new] = answers_.try_emplace(value);
    if (is_new) known->second = look_for(value);
    return known->second;
  }

 private:
  void add(std::string_view name) { names_.insert(to_lower(name)); }

  [[nodiscard]] bool look_for(std::string_view value) const {
    if (value == "*") return !names_.empty();
    if (!facts_.is_upstream() && mesh::surely_exists(value)) return true;
    const auto any = [&](auto fits) { return std::any_of(names_.begin(), names_.end(), fits); };
    if (value.starts_with('*'))
      return any([&](const std::string& name) { return name.ends_with(value.substr(1)); });
    if (value.ends_with('*')) {
      const auto prefix = value.substr(0, value.size() - 1);
      return any([&](const std::string& name) { return name.starts_with(prefix); });
    }
    return names_.contains(to_lower(value));
  }

  const Facts& facts_;
  std::set<std::string> names_;
  std::unordered_map<std::string_view, bool> answers_;
};

void check_sources(const Facts& facts, Namespaces& namespaces, const Object& policy,
                   Findings& out) {
  const bool covered = facts.covers(Kind::name_space, {});
  for (const auto rule : policy.spec()["rules"].items())
    for (const auto from : rule["from"].items())
      for (const std::string_view list : {"namespaces", "notNamespaces"})
        for (const auto value : from.at("source", list).items()) {
          if (namespaces.has(value.text())) continue;
          if (covered)
            out.report("IST0101", policy, value, {"namespace", std::string(value.text())});
          else
            out.unknown(
                "IST0101", policy,
                "the input holds no Namespaces; " + std::string(value.text()) + " must be one");
        }
}

void run(const Facts& facts, Findings& out) {
  const auto& policies = facts.all(Kind::authorization_policy);
  if (policies.empty()) return;
  const Workloads workloads(facts);
  Namespaces namespaces(facts);
  for (const auto* policy : policies) {
    check_selector(facts, workloads, *policy, out);
    check_sources(facts, namespaces, *policy, out);
  }
}

constexpr std::array<std::string_view, 2> kCodes{"IST0101", "IST0127"};

}  // namespace

extern const Check auth_authorization_policies_analyzer;
constinit const Check auth_authorization_policies_analyzer{
    .slug = "auth-authorization-policies-analyzer",
    .reads = kMeshConfigKinds | kPodKinds |
             KindSet{Kind::authorization_policy, Kind::name_space, Kind::kube_gateway},
    .run = run,
    .codes = kCodes,
    .analyzer = "auth.AuthorizationPoliciesAnalyzer"};

}  // namespace aksmesh::checks
