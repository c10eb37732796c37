// SPDX-License-Identifier: Apache-2.0
#include "istio/host.hpp"

namespace aksmesh::istio {

std::string fqdn(std::string_view host, std::string_view name_space) {
  std::string out(host);
  if (is_wildcard(host) || host.find('.') != std::string_view::npos) return out;
  return out.append(".").append(name_space).append(kServiceSuffix);
}

ServiceName service_name(std::string_view host, std::string_view own_namespace) {
  if (host.ends_with(kServiceSuffix)) {
    const auto rest = host.substr(0, host.size() - kServiceSuffix.size());
    if (const auto dot = rest.rfind('.'); dot != std::string_view::npos)
      return {.name_space = rest.substr(dot + 1), .name = rest.substr(0, dot)};
  }
  return {.name_space = own_namespace, .name = host};
}

bool hosts_overlap(std::string_view one, std::string_view other) {
  if (is_wildcard(one) && is_wildcard(other)) {
    const auto a = one.substr(1);
    const auto b = other.substr(1);
    return a.size() >= b.size() ? a.ends_with(b) : b.ends_with(a);
  }
  if (is_wildcard(one)) return other.ends_with(one.substr(1));
  if (is_wildcard(other)) return one.ends_with(other.substr(1));
  return one == other;
}

}  // namespace aksmesh::istio
