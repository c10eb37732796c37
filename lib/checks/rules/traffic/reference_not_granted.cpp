// SPDX-License-Identifier: Apache-2.0
#include "checks/route_parents.hpp"

namespace aksmesh::checks {
namespace {

class Checker {
 public:
  Checker(const Facts& facts, Findings& out)
      : facts_(facts), out_(out), grants_(facts.all(Kind::reference_grant)) {}

  void check(const Object& from, const std::vector<mesh::Reference>& references) {
    for (const auto& reference : references) {
      if (grants_.permits(from, reference)) continue;
      const auto target =
          std::string(reference.kind) + " " + full_name(reference.name_space, reference.name);
      if (facts_.covers(Kind::reference_grant, reference.name_space))
        out_.add(
            from, part_of(reference, "namespace"),
            "no ReferenceGrant of namespace {namespace} lets {kind} of namespace {own} refer to "
            "{target}",
            {{"namespace", std::string(reference.name_space)},
             {"kind", std::string(from.kind_name)},
             {"own", std::string(from.name_space)},
             {"target", target}});
      else
        out_.unknown(from, "the input holds no ReferenceGrants of namespace " +
                               std::string(reference.name_space) + "; one must permit " + target);
    }
  }

 private:
  const Facts& facts_;
  Findings& out_;
  mesh::ReferenceGrants grants_;
};

void run(const Facts& facts, Findings& out) {
  Checker checker(facts, out);
  for (const Kind kind : kRouteKindList)
    for (const auto* route : facts.all(kind)) checker.check(*route, mesh::backend_refs(*route));
  for (const auto* gateway : facts.all(Kind::kube_gateway))
    if (mesh::is_of_istio(*gateway)) checker.check(*gateway, mesh::certificate_refs(*gateway));
}

}  // namespace

extern const Check reference_not_granted;
constinit const Check reference_not_granted{
    .slug = "reference-not-granted",
    .reads = kRouteKinds | KindSet{Kind::kube_gateway, Kind::reference_grant},
    .run = run};

}  // namespace aksmesh::checks
