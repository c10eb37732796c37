// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>
#include <unordered_set>

#include "base/strings.hpp"
#include "istio/host.hpp"
#include "istio/validation/kinds.hpp"
#include "istio/validation/virtual_service_parts.hpp"

namespace aksmesh::istio::validation {
namespace {

constexpr std::string_view kMesh = "mesh";
constexpr std::string_view kClaims = "@request.auth.claims";
constexpr std::string_view kGeneratedHost = "outbound_.";

/// The hosts of a VirtualService, to find those that cover others.
class Hosts {
 public:
  explicit Hosts(const Node& list) {
    for (const auto host : list.items()) {
      const auto text = host.text();
      all_.emplace(text);
      if (is_wildcard(text)) lengths_.insert(text.size() - 1);
    }
  }
  [[nodiscard]] bool has(std::string_view host) const { return all_.contains(host); }
  /// A wildcard other than `host` itself that covers it; empty when there is none.
  [[nodiscard]] std::string_view wider(std::string_view host) const {
    const auto own = is_wildcard(host) ? host.substr(1) : host;
    for (const auto length : lengths_) {
      if (length > own.size()) break;
      const auto found = all_.find('*' + std::string(own.substr(own.size() - length)));
      if (found != all_.end() && *found != host) return *found;
    }
    return {};
  }

