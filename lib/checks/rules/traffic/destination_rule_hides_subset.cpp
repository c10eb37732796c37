// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>
#include <tuple>

#include "checks/check.hpp"
#include "istio/host.hpp"
#include "mesh/destination_rules.hpp"
#include "mesh/virtual_service.hpp"

namespace aksmesh::checks {
namespace {

struct Hiding {
  const mesh::HostRules* nearer = nullptr;
  std::string subset{};
  bool operator<(const Hiding& other) const {
    return std::tie(nearer, subset) < std::tie(other.nearer, other.subset);
  }
};

/// Proxies look into their own namespace first, and there into the most specific rule only; what
/// others define is not added.
class HiddenSubsets {
 public:
  HiddenSubsets(const Facts& facts, Findings& out)
      : rules_(facts.all(Kind::destination_rule)), root_(facts.root_namespace()), out_(out) {}

  void check(const Object& service, const Node& destination) {
    const auto subset = destination["subset"].text();
    const auto host = istio::fqdn(destination["host"].text(), service.name_space);
    if (subset.empty() || istio::is_wildcard(host)) return;
    const auto groups = rules_.covering(host);
    for (const auto* group : groups) {
      const auto clients = group->name_space;
      if (clients == root_ || group->only_selected() || group->defines(subset) ||
          rules_.most_specific(clients, host) != group || !mesh::is_exported_to(service, clients))
        continue;
      // Without another that defines it the subset is missing altogether.
      const auto hidden = std::find_if(groups.begin(), groups.end(), [&](const auto* other) {
        return other->defines(subset) && mesh::is_exported_to(*other->rules.front(), clients);
      });
      if (hidden != groups.end() && told_.insert({group, std::string(subset)}).second)
        report(*group, service, host, **hidden, subset);
    }
  }

 private:
  void report(const mesh::HostRules& group, const Object& service, const std::string& host,
              const mesh::HostRules& defining, std::string_view subset) {
    out_.add(
        *group.rules.front(), group.rules.front()->spec()["host"],
        "for callers in namespace {namespace} this rule hides that of {other}: subset {subset} "
        "of {host}, which VirtualService {service} routes to, does not exist for them",
        {{"namespace", std::string(group.name_space)},
         {"other", full_name(*defining.rules.front())},
         {"subset", std::string(subset)},
         {"host", host},
         {"service", full_name(service)}});
  }

  mesh::DestinationRules rules_;
  std::string_view root_;
  Findings& out_;
  std::set<Hiding> told_;
};

void run(const Facts& facts, Findings& out) {
  HiddenSubsets hidden(facts, out);
  for (const auto* service : facts.all(Kind::virtual_service))
    if (mesh::serves_sidecars(*service))
      mesh::visit_destinations(*service, [&](const Node&, const Node& destination) {
        hidden.check(*service, destination);
      });
}

}  // namespace

extern const Check destination_rule_hides_subset;
constinit const Check destination_rule_hides_subset{
    .slug = "destination-rule-hides-subset",
    .reads = kMeshConfigKinds | KindSet{Kind::destination_rule, Kind::virtual_service},
    .run = run};

}  // namespace aksmesh::checks
