// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "checks/check.hpp"

namespace aksmesh::checks {

/// A place that a VirtualService sends traffic to.
struct Destination {
  enum class Role {
    tcp,
    tls,
    http,
    mirror,        ///< `mirror`
    listed_mirror  ///< an item of `mirrors`
  };
  Role role = Role::http;
  Node value{};  ///< with the keys host, subset and port; absent where a route has none
  [[nodiscard]] std::string_view host() const { return value["host"].text(); }
  [[nodiscard]] std::string_view subset() const { return value["subset"].text(); }
  [[nodiscard]] bool is_mirror() const {
    return role == Role::mirror || role == Role::listed_mirror;
  }
  /// Where to tell of it; istioctl knows no line for the items of `mirrors`.
  [[nodiscard]] Node place(const Facts& facts) const {
    return role == Role::listed_mirror && facts.is_upstream() ? Node{} : value["host"];
  }
};

/// Those of the tcp, tls and http routes in this order, then the mirrors.
std::vector<Destination> destinations(const Object& virtual_service);

/// The host as an object sees it whose spec may hold `exportTo`; null when there is none. Reads
/// kHostKinds.
const mesh::HostEntry* find_host(const Facts& facts, std::string_view host, const Object& from);

/// Whether a host that find_host does not know is really missing: the input holds other objects
/// of where it would be, or shows what was meant. Reads kHostKinds.
bool proves_missing(const Facts& facts, std::string_view host, std::string_view name_space);
/// Why a missing host proves nothing.
std::string missing_host_reason(std::string_view host, std::string_view name_space);

}  // namespace aksmesh::checks
