// SPDX-License-Identifier: Apache-2.0
#include "envoy/route.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <set>

#include "base/strings.hpp"
#include "envoy/dump.hpp"
#include "envoy/origin.hpp"
#include "envoy/route_match.hpp"
#include "envoy/value.hpp"

namespace aksmesh::envoy {
namespace {

std::string text_of(const Value& value) {
  return std::string(value.text());
}

/// The status that a redirect answers with; Envoy leaves out the default.
std::string_view status_of(std::string_view response_code) {
  if (response_code == "FOUND") return "302";
  if (response_code == "SEE_OTHER") return "303";
  if (response_code == "TEMPORARY_REDIRECT") return "307";
  if (response_code == "PERMANENT_REDIRECT") return "308";
  return "301";
}

/// The parts of the new address that a redirect gives; the others stay as they were.
std::string redirect_text(const Value& redirect) {
  auto out = "redirect " + std::string(status_of(redirect["response_code"].text()));
  std::string to;
  if (redirect["https_redirect"].is_true()) to = "https://";
  if (const auto scheme = redirect["scheme_redirect"].text(); !scheme.empty())
    to = std::string(scheme) + "://";
  to += redirect["host_redirect"].text();
  if (const auto port = redirect["port_redirect"].number()) to += ':' + std::to_string(*port);
  to += redirect["path_redirect"].text();
  if (const auto prefix = redirect["prefix_rewrite"].text(); !prefix.empty())
    to += std::string(prefix) + '*';
  return to.empty() ? out : out + ' ' + to;
}

std::string forward_text(const Value& action) {
  if (const auto cluster = action["cluster"]; cluster.is_there()) return text_of(cluster);
  if (const auto weighted = action["weighted_clusters"]; weighted.is_there())
    return weights_text(weighted);
  if (const auto header = action["cluster_header"].text(); !header.empty())
    return "named by header " + std::string(header);
  if (const auto plugin = action["cluster_specifier_plugin"].text(); !plugin.empty())
    return "named by plugin " + std::string(plugin);
  if (const auto plugin = action["inline_cluster_specifier_plugin"]; plugin.is_there())
    return "named by plugin " + text_of(plugin["extension"]["name"]);
  return {};
}

Route route_of(const Value& route) {
  constexpr std::string_view kPassthrough = "PassthroughCluster";
  return {.name = text_of(route["name"]),
          .match = match_text(route["match"]),
          .conditions = conditions_text(route["match"]),
          .destination = destination_text(route),
          .timeout = text_of(route["route"]["timeout"]),
          .origin = origin_of(route),
          .passes_through = route["route"]["cluster"].text() == kPassthrough};
}

VirtualHost host_of(const Value& host) {
  VirtualHost out{.name = text_of(host["name"])};
  for (const auto domain : host["domains"].items()) out.domains.push_back(text_of(domain));
  for (const auto route : host["routes"].items()) out.routes.push_back(route_of(route));
  return out;
}

std::optional<std::uint64_t> as_number(const std::string& name) {
  std::uint64_t out = 0;
  const auto* end = name.data() + name.size();
  const auto read = std::from_chars(name.data(), end, out);
  if (name.empty() || read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return out;
}

/// Whether a domain names a port; of an address of IPv6 in brackets, the colons are its own.
bool has_port(const std::string& domain) {
  const auto colons = std::count(domain.begin(), domain.end(), ':');
  constexpr int kColonsOfNames = 2;
  return colons > 0 && (colons <= kColonsOfNames || !domain.ends_with(']'));
}

/// Whether another of the domains is the same without the suffix.
bool has_shorter(const std::set<std::string_view>& domains, std::string_view domain,
                 std::string_view suffix) {
  return domain.ends_with(suffix) &&
         domains.contains(domain.substr(0, domain.size() - suffix.size()));
}

}  // namespace

RouteRow route_row(const DumpEntry& entry) {
  const auto config = entry.value["route_config"];
  RouteRow out{.name = text_of(config["name"]),
               .updated = text_of(entry.value["last_updated"]),
               .error = text_of(entry.value["error_state"]["details"]),
               .section = entry.section};
  for (const auto host : config["virtual_hosts"].items()) out.hosts.push_back(host_of(host));
  if (entry.list == "static_route_configs") out.state = RouteRow::State::fixed;
  return out;
}

std::string_view word_of(RouteRow::State state) {
  return state == RouteRow::State::fixed ? "STATIC" : "ACTIVE";
}

bool comes_before(const RouteRow& a, const RouteRow& b) {
  const auto first = as_number(a.name);
  const auto second = as_number(b.name);
  if (first && second) return *first < *second;
  if (first || second) return first.has_value();
  return a.name < b.name;
}

std::string destination_text(const Value& route) {
  if (const auto action = route["route"]; action.is_there()) return forward_text(action);
  if (const auto redirect = route["redirect"]; redirect.is_there()) return redirect_text(redirect);
  if (const auto direct = route["direct_response"]; direct.is_there())
    return "answer " + std::to_string(direct["status"].number().value_or(0));
  if (route["filter_action"].is_there()) return "a filter";
  return {};
}

std::string weights_text(const Value& weighted) {
  std::vector<std::string> out;
  for (const auto one : weighted["clusters"].items()) {
    auto name = text_of(one["name"]);
    if (name.empty()) name = "named by header " + text_of(one["cluster_header"]);
    out.push_back(name + ' ' + std::to_string(one["weight"].number().value_or(0)));
  }
  return join(out, ", ");
}

std::string short_domains(const std::vector<std::string>& domains) {
  constexpr std::size_t kShown = 2;
  if (domains.size() == 1) return domains.front();
  std::vector<std::string> without_port;
  std::copy_if(domains.begin(), domains.end(), std::back_inserter(without_port),
               [](const std::string& domain) { return !has_port(domain); });
  const std::set<std::string_view> all(without_port.begin(), without_port.end());
  std::vector<std::string> out;
  for (const auto& domain : without_port)
    if (!has_shorter(all, domain, ".svc.cluster.local") && !has_shorter(all, domain, ".svc"))
      out.push_back(domain);
  if (out.size() <= kShown) return join(out, ", ");
  const auto more = out.size() - kShown;
  out.resize(kShown);
  return join(out, ", ") + " + " + std::to_string(more) + " more...";
}

}  // namespace aksmesh::envoy
