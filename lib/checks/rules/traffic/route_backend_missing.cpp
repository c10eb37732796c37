// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "checks/route_parents.hpp"

namespace aksmesh::checks {
namespace {

void check_backend(const Facts& facts, const Object& route, const mesh::Reference& backend,
                   Findings& out) {
  const auto name = full_name(backend.name_space, backend.name);
  const auto* service = facts.find(Kind::service, backend.name_space, backend.name);
  if (service == nullptr) {
    if (facts.covers(Kind::service, backend.name_space))
      out.add(route, part_of(backend, "name"), "there is no {backend} to send requests to",
              {{"backend", "Service " + name}});
    else
      out.unknown(route, "the input holds no Services of namespace " +
                             std::string(backend.name_space) + "; " + name + " must be there");
    return;
  }
  const auto ports = service->spec()["ports"].items();
  const auto is_wanted = [&](const Node& port) { return port["port"].as_int() == backend.port; };
  if (backend.port && std::none_of(ports.begin(), ports.end(), is_wanted))
    out.add(route, part_of(backend, "port"), "there is no {backend} to send requests to",
            {{"backend", "port " + std::to_string(*backend.port) + " of Service " + name}});
}

void run(const Facts& facts, Findings& out) {
  for (const Kind kind : kRouteKindList)
    for (const auto* route : facts.all(kind))
      for (const auto& backend : mesh::backend_refs(*route))
        if (backend.is_service() && !backend.name.empty())
          check_backend(facts, *route, backend, out);
}

}  // namespace

extern const Check route_backend_missing;
constinit const Check route_backend_missing{
    .slug = "route-backend-missing", .reads = kRouteKinds | KindSet{Kind::service}, .run = run};

}  // namespace aksmesh::checks
