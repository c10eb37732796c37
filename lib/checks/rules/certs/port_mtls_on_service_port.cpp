// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <optional>
#include <set>

#include "checks/check.hpp"
#include "mesh/peer_authentication.hpp"
#include "mesh/service_ports.hpp"

namespace aksmesh::checks {
namespace {

/// The ports of Services over some pods, and the pods' own ports behind them.
struct Ports {
  std::map<std::int64_t, std::pair<const Object*, std::int64_t>> of_services{};
  std::set<std::int64_t> of_pods{};
};

class PortsByPod {
 public:
  explicit PortsByPod(const Facts& facts) {
    for (const auto* service : facts.all(Kind::service)) {
      const auto selector = mesh::labels_of(service->spec()["selector"]);
      if (selector.empty()) continue;
      facts.pods(service->name_space).visit_matching(selector, [&](const auto& item) {
        services_[item.object].push_back(service);
        return true;
      });
    }
  }
  void add(const Object& pods, Ports& ports) const {
    const auto spec = mesh::pod_parts(pods).spec;
    for (const auto container : spec["containers"].items())
      for (const auto port : container["ports"].items())
        if (const auto number = port["containerPort"].as_int()) ports.of_pods.insert(*number);
    const auto found = services_.find(&pods);
    if (found == services_.end()) return;
    for (const auto* service : found->second)
      for (const auto port : service->spec()["ports"].items()) {
        const auto own = mesh::target_port(port, spec);
        if (!own) continue;
        ports.of_pods.insert(*own);
        ports.of_services.try_emplace(port["port"].as_int().value_or(0), service, *own);
      }
  }

 private:
  std::unordered_map<const Object*, std::vector<const Object*>> services_;
};

void check_policy(const Object& policy, const Ports& ports, Findings& out) {
  for (const auto [key, value] : policy.spec()["portLevelMtls"].entries()) {
    const auto number = mesh::port_of_key(key);
    if (!number || ports.of_pods.contains(*number)) continue;
    const auto found = ports.of_services.find(*number);
    if (found == ports.of_services.end()) continue;
    const auto& [service, own] = found->second;
    out.add(policy, value,
            "portLevelMtls {port} has no effect: it is a port of Service {service}, and the "
            "workload's own is {target}",
            {{"port", std::string(key.text())},
             {"service", full_name(*service)},
             {"target", std::to_string(own)}});
  }
}

void run(const Facts& facts, Findings& out) {
  const auto& policies = facts.all(Kind::peer_authentication);
  std::optional<PortsByPod> by_pod;
  for (const auto* policy : policies) {
    const auto selector = mesh::labels_of(policy->spec().at("selector", "matchLabels"));
    if (selector.empty() || policy->spec()["portLevelMtls"].size() == 0) continue;
    if (!by_pod) by_pod.emplace(facts);
    Ports ports;
    facts.pods(policy->name_space).visit_matching(selector, [&](const auto& item) {
      by_pod->add(*item.object, ports);
      return true;
    });
    check_policy(*policy, ports, out);
  }
}

}  // namespace

extern const Check port_mtls_on_service_port;
constinit const Check port_mtls_on_service_port{
    .slug = "port-mtls-on-service-port",
    .reads = kPodKinds | KindSet{Kind::peer_authentication, Kind::service},
    .run = run};

}  // namespace aksmesh::checks
