// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

// How Istio reads the host names of its objects (istio.io, "Traffic Management" reference; 1.28).
namespace aksmesh::istio {

/// How the full names of services end.
inline constexpr std::string_view kServiceSuffix = ".svc.cluster.local";

/// A service as Kubernetes names it.
struct ServiceName {
  std::string_view name_space{};
  std::string_view name{};
  bool operator==(const ServiceName&) const = default;
};

/// A host without a dot is a service of the object's own namespace. Any other stays as it is:
/// `reviews.default` is not completed.
std::string fqdn(std::string_view host, std::string_view name_space);

/// `<name>.<namespace>.svc.cluster.local` taken apart; anything else is a name in the object's own
/// namespace.
ServiceName service_name(std::string_view host, std::string_view own_namespace);

inline bool is_wildcard(std::string_view host) {
  return host.starts_with('*');
}

/// True when one request could be meant for both: `*.foo.com` overlaps with `a.foo.com`, not with
/// `foo.com`.
bool hosts_overlap(std::string_view one, std::string_view other);

}  // namespace aksmesh::istio
