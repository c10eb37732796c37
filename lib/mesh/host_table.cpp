// SPDX-License-Identifier: Apache-2.0
#include "mesh/host_table.hpp"

#include <algorithm>
#include <utility>

#include "base/strings.hpp"
#include "istio/host.hpp"
#include "istio/number.hpp"

namespace aksmesh::mesh {
namespace {

constexpr std::string_view kExportAnnotation = "networking.istio.io/exportTo";
constexpr std::string_view kEverywhere = "*";

std::string table_key(std::string_view scope, std::string_view host) {
  std::string key;
  key.reserve(scope.size() + 1 + host.size());
  return key.append(scope).append("/").append(host);
}

std::vector<HostPort> ports_of(const data::Node& ports, std::string_view number_key) {
  std::vector<HostPort> out;
  for (const auto port : ports.items())
    out.push_back({.number = istio::number_of(port[number_key]).value_or(0),
                   .name = port["name"].text(),
                   .node = port});
  return out;
}

}  // namespace

std::vector<std::string_view> export_scopes(const kube::Object& object) {
  std::vector<std::string_view> scopes;
  for (const auto value : object.spec()["exportTo"].items()) {
    if (value.text() == kEverywhere) {
      scopes.push_back(kEverywhere);
      return scopes;
    }
    scopes.push_back(value.text() == "." ? object.name_space : value.text());
  }
  if (scopes.empty()) scopes.push_back(kEverywhere);
  return scopes;
}

void HostTable::add(std::string_view scope, std::string fqdn, const HostEntry& entry) {
  if (istio::is_wildcard(fqdn)) wildcard_lengths_.insert(fqdn.size() - 1);
  entries_[table_key(scope, fqdn)] = entry;
}

void HostTable::add_service_entry(const kube::Object& entry) {
  const HostEntry row{.object = &entry, .ports = ports_of(entry.spec()["ports"], "number")};
  const auto scopes = export_scopes(entry);
  for (const auto host : entry.spec()["hosts"].items())
    for (const auto scope : scopes) add(scope, istio::fqdn(host.text(), entry.name_space), row);
}

void HostTable::add_service(const kube::Object& service) {
  const HostEntry row{.object = &service, .ports = ports_of(service.spec()["ports"], "port")};
  const auto fqdn = istio::fqdn(service.name, service.name_space);
  const auto exported = service.annotation(kExportAnnotation).text();
  if (exported.empty()) return add(kEverywhere, fqdn, row);
  for (const auto part : split(exported, ',')) {
    const auto scope = trim(part);
    add(scope == "." ? service.name_space : scope, fqdn, row);
  }
}

const HostEntry* HostTable::exact(std::string_view scope, std::string_view fqdn) const {
  const auto found = entries_.find(table_key(scope, fqdn));
  return found == entries_.end() ? nullptr : &found->second;
}

const HostEntry* HostTable::by_wildcard(std::string_view host, std::string_view name_space) const {
  const auto asked = istio::is_wildcard(host) ? host.substr(1) : host;
  for (const auto length : wildcard_lengths_) {
    if (length > asked.size()) continue;
    const auto covering = "*" + std::string(asked.substr(asked.size() - length));
    if (const auto* found = exact(kEverywhere, covering)) return found;
    if (const auto* found = exact(name_space, covering)) return found;
  }
  return nullptr;
}

const HostEntry* HostTable::resolve(std::string_view host, std::string_view name_space,
                                    const data::Node& export_to) const {
  const auto name = istio::fqdn(host, name_space);
  if (const auto* found = exact(kEverywhere, name)) return found;
  if (export_to.size() == 0) {
    if (const auto* found = exact(name_space, name)) return found;
  }
  for (const auto value : export_to.items())
    if (const auto* found = exact(value.text() == "." ? name_space : value.text(), name))
      return found;
  return wildcard_lengths_.empty() ? nullptr : by_wildcard(host, name_space);
}

}  // namespace aksmesh::mesh
