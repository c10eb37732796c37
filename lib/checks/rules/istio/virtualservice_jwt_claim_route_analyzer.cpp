// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/strings.hpp"
#include "checks/check.hpp"
#include "mesh/label_index.hpp"

namespace aksmesh::checks {
namespace {

using mesh::LabelIndex;

constexpr std::string_view kMesh = "mesh";
constexpr std::string_view kClaims = "@request.auth.claims";

/// `@request.auth.claims.group` or `@request.auth.claims[group]`.
bool names_claim(std::string_view header) {
  if (to_lower(header.substr(0, kClaims.size())) != kClaims) return false;
  const auto rest = header.substr(kClaims.size());
  if (rest.size() < 2) return false;
  return rest.front() == '.' || (rest.front() == '[' && rest.back() == ']' && rest.size() > 2);
}

/// The condition of the first route that asks for a claim; absent when none does.
Node first_claim(const Object& service) {
  for (const auto rule : service.spec()["http"].items())
    for (const auto match : rule["match"].items())
      for (const auto key : {"headers", "withoutHeaders"})
        for (const auto [name, value] : match[key].entries())
          if (names_claim(name.text())) return value;
  return {};
}

/// Which pods some RequestAuthentication applies to.
class Authenticated {
 public:
  explicit Authenticated(const Facts& facts)
      : facts_(facts),
        // istioctl does not ask the mesh configuration.
        root_(facts.is_upstream() ? kUpstreamNamespace : facts.root_namespace()) {
    for (const auto* policy : facts.all(Kind::request_authentication)) add(*policy);
  }
  [[nodiscard]] bool has(const Object& pod) const {
    return namespaces_.contains(root_) || namespaces_.contains(pod.name_space) ||
           pods_.contains(&pod);
  }
  [[nodiscard]] bool proves_missing(const Object& pod) const {
    return facts_.covers(Kind::request_authentication, pod.name_space) ||
           facts_.covers(Kind::request_authentication, root_);
  }

 private:
  void add(const Object& policy) {
    auto wanted = mesh::labels_of(policy.spec().at("selector", "matchLabels"));
    // A policy for a gateway of the Gateway API applies to the pods that are made for it.
    if (!facts_.is_upstream() && has_target(policy)) return add_targets(policy);
    if (wanted.empty()) {
      namespaces_.insert(policy.name_space);
      return;
    }
    add_pods(policy, wanted);
  }
  static bool has_target(const Object& policy) {
    return policy.spec()["targetRef"].is_mapping() || policy.spec()["targetRefs"].size() > 0;
  }
  void add_targets(const Object& policy) {
    const auto add_target = [&](const Node& target) {
      if (target["kind"].text() == "Gateway")
        add_pods(policy, {{kGatewayNameLabel, target["name"].text()}});
    };
    add_target(policy.spec()["targetRef"]);
    for (const auto target : policy.spec()["targetRefs"].items()) add_target(target);
  }
  void add_pods(const Object& policy, const mesh::Labels& wanted) {
    const auto& pods = policy.name_space == root_ ? facts_.pods() : facts_.pods(policy.name_space);
    pods.visit_matching(wanted, [&](const LabelIndex::Item& pod) {
      pods_.insert(pod.object);
      return true;
    });
  }

  const Facts& facts_;
  std::string_view root_;
  std::unordered_set<std::string_view> namespaces_;  ///< with a policy for all of their pods
  std::unordered_set<const Object*> pods_;
};

/// Pods by the Gateway that selects them, without those that some RequestAuthentication applies to.
class OpenPods {
 public:
  explicit OpenPods(const Facts& facts) : facts_(facts), authenticated_(facts) {}

  const std::vector<const Object*>& of(const Object& gateway) {
    const auto [at, is_new] = by_gateway_.try_emplace(&gateway);
    auto& open = at->second;
    if (!is_new) return open;
    const auto selector = mesh::labels_of(gateway.spec()["selector"]);
    facts_.pods().visit_matching(selector, [&](const LabelIndex::Item& pod) {
      if (!authenticated_.has(*pod.object)) open.push_back(pod.object);
      // For the add-on one pod of a gateway stands for all of them.
      return facts_.is_upstream() || open.empty();
    });
    return open;
  }
  [[nodiscard]] bool proves_missing(const Object& pod) const {
    return authenticated_.proves_missing(pod);
  }

 private:
  const Facts& facts_;
  Authenticated authenticated_;
  std::unordered_map<const Object*, std::vector<const Object*>> by_gateway_;
};

const Object* find_gateway(const Facts& facts, std::string_view named, const Object& service) {
  const auto slash = named.find('/');
  if (slash == std::string_view::npos)
    return facts.find(Kind::istio_gateway, service.name_space, named);
  return facts.find(Kind::istio_gateway, named.substr(0, slash), named.substr(slash + 1));
}

void check(const Object& service, const Node& claim, const Object& gateway, OpenPods& open,
           Findings& out) {
  for (const auto* pod : open.of(gateway)) {
    if (open.proves_missing(*pod))
      out.report("IST0149", service, claim,
                 {std::string(claim.key().text()), full_name(gateway), std::string(pod->name)});
    else
      out.unknown("IST0149", service,
                  "the input holds no RequestAuthentications of namespace " +
                      std::string(pod->name_space) +
                      " or the root namespace; one must apply to the pods of Gateway " +
                      full_name(gateway));
  }
}

void run(const Facts& facts, Findings& out) {
  std::optional<OpenPods> open;
  for (const auto* service : facts.all(Kind::virtual_service)) {
    const auto claim = first_claim(*service);
    if (!claim) continue;
    if (!open) open.emplace(facts);
    for (const auto named : service->spec()["gateways"].items())
      if (const auto* gateway =
              named.text() == kMesh ? nullptr : find_gateway(facts, named.text(), *service);
          gateway != nullptr)
        check(*service, claim, *gateway, *open, out);
  }
}

constexpr std::array<std::string_view, 1> kCodes{"IST0149"};

}  // namespace

extern const Check virtualservice_jwt_claim_route_analyzer;
constinit const Check virtualservice_jwt_claim_route_analyzer{
    .slug = "virtualservice-jwt-claim-route-analyzer",
    .reads = kPodKinds | kMeshConfigKinds |
             KindSet{Kind::virtual_service, Kind::request_authentication, Kind::istio_gateway},
    .run = run,
    .codes = kCodes,
    .analyzer = "virtualservice.JWTClaimRouteAnalyzer"};

}  // namespace aksmesh::checks
