// SPDX-License-Identifier: Apache-2.0
#include <unordered_map>

#include "checks/check.hpp"
#include "checks/sidecars.hpp"
#include "istio/protocol.hpp"
#include "mesh/authorization.hpp"

namespace aksmesh::checks {
namespace {

using istio::Protocol;

/// What Services say of the protocols of some pods.
struct Declared {
  const Object* service = nullptr;
  bool only_other = true;  ///< each port is declared, and none for HTTP
};

std::unordered_map<const Object*, Declared> declared_protocols(const Facts& facts) {
  std::unordered_map<const Object*, Declared> by_pods;
  for (const auto* service : facts.all(Kind::service)) {
    const auto selector = mesh::labels_of(service->spec()["selector"]);
    if (selector.empty()) continue;
    bool only_other = true;
    for (const auto port : service->spec()["ports"].items()) {
      const auto protocol = istio::service_port_protocol(port);
      only_other = only_other && protocol != Protocol::unsupported && !istio::is_http(protocol);
    }
    facts.pods(service->name_space).visit_matching(selector, [&](const auto& item) {
      auto& declared = by_pods[item.object];
      declared.service = service;
      declared.only_other = declared.only_other && only_other;
      return true;
    });
  }
  return by_pods;
}

/// The value that makes each rule of a policy one of HTTP, of the first one.
Node http_needed(const Object& policy) {
  Node first;
  for (const auto rule : policy.spec()["rules"].items()) {
    const auto needed = mesh::http_needed(rule);
    if (!needed) return {};
    if (!first) first = needed;
  }
  return first;
}

void run(const Facts& facts, Findings& out) {
  std::vector<std::pair<const Object*, Node>> of_http;
  for (const auto* policy : facts.all(Kind::authorization_policy))
    if (mesh::action_of(*policy) == mesh::AuthorizationAction::allow && !mesh::has_target(*policy))
      if (const auto needed = http_needed(*policy)) of_http.emplace_back(policy, needed);
  if (of_http.empty()) return;
  const auto declared = declared_protocols(facts);
  for (const auto& [policy, needed] : of_http) {
    const auto selector = mesh::labels_of(policy->spec().at("selector", "matchLabels"));
    const auto report = [&, policy = policy, needed = needed](const auto& item) {
      const auto found = declared.find(item.object);
      if (found == declared.end() || !found->second.only_other || is_gateway_pod(*item.object) ||
          has_sidecar(facts, *item.object) != Meshed::yes)
        return true;
      out.add(*policy, needed,
              "the rule never matches for {workload}: Service {service} declares none of its ports "
              "for HTTP, and proxies see no requests there",
              {{"workload", object_ref(*item.object).text()},
               {"service", full_name(*found->second.service)}});
      return false;
    };
    facts.pods(policy->name_space).visit_matching(selector, report);
  }
}

}  // namespace

extern const Check authorization_http_on_tcp;
constinit const Check authorization_http_on_tcp{
    .slug = "authorization-http-on-tcp",
    .reads = kPodKinds | KindSet{Kind::authorization_policy, Kind::service, Kind::name_space},
    .run = run};

}  // namespace aksmesh::checks
