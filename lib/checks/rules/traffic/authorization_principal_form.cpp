// SPDX-License-Identifier: Apache-2.0
#include "base/strings.hpp"
#include "checks/check.hpp"

namespace aksmesh::checks {
namespace {

/// True for what a certificate of the mesh may name: `<trust domain>/ns/<namespace>/sa/<account>`,
/// or a part of it with a wildcard.
bool may_match(std::string_view principal) {
  if (principal.empty()) return true;  // another rule's matter
  if (principal.starts_with("spiffe://")) return false;
  if (principal.starts_with('*') || principal.ends_with('*')) return true;
  const auto parts = split(principal, '/');
  return parts.size() == 5 && parts[1] == "ns" && parts[3] == "sa";
}

void check_list(const Object& policy, const Node& list, Findings& out) {
  for (const auto item : list.items())
    if (!may_match(item.text()))
      out.add(policy, item,
              "{principal} matches no workload: identities are written "
              "<trust domain>/ns/<namespace>/sa/<service account>",
              {{"principal", std::string(item.text())}});
}

void run(const Facts& facts, Findings& out) {
  for (const auto* policy : facts.all(Kind::authorization_policy))
    for (const auto rule : policy->spec()["rules"].items()) {
      for (const auto entry : rule["from"].items())
        for (const std::string_view field : {"principals", "notPrincipals"})
          check_list(*policy, entry["source"][field], out);
      for (const auto condition : rule["when"].items())
        if (condition["key"].text() == "source.principal")
          for (const std::string_view field : {"values", "notValues"})
            check_list(*policy, condition[field], out);
    }
}

}  // namespace

extern const Check authorization_principal_form;
constinit const Check authorization_principal_form{
    .slug = "authorization-principal-form", .reads = {Kind::authorization_policy}, .run = run};

}  // namespace aksmesh::checks
