// SPDX-License-Identifier: Apache-2.0
#include "envoy/host_match.hpp"

#include <tuple>

#include "base/strings.hpp"

namespace aksmesh::envoy {
namespace {

/// How a domain takes a host: what is larger goes first; nothing when it does not.
std::optional<std::tuple<int, std::size_t>> rank_of(std::string_view domain,
                                                    std::string_view host) {
  if (domain == "*") return std::tuple(0, std::size_t{0});
  if (domain == host) return std::tuple(3, domain.size());
  // The star stands for at least one character.
  if (host.size() < domain.size()) return std::nullopt;
  if (domain.starts_with('*') && host.ends_with(domain.substr(1)))
    return std::tuple(2, domain.size());
  if (domain.ends_with('*') && host.starts_with(domain.substr(0, domain.size() - 1)))
    return std::tuple(1, domain.size());
  return std::nullopt;
}

}  // namespace

std::string_view without_port(std::string_view authority) {
  const auto colon = authority.rfind(':');
  if (colon == std::string_view::npos || colon + 1 == authority.size()) return authority;
  const auto port = authority.substr(colon + 1);
  const bool number = port.find_first_not_of("0123456789") == std::string_view::npos;
  // More colons without brackets are an IPv6 address.
  const bool bare = authority.find(':') != colon && authority[colon - 1] != ']';
  return number && !bare ? authority.substr(0, colon) : authority;
}

std::optional<HostChoice> choose_host(const Value& routes, std::string_view authority) {
  if (routes["ignore_port_in_host_matching"].is_true()) authority = without_port(authority);
  const auto wanted = to_lower(std::string(authority));
  std::optional<HostChoice> out;
  std::optional<std::tuple<int, std::size_t>> best;
  for (const auto host : routes["virtual_hosts"].items())
    for (const auto domain : host["domains"].items()) {
      const auto rank = rank_of(to_lower(std::string(domain.text())), wanted);
      if (!rank || (best && *best >= *rank)) continue;
      best = rank;
      out = HostChoice{.host = host, .domain = std::string(domain.text())};
    }
  return out;
}

}  // namespace aksmesh::envoy
