// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <unordered_map>

#include "checks/check.hpp"
#include "mesh/host_table.hpp"
#include "mesh/sidecar_egress.hpp"
#include "mesh/virtual_service.hpp"

namespace aksmesh::checks {
namespace {

/// The Sidecars of each namespace, those for selected workloads apart.
struct Sidecars {
  const Object* general = nullptr;
  std::vector<const Object*> selecting{};
};
using ByNamespace = std::unordered_map<std::string_view, Sidecars>;

ByNamespace sidecars_of(const Facts& facts) {
  ByNamespace out;
  for (const auto* sidecar : facts.all(Kind::sidecar)) {
    auto& own = out[sidecar->name_space];
    if (sidecar->spec().at("workloadSelector", "labels").size() > 0)
      own.selecting.push_back(sidecar);
    else if (own.general == nullptr)
      own.general = sidecar;
  }
  return out;
}

/// True for a VirtualService that nobody outside its namespace sees.
bool is_private(const Object& service) {
  const auto scopes = mesh::export_scopes(service);
  return std::all_of(scopes.begin(), scopes.end(),
                     [&](std::string_view scope) { return scope == service.name_space; });
}

void run(const Facts& facts, Findings& out) {
  const auto sidecars = sidecars_of(facts);
  const auto root = sidecars.find(facts.root_namespace());
  for (const auto* service : facts.all(Kind::virtual_service)) {
    const auto hosts = service->spec()["hosts"];
    if (hosts.size() == 0 || mesh::serves_gateways(*service) || !is_private(*service)) continue;
    const auto own = sidecars.find(service->name_space);
    const Sidecars none;
    const auto& here = own == sidecars.end() ? none : own->second;
    const auto* general = here.general;
    if (general == nullptr && root != sidecars.end()) general = root->second.general;
    if (general == nullptr || mesh::imports(*general, *service)) continue;
    if (std::any_of(here.selecting.begin(), here.selecting.end(),
                    [&](const Object* sidecar) { return mesh::imports(*sidecar, *service); }))
      continue;
    out.add(*service, hosts,
            "the routes are never used: they are for namespace {namespace} alone, and Sidecar "
            "{sidecar} keeps {hosts} from its proxies",
            {{"namespace", std::string(service->name_space)},
             {"sidecar", full_name(*general)},
             {"hosts", list_text(hosts)}});
  }
}

}  // namespace

extern const Check sidecar_hides_routes;
constinit const Check sidecar_hides_routes{
    .slug = "sidecar-hides-routes",
    .reads = kMeshConfigKinds | KindSet{Kind::sidecar, Kind::virtual_service},
    .run = run};

}  // namespace aksmesh::checks
