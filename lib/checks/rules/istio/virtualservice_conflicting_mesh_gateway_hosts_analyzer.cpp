// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "checks/check.hpp"
#include "checks/name_list.hpp"
#include "istio/host.hpp"
#include "mesh/host_index.hpp"

namespace aksmesh::checks {
namespace {

constexpr std::string_view kMesh = "mesh";
constexpr std::string_view kEverywhere = "*";

bool applies_to_sidecars(const Object& service) {
  const auto gateways = service.spec()["gateways"];
  if (gateways.size() == 0) return true;
  const auto items = gateways.items();
  return std::any_of(items.begin(), items.end(),
                     [](const Node& name) { return name.text() == kMesh; });
}

/// The namespaces whose sidecars see a VirtualService, or `*`.
std::set<std::string_view> scopes_of(const Facts& facts, const Object& service) {
  std::vector<std::string_view> values;
  for (const auto value : service.spec()["exportTo"].items()) values.push_back(value.text());
  if (values.empty() && !facts.is_upstream())
    values = facts.settings().default_virtual_service_export_to;
  std::set<std::string_view> scopes;
  for (const auto value : values) scopes.insert(value == "." ? service.name_space : value);
  if (scopes.empty() || scopes.contains(kEverywhere)) return {kEverywhere};
  return scopes;
}

/// VirtualServices by their place in the order of full names.
using Claimants = std::vector<std::uint32_t>;

struct Claim {
  std::string host;
  bool everywhere = false;
  Claimants by{};
};

class Claims {
 public:
  explicit Claims(const Facts& facts) : facts_(facts) {
    for (const auto* service : facts.all(Kind::virtual_service))
      if (applies_to_sidecars(*service)) services_.emplace_back(full_name(*service), service);
    std::sort(services_.begin(), services_.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    for (std::uint32_t i = 0; i < services_.size(); ++i) {
      const auto& service = *services_[i].second;
      const auto scopes = scopes_of(facts, service);
      for (const auto host : service.spec()["hosts"].items())
        for (const auto scope : scopes) add(scope, istio::fqdn(host.text(), service.name_space), i);
    }
    for (const auto& [key, claim] : claims_) {
      if (!claim.everywhere) continue;
      index_.add(claim.host, static_cast<std::uint32_t>(public_claims_.size()));
      public_claims_.push_back(&claim);
    }
  }

  void report(Findings& out) {
    std::vector<bool> reported(services_.size());
    for (const auto& [key, claim] : claims_) {
      const auto rivals = rivals_of(claim);
      if (rivals.size() < 2) continue;
      std::string names;
      for (const auto i : rivals) {
        if (reported[i]) continue;
        reported[i] = true;
        if (names.empty()) names = names_of(rivals);
        const auto& service = *services_[i].second;
        out.report("IST0109", service, service.metadata()["name"], {names, key});
      }
    }
  }

 private:
  void add(std::string_view scope, std::string host, std::uint32_t service) {
    auto& claim = claims_[std::string(scope) + '/' + host];
    claim.host = std::move(host);
    claim.everywhere = scope == kEverywhere;
    claim.by.push_back(service);
  }

  /// All who claim the host for some sidecar that sees this claim.
  Claimants rivals_of(const Claim& claim) {
    auto rivals = claim.by;
    const auto add = [&](const Claimants& more) {
      rivals.insert(rivals.end(), more.begin(), more.end());
    };
    if (facts_.is_upstream()) {
      // To istioctl a claim for some namespaces conflicts with overlapping hosts of one for all.
      if (!claim.everywhere) add(public_claimants(claim.host));
      return rivals;
    }
    // A wildcard and a host that it covers are two hosts to a sidecar, which takes the longer one;
    // and nobody is his own rival for naming a host twice.
    if (const auto same = claims_.find("*/" + claim.host);
        !claim.everywhere && same != claims_.end())
      add(same->second.by);
    std::sort(rivals.begin(), rivals.end());
    rivals.erase(std::unique(rivals.begin(), rivals.end()), rivals.end());
    return rivals;
  }

  const Claimants& public_claimants(const std::string& host) {
    const auto [at, is_new] = overlapping_.try_emplace(host);
    auto& claimants = at->second;
    if (is_new)
      index_.visit_overlapping(host, [&](std::uint32_t id) {
        const auto& by = public_claims_[id]->by;
        claimants.insert(claimants.end(), by.begin(), by.end());
        return true;
      });
    return claimants;
  }

  [[nodiscard]] std::string names_of(Claimants rivals) const {
    // One more than name_list shows, so that it says that there are more.
    const auto shown = std::min(rivals.size(), kMostNames + 1);
    std::partial_sort(rivals.begin(), rivals.begin() + static_cast<std::ptrdiff_t>(shown),
                      rivals.end());
    rivals.resize(shown);
    std::vector<std::string> names;
    for (const auto i : rivals) names.push_back(services_[i].first);
    return name_list(std::move(names));
  }

  const Facts& facts_;
  std::vector<std::pair<std::string, const Object*>> services_;  ///< sorted by full name
  std::map<std::string, Claim> claims_;                          ///< by `scope/host`
  mesh::HostIndex index_;  ///< of those seen everywhere, numbered as in public_claims_
  std::vector<const Claim*> public_claims_;
  /// Those who claim for everybody what overlaps with a host; many namespaces may have one
  /// wildcard.
  std::unordered_map<std::string, Claimants> overlapping_;
};

void run(const Facts& facts, Findings& out) {
  Claims(facts).report(out);
}

constexpr std::array<std::string_view, 1> kCodes{"IST0109"};

}  // namespace

extern const Check virtualservice_conflicting_mesh_gateway_hosts_analyzer;
constinit const Check virtualservice_conflicting_mesh_gateway_hosts_analyzer{
    .slug = "virtualservice-conflicting-mesh-gateway-hosts-analyzer",
    .reads = kMeshConfigKinds | KindSet{Kind::virtual_service},
    .run = run,
    .codes = kCodes,
    .analyzer = "virtualservice.ConflictingMeshGatewayHostsAnalyzer"};

}  // namespace aksmesh::checks