 private:
  std::set<std::string, std::less<>> all_;
  std::set<std::size_t> lengths_;  // of the wildcards' fixed parts
};

Bound bound_of(const Node& spec) {
  const auto gateways = spec["gateways"].items();
  const bool sidecars = spec["gateways"].size() == 0 ||
                        std::any_of(gateways.begin(), gateways.end(),
                                    [](const Node& name) { return name.text() == kMesh; });
  return sidecars ? Bound::mesh : Bound::gateway;
}

void check_delegate(const Node& spec, Problems& out) {
  for (const std::string_view name : {"gateways", "tls", "tcp"})
    if (has(spec, name))
      out.error("VS-01", spec[name],
                "a VirtualService without hosts is a delegate and can have http routes only; " +
                    std::string(name) + " belongs to the one that includes it");
}

void check_claims(const Node& spec, Problems& out) {
  for (const auto route : spec["http"].items())
    for (const auto match : route["match"].items())
      for (const std::string_view part : {"headers", "withoutHeaders"})
        for (const auto& [name, value] : match[part].entries())
          if (is_claim(name.text()))
            out.error("VS-03", value,
                      "a match on a claim works in gateways only; bind the VirtualService to "
                      "gateways without mesh");
}

void check_hosts(const Node& spec, Bound bound, Problems& out) {
  const auto tls = spec["tls"].items();
  const bool has_sni = std::any_of(tls.begin(), tls.end(), [](const Node& route) {
    const auto matches = route["match"].items();
    return std::any_of(matches.begin(), matches.end(),
                       [](const Node& match) { return has(match, "sniHosts"); });
  });
  const auto before = out.errors();
  for (const auto host : spec["hosts"].items()) {
    if (!is_ip(host.text())) check_host("VS-04", host, has_sni ? bound : Bound::mesh, out);
    if (host.text() == "*" && bound == Bound::mesh)
      out.error("VS-05", host,
                "the host * is for gateways only; sidecars need the names of services");
  }
  if (out.errors() != before) return;
  const Hosts all(spec["hosts"]);
  std::unordered_set<std::string_view> seen;
  for (const auto host : spec["hosts"].items()) {
    const auto text = host.text();
    const auto wider = all.wider(text);
    if (!seen.insert(text).second)
      out.error("VS-06", host, shown(text) + " is in the list twice");
    else if (!wider.empty())
      out.error("VS-06", host,
                shown(text) + " is covered by " + shown(wider) + " of the same list");
  }
}

void check_sni_hosts(const Node& spec, const Node& match, Bound bound, const Hosts& hosts,
                     Problems& out) {
  constexpr std::string_view kRule = "VS-50";
  if (!has(match, "sniHosts"))
    out.error(kRule, {match, "sniHosts"},
              "at least one host name of the TLS handshake is required");
  for (const auto host : match["sniHosts"].items()) {
    const auto text = host.text();
    if (is_ip(text)) {
      out.warning(kRule, host,
                  shown(text) +
                      " is an address; clients send names in the TLS handshake, not "
                      "addresses");
      continue;
    }
    const auto before = out.errors();
    check_host(kRule, host, bound, out);
    if (out.errors() == before && !hosts.has(text) && hosts.wider(text).empty())
      out.error(kRule, host,
                shown(text) + " is not one of the VirtualService's hosts" +
                    (has(spec, "hosts") ? "" : ", of which there are none"));
  }
}

void check_tls_routes(const Node& spec, Bound bound, Problems& out) {
  constexpr std::string_view kRule = "VS-50";
  const Hosts hosts(spec["hosts"]);
  for (const auto route : spec["tls"].items()) {
    if (route.is_null()) continue;
    if (!has(route, "match")) out.error(kRule, {route, "match"}, "at least one match is required");
    for (const auto match : route["match"].items()) {
      if (match.is_null()) {
        out.error(kRule, match, "the match is null");
        continue;
      }
      check_sni_hosts(spec, match, bound, hosts, out);
      check_tcp_match(match, out);
    }
    if (!has(route, "route")) out.error(kRule, {route, "route"}, "a destination is required");
    check_route_destinations(route["route"], out);
  }
}

void check_tcp_routes(const Node& spec, Problems& out) {
  constexpr std::string_view kRule = "VS-51";
  for (const auto route : spec["tcp"].items()) {
    if (route.is_null()) continue;
    for (const auto match : route["match"].items()) {
      if (match.is_null())
        out.error(kRule, match, "the match is null");
      else
        check_tcp_match(match, out);
    }
    if (!has(route, "route")) out.error(kRule, {route, "route"}, "a destination is required");
    check_route_destinations(route["route"], out);
  }
}

}  // namespace

StringMatch read_string_match(const Node& match) {
  StringMatch out;
  for (const auto& [key, value] : match.entries())
    if (!value.is_null() &&
        (key.text() == "exact" || key.text() == "prefix" || key.text() == "regex"))
      out = {.kind = key.text(), .value = value};
  return out;
}

bool is_claim(std::string_view header) {
  if (to_lower(header.substr(0, kClaims.size())) != kClaims) return false;
  const auto rest = header.substr(kClaims.size());
  return rest.size() > 1 && (rest.front() == '.' || (rest.front() == '[' && rest.back() == ']'));
}

void check_gateway_names(const Node& names, Problems& out) {
  constexpr std::string_view kRule = "VS-02";
  for (const auto name : names.items()) {
    const auto text = name.text();
    const auto slash = text.find('/');
    if (slash == std::string_view::npos) {
      const auto parts = split(text, '.');
      if (parts.size() > 1)
        out.warning(kRule, name,
                    shown(text) + " names a gateway in an old form; write " +
                        std::string(parts[1]) + '/' + std::string(parts[0]));
      check_domain(kRule, name, out);
      return;  // as Istio does
    }
    const auto name_space = text.substr(0, slash);
    const auto gateway = text.substr(slash + 1);
    if (name_space.empty() || gateway.empty())
      out.error(kRule, name, shown(text) + " must name both, as in namespace/gateway");
    if (!name_space.empty() && !is_label(name_space))
      out.error(kRule, name, shown(name_space) + " cannot be the name of a namespace");
    if (!gateway.empty() && !is_label(gateway))
      out.error(kRule, name, shown(gateway) + " cannot be the name of a Gateway");
  }
}

void check_host(std::string_view rule, const Node& host, Bound bound, Problems& out) {
  const auto text = host.text();
  if (bound == Bound::gateway && text.starts_with(kGeneratedHost)) {
    // As in `outbound_.443_._.api.example.com`, which gateways between networks use.
    const auto rest = text.substr(kGeneratedHost.size());
    const auto port = std::min(rest.find_first_not_of("0123456789"), rest.size());
    const auto tail = rest.substr(port);
    constexpr std::string_view kMiddle = "_._.";
    if (port > 0 && tail.starts_with(kMiddle) &&
        wildcard_domain_fault(tail.substr(kMiddle.size())).empty())
      return;
  }
  check_wildcard_domain(rule, host, out);
}

void validate_virtual_service(const kube::Object& object, Problems& out) {
  const auto spec = object.spec();
  const bool delegate = !has(spec, "hosts");
  const auto bound = bound_of(spec);
  if (delegate) check_delegate(spec, out);
  check_gateway_names(spec["gateways"], out);
  if (bound == Bound::mesh) check_claims(spec, out);
  check_hosts(spec, bound, out);
  if (!has(spec, "http") && !has(spec, "tcp") && !has(spec, "tls"))
    out.error("VS-07", {spec, "http"}, "one of http, tcp and tls is required");
  for (const auto route : spec["http"].items()) {
    if (route.is_null())
      out.error("VS-08", route, "the route is null");
    else
      check_http_route(route, delegate ? Role::delegate : Role::root, out);
  }
  check_tls_routes(spec, bound, out);
  check_tcp_routes(spec, out);
  check_export_to(object, out);
}

}  // namespace aksmesh::istio::validation
