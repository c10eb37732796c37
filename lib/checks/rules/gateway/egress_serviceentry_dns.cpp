// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "checks/addon_gateways.hpp"
#include "checks/istio_routes.hpp"

namespace aksmesh::checks {
namespace {

/// Whether traffic goes through an egress gateway, least certain first.
enum class Egress { no, unclear, yes };

/// Tells of each host of the input's VirtualServices whether it leaves through an egress gateway.
class EgressRoutes {
 public:
  explicit EgressRoutes(const Facts& facts);
  /// For a host of a ServiceEntry, which may begin with a wildcard.
  [[nodiscard]] Egress of(std::string_view host) const;

 private:
  Egress bound_to(std::string_view gateway, std::string_view own_namespace) const;
  bool leads_to_egress(std::string_view destination, std::string_view own_namespace) const;
  bool routes_to_egress(const Object& service) const;
  Egress judge(const Object& service) const;
  void add_host(std::string_view host, Egress egress);

  const Facts& facts_;
  EgressGateways gateways_;
  std::unordered_set<std::string> gateway_services_;  ///< as name.namespace
  std::unordered_map<std::string_view, Egress> hosts_;
  std::unordered_map<std::string_view, Egress>
      endings_;  ///< what follows each place where a wildcard may stand
};

EgressRoutes::EgressRoutes(const Facts& facts) : facts_(facts), gateways_(facts) {
  for (const auto* object : gateways_.objects())
    if (object->kind == Kind::service)
      gateway_services_.insert(std::string(object->name) + "." + std::string(object->name_space));
  for (const auto* service : facts.all(Kind::virtual_service)) {
    const auto egress = judge(*service);
    if (egress == Egress::no) continue;
    for (const auto host : service->spec()["hosts"].items()) add_host(host.text(), egress);
  }
}

void EgressRoutes::add_host(std::string_view host, Egress egress) {
  if (host.empty() || host.size() > kLongestHost) return;
  const auto raise = [egress](Egress& known) { known = std::max(known, egress); };
  raise(hosts_[host]);
  raise(endings_[{}]);
  visit_endings(host, [&](std::string_view ending) { raise(endings_[ending]); });
}

Egress EgressRoutes::of(std::string_view host) const {
  const bool wildcard = host.starts_with('*');
  const auto& known = wildcard ? endings_ : hosts_;
  const auto at = known.find(wildcard ? host.substr(1) : host);
  return at == known.end() ? Egress::no : at->second;
}

Egress EgressRoutes::bound_to(std::string_view gateway, std::string_view own_namespace) const {
  const auto slash = gateway.find('/');
  const bool elsewhere = slash != std::string_view::npos;
  const auto* object =
      facts_.find(Kind::istio_gateway, elsewhere ? gateway.substr(0, slash) : own_namespace,
                  elsewhere ? gateway.substr(slash + 1) : gateway);
  if (object == nullptr) return Egress::unclear;
  const auto istio = selected_gateway(*object).text();
  const auto app = object->spec().at("selector", "app").text();
  if (is_ingress_gateway(istio) || is_ingress_gateway(app)) return Egress::no;
  return gateways_.name_space_of(istio) != nullptr || gateways_.has_app(app) ? Egress::yes
                                                                             : Egress::unclear;
}

bool EgressRoutes::leads_to_egress(std::string_view destination,
                                   std::string_view own_namespace) const {
  const auto service = service_of_host(destination, own_namespace);
  return service.substr(service.find('.') + 1) == kEgressNamespace ||
         gateway_services_.contains(service);
}

bool EgressRoutes::routes_to_egress(const Object& service) const {
  bool found = false;
  visit_destinations(service, [&](std::string_view destination) {
    found = found || leads_to_egress(destination, service.name_space);
  });
  return found;
}

Egress EgressRoutes::judge(const Object& service) const {
  auto egress = Egress::no;
  for (const auto gateway : service.spec()["gateways"].items())
    if (gateway.text() != "mesh")
      egress = std::max(egress, bound_to(gateway.text(), service.name_space));
  return steers_sidecars(service) && routes_to_egress(service) ? Egress::yes : egress;
}

void run(const Facts& facts, Findings& out) {
  const auto& entries = facts.all(Kind::service_entry);
  if (entries.empty()) return;
  const EgressRoutes routes(facts);
  for (const auto* entry : entries) {
    const auto resolution = entry->spec()["resolution"];
    if (resolution.text() == "DNS") continue;
    auto egress = Egress::no;
    for (const auto host : entry->spec()["hosts"].items())
      egress = std::max(egress, routes.of(host.text()));
    if (egress == Egress::yes)
      out.add(*entry, resolution,
              "ServiceEntry {name} stands behind an egress gateway, which needs resolution DNS to "
              "find its hosts",
              {{"name", std::string(entry->name)}});
    else if (egress == Egress::unclear)
      out.unknown(*entry,
                  "a VirtualService of its hosts names a Gateway that is not in the input, or that "
                  "selects no "
                  "gateway of the add-on known from the input");
  }
}

}  // namespace

extern const Check egress_serviceentry_dns;
constinit const Check egress_serviceentry_dns{
    .slug = "egress-serviceentry-dns",
    .reads = kEgressGatewayKinds |
             KindSet{Kind::service_entry, Kind::virtual_service, Kind::istio_gateway},
    .run = run};

}  // namespace aksmesh::checks
