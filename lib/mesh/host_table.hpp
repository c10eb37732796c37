// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "data/tree.hpp"
#include "istio/protocol.hpp"
#include "kube/manifests.hpp"

namespace aksmesh::mesh {

struct HostPort {
  std::int64_t number = 0;
  std::string_view name{};
  data::Node node{};
};

/// A host that traffic can be sent to: a Service, or one host of a ServiceEntry.
struct HostEntry {
  const kube::Object* object = nullptr;
  std::vector<HostPort> ports{};
  [[nodiscard]] bool is_service() const { return object->kind == kube::Kind::service; }
};

/// The namespaces that see an object by its `exportTo`: `*`, or namespaces by name.
std::vector<std::string_view> export_scopes(const kube::Object& object);

/// Which hosts exist, for whom: by scope (`*` or a namespace) and fully qualified name.
class HostTable {
 public:
  /// Services replace entries of the same scope and host.
  void add_service_entry(const kube::Object& entry);
  void add_service(const kube::Object& service);

  /// The host as an object of `name_space` with this `exportTo` sees it; null when there is none.
  /// Istio takes the object's own exportTo as the list of namespaces to look into.
  [[nodiscard]] const HostEntry* resolve(std::string_view host, std::string_view name_space,
                                         const data::Node& export_to) const;
  [[nodiscard]] bool empty() const { return entries_.empty(); }

 private:
  void add(std::string_view scope, std::string fqdn, const HostEntry& entry);
  [[nodiscard]] const HostEntry* exact(std::string_view scope, std::string_view fqdn) const;
  [[nodiscard]] const HostEntry* by_wildcard(std::string_view host,
                                             std::string_view name_space) const;

  std::unordered_map<std::string, HostEntry> entries_;  ///< by `scope/host`
  /// How long the hosts of entries with a wildcard are behind it, so that a look-up need not try
  /// every ending.
  std::set<std::size_t, std::greater<>> wildcard_lengths_;
};

}  // namespace aksmesh::mesh
