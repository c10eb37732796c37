// SPDX-License-Identifier: Apache-2.0
#include "checks/destinations.hpp"

#include "base/strings.hpp"
#include "istio/host.hpp"

namespace aksmesh::checks {
namespace {

using Role = Destination::Role;

void add_routes(const Node& rules, Role role, std::vector<Destination>& out) {
  for (const auto rule : rules.items())
    for (const auto route : rule["route"].items())
      out.push_back({.role = role, .value = route["destination"]});
}

/// The Service that `name.namespace` or `name.namespace.svc` is meant to be, if the input has it:
/// Istio completes neither.
bool is_half_completed(const Facts& facts, std::string_view host) {
  const auto parts = split(host, '.');
  return (parts.size() == 2 || (parts.size() == 3 && parts[2] == "svc")) &&
         facts.find(Kind::service, parts[1], parts[0]) != nullptr;
}

/// The namespace of the Service that a host stands for; empty for any other host.
std::string service_namespace(std::string_view host, std::string_view name_space) {
  const auto name = istio::fqdn(host, name_space);
  const auto service = istio::service_name(name, {});
  return std::string(service.name_space);
}

}  // namespace

std::vector<Destination> destinations(const Object& virtual_service) {
  std::vector<Destination> out;
  const auto spec = virtual_service.spec();
  add_routes(spec["tcp"], Role::tcp, out);
  add_routes(spec["tls"], Role::tls, out);
  add_routes(spec["http"], Role::http, out);
  for (const auto rule : spec["http"].items()) {
    if (const auto mirror = rule["mirror"]; mirror.is_mapping())
      out.push_back({.role = Role::mirror, .value = mirror});
    for (const auto mirror : rule["mirrors"].items())
      if (const auto value = mirror["destination"]; value.is_mapping())
        out.push_back({.role = Role::listed_mirror, .value = value});
  }
  return out;
}

const mesh::HostEntry* find_host(const Facts& facts, std::string_view host, const Object& from) {
  const auto& hosts = facts.hosts();
  const auto* found = hosts.resolve(host, from.name_space, from.spec()["exportTo"]);
  // istioctl forgets the object's own namespace when it is exported to others.
  if (found == nullptr && !facts.is_upstream()) found = hosts.resolve(host, from.name_space, {});
  return found;
}

bool proves_missing(const Facts& facts, std::string_view host, std::string_view name_space) {
  const auto of = service_namespace(host, name_space);
  if (!of.empty()) return facts.covers(Kind::service, of);
  return facts.covers(Kind::service_entry, name_space) || is_half_completed(facts, host);
}

std::string missing_host_reason(std::string_view host, std::string_view name_space) {
  const auto of = service_namespace(host, name_space);
  return of.empty() ? "the input holds no ServiceEntries of namespace " + std::string(name_space) +
                          "; one for " + std::string(host) + " must be there or elsewhere"
                    : "the input holds no Services of namespace " + of + "; " + std::string(host) +
                          " must be there";
}

}  // namespace aksmesh::checks
