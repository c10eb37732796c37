// SPDX-License-Identifier: Apache-2.0
#include <unordered_set>

#include "checks/gateway_api.hpp"
#include "checks/present_revisions.hpp"

namespace aksmesh::checks {
namespace {

class TlsRoutes {
 public:
  TlsRoutes(const Facts& facts, Findings& out) : facts_(facts), out_(out) {
    const auto& policy = facts.limitation();
    if (policy.stance == mesh::Stance::conditional) minimum_ = policy.min_revision;
  }
  void check(const Object& route) const;

 private:
  void check_parent(const Object& route, const Parent& parent) const;
  void check_owner(const Object& route, const Parent& parent, const Object& gateway) const;
  /// Whoever owns the Gateway serves the route.
  [[nodiscard]] bool any_owner_will_do() const {
    const auto& revisions = facts_.revisions();
    return minimum_ && revisions.known && revisions.installed.front() >= *minimum_;
  }

  const Facts& facts_;
  Findings& out_;
  std::optional<VersionNumber> minimum_;  ///< none: the policy supports no revision
};

void TlsRoutes::check(const Object& route) const {
  std::unordered_set<std::string> seen;  // a parent for each listener is one Gateway still
  for (const auto& parent : parents_of(route)) {
    const auto name = std::string(parent.name_space) + '/' + std::string(parent.name);
    if (parent.is_gateway() && seen.insert(name).second) check_parent(route, parent);
  }
}

void TlsRoutes::check_parent(const Object& route, const Parent& parent) const {
  const auto* gateway = facts_.find(Kind::kube_gateway, parent.name_space, parent.name);
  if (gateway == nullptr) {
    if (!any_owner_will_do())
      out_.unknown(route, "its Gateway " + std::string(parent.name_space) + '/' +
                              std::string(parent.name) + " is not in the input");
  } else if (!is_of_addon_class(*gateway)) {
    return;
  } else if (minimum_) {
    check_owner(route, parent, *gateway);
  } else {
    out_.add(route, parent.reference,
             "TLSRoute {name} is attached to Gateway {gateway} of class istio, and the add-on does "
             "not support TLSRoutes",
             {{"name", std::string(route.name)}, {"gateway", std::string(gateway->name)}});
  }
}

void TlsRoutes::check_owner(const Object& route, const Parent& parent,
                            const Object& gateway) const {
  const auto label = gateway.label(kRevisionLabel).text();
  const auto& revisions = facts_.revisions();
  auto owner = parse_revision(label);
  if (label.empty() && revisions.known) owner = revisions.installed.back();
  if (owner && *owner < *minimum_)
    out_.add(route, parent.reference,
             "{revision} owns Gateway {gateway} and does not serve TLSRoute {name}, as the add-on "
             "supports TLSRoutes from {minimum} on",
             {{"revision", revision_name(*owner)},
              {"gateway", std::string(gateway.name)},
              {"name", std::string(route.name)},
              {"minimum", revision_name(*minimum_)}});
  else if (!owner && !any_owner_will_do())
    out_.unknown(route, label.empty() ? std::string(kRevisionsUnknown)
                                      : "its Gateway is labelled with " + std::string(label) +
                                            ", which does not tell the revision that owns it");
}

void run(const Facts& facts, Findings& out) {
  const TlsRoutes routes(facts, out);
  for (const auto* route : facts.all(Kind::tls_route)) routes.check(*route);
}

}  // namespace

extern const Check gateway_api_tlsroute;
constinit const Check gateway_api_tlsroute{
    .slug = "gateway-api-tlsroute",
    .reads = kRevisionKinds | KindSet{Kind::tls_route, Kind::kube_gateway},
    .run = run};

}  // namespace aksmesh::checks
