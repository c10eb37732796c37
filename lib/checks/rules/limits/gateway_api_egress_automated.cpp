// SPDX-License-Identifier: Apache-2.0
#include <unordered_map>
#include <unordered_set>

#include "checks/gateway_api.hpp"
#include "checks/istio_routes.hpp"

namespace aksmesh::checks {
namespace {

constexpr std::string_view kByNamespace =
    "Gateway {name} is for egress, by its namespace, and points at no egress gateway of the add-on";
constexpr std::string_view kByRoute =
    "Gateway {name} is for egress, as {kind} {route} passes {host} on to that very host, and "
    "points at no egress gateway of the add-on";
constexpr std::string_view kByMeshRoute =
    "Gateway {name} is for egress, as {kind} {route} leads traffic for hosts outside the mesh to "
    "it, and points at no egress gateway of the add-on";

/// A Gateway with pods of its own, and what shows that it is for egress.
struct Candidate {
  const Object* gateway = nullptr;
  std::unordered_set<std::string_view> listener_hosts{};
  std::string_view evidence{};  ///< a message
  Arguments arguments{};
  std::string_view missing_entry{};  ///< a ServiceEntry that might be evidence
};

/// Where a route sends requests, and the hosts that they are for.
struct Targets {
  std::unordered_set<std::string_view> own_hosts{};
  std::vector<std::string_view> hosts{};
  std::vector<std::string> services{};  ///< as name.namespace
};

Targets targets_of(const Object& route) {
  Targets out;
  for (const auto host : route.spec()["hostnames"].items()) out.own_hosts.insert(host.text());
  for (const auto rule : route.spec()["rules"].items())
    for (const auto backend : rule["backendRefs"].items()) {
      const auto group = backend["group"].string();
      const auto kind = backend["kind"].string();
      const auto name = backend["name"].text();
      if (group == kIstioNetworkingGroup && kind == kHostnameKind) {
        out.hosts.push_back(name);
        out.services.push_back(service_of_host(name, route.name_space));
      } else if (group.empty() && (kind.empty() || kind == "Service")) {
        const auto name_space = backend["namespace"].string();
        out.services.push_back(std::string(name) + '.' +
                               std::string(name_space.empty() ? route.name_space : name_space));
      }
    }
  return out;
}

class EgressUse {
 public:
  explicit EgressUse(const Facts& facts);
  void report(Findings& out) const;

 private:
  void add_candidate(const Object& gateway);
  void look_at_route(const Object& route);
  void look_at_virtual_service(const Object& service, const HostSet& external);
  /// The first target that the route or the Gateway is itself asked for.
  std::string_view host_passed_on(const Targets& targets, const Candidate& candidate) const;
  Candidate* made_for(const std::string& service);
  static void note(Candidate& candidate, std::string_view evidence, const Object& route,
                   std::string_view host = {});

  const Facts& facts_;
  HostSet internal_;
  std::vector<Candidate> candidates_;
  std::unordered_map<const Object*, std::size_t> by_gateway_;
  std::unordered_map<std::string, std::size_t> by_service_;
};

EgressUse::EgressUse(const Facts& facts) : facts_(facts) {
  for (const auto* gateway : facts.all(Kind::kube_gateway))
    if (is_of_addon_class(*gateway) && is_automated(*gateway)) add_candidate(*gateway);
  if (candidates_.empty()) return;
  internal_ = service_entry_hosts(facts, Location::internal);
  visit_routes(facts, [&](const Object& route) { look_at_route(route); });
  const auto external = service_entry_hosts(facts, Location::external);
  for (const auto* service : facts.all(Kind::virtual_service))
    look_at_virtual_service(*service, external);
}

void EgressUse::add_candidate(const Object& gateway) {
  Candidate candidate{.gateway = &gateway};
  for (const auto listener : gateway.spec()["listeners"].items())
    if (const auto host = listener["hostname"]) candidate.listener_hosts.insert(host.text());
  if (gateway.name_space == kEgressNamespace) {
    candidate.evidence = kByNamespace;
    candidate.arguments = {{"name", std::string(gateway.name)}};
  }
  by_gateway_.emplace(&gateway, candidates_.size());
  by_service_.emplace(generated_name(gateway).text + '.' + std::string(gateway.name_space),
                      candidates_.size());
  candidates_.push_back(std::move(candidate));
}

Candidate* EgressUse::made_for(const std::string& service) {
  const auto at = by_service_.find(service);
  return at == by_service_.end() ? nullptr : &candidates_[at->second];
}

void EgressUse::note(Candidate& candidate, std::string_view evidence, const Object& route,
                     std::string_view host) {
  if (!candidate.evidence.empty()) return;
  candidate.evidence = evidence;
  candidate.arguments = {{"name", std::string(candidate.gateway->name)},
                         {"kind", std::string(route.kind_name)},
                         {"route", std::string(route.name)}};
  if (!host.empty()) candidate.arguments.emplace_back("host", host);
}

std::string_view EgressUse::host_passed_on(const Targets& targets,
                                           const Candidate& candidate) const {
  for (const auto host : targets.hosts)
    if ((targets.own_hosts.contains(host) || candidate.listener_hosts.contains(host)) &&
        !internal_.contains(host))
      return host;
  return {};
}

void EgressUse::look_at_route(const Object& route) {
  const auto targets = targets_of(route);
  for (const auto& parent : parents_of(route)) {
    if (parent.is_gateway()) {
      const auto at =
          by_gateway_.find(facts_.find(Kind::kube_gateway, parent.name_space, parent.name));
      if (at == by_gateway_.end()) continue;
      auto& candidate = candidates_[at->second];
      if (const auto host = host_passed_on(targets, candidate); !host.empty())
        note(candidate, kByRoute, route, host);
    } else if (parent.group == kIstioNetworkingGroup && parent.kind == "ServiceEntry") {
      const auto* entry = facts_.find(Kind::service_entry, parent.name_space, parent.name);
      if (entry != nullptr && location_of(*entry) == Location::internal) continue;
      for (const auto& service : targets.services)
        if (auto* candidate = made_for(service)) {
          if (entry != nullptr)
            note(*candidate, kByMeshRoute, route);
          else
            candidate->missing_entry = parent.name;
        }
    }
  }
}

void EgressUse::look_at_virtual_service(const Object& service, const HostSet& external) {
  if (!steers_sidecars(service)) return;
  bool leads_outside = false;
  for (const auto host : service.spec()["hosts"].items())
    leads_outside = leads_outside || external.contains(host.text());
  if (!leads_outside) return;
  visit_destinations(service, [&](std::string_view destination) {
    if (auto* candidate = made_for(service_of_host(destination, service.name_space)))
      note(*candidate, kByMeshRoute, service);
  });
}

void EgressUse::report(Findings& out) const {
  for (const auto& candidate : candidates_) {
    const auto& gateway = *candidate.gateway;
    if (!candidate.evidence.empty())
      out.add(gateway, gateway.spec()["addresses"], candidate.evidence, candidate.arguments);
    else if (!candidate.missing_entry.empty())
      out.unknown(gateway, "ServiceEntry " + std::string(candidate.missing_entry) +
                               ", whose traffic is led to it, is not in the input");
  }
}

void run(const Facts& facts, Findings& out) {
  EgressUse(facts).report(out);
}

}  // namespace

extern const Check gateway_api_egress_automated;
constinit const Check gateway_api_egress_automated{
    .slug = "gateway-api-egress-automated",
    .reads = kRouteKinds | KindSet{Kind::kube_gateway, Kind::service_entry, Kind::virtual_service},
    .run = run};

}  // namespace aksmesh::checks
