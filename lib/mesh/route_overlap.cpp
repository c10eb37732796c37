// SPDX-License-Identifier: Apache-2.0
#include "mesh/route_overlap.hpp"

#include "data/canonical.hpp"

namespace aksmesh::mesh {
namespace {

using data::Node;

constexpr std::size_t kLongestPath = 512;  // longer ones are compared as a whole only

/// A match without its name.
std::string text_of(const Node& match) {
  return data::canonical(match, "name");
}

/// True when the match asks for nothing but its uri.
bool is_plain(const Node& match) {
  for (const auto [key, value] : match.entries())
    if (key.text() != "name" && key.text() != "uri") return false;
  return true;
}

/// Istio puts these behind all others.
bool is_catch_all(const Node& match) {
  const auto uri = match["uri"];
  return is_plain(match) && (!uri || uri["prefix"].text() == "/");
}

}  // namespace

std::optional<JoinedRoutes::Clash> JoinedRoutes::claim(Owner service, const Node& place,
                                                       std::string claimed, std::string requests) {
  const auto [at, is_new] = claims_.try_emplace(std::move(claimed), service);
  if (is_new || at->second == service) return std::nullopt;
  return Clash{.place = place, .other = at->second, .requests = std::move(requests)};
}

std::optional<JoinedRoutes::Clash> JoinedRoutes::covered(Owner service, const Node& match,
                                                         std::string_view path) const {
  for (std::size_t length = 1; length <= path.size(); ++length) {
    const auto found = prefixes_.find(path.substr(0, length));
    if (found != prefixes_.end() && found->second != service)
      return Clash{
          .place = match, .other = found->second, .requests = "requests for " + std::string(path)};
  }
  return std::nullopt;
}

std::optional<JoinedRoutes::Clash> JoinedRoutes::covers(Owner service, const Node& match,
                                                        std::string_view prefix) const {
  for (auto at = paths_.lower_bound(prefix);
       at != paths_.end() && std::string_view(at->first).starts_with(prefix); ++at)
    if (at->second != service)
      return Clash{.place = match, .other = at->second, .requests = "requests for " + at->first};
  return std::nullopt;
}

std::optional<JoinedRoutes::Clash> JoinedRoutes::add_http(Owner service, const Node& rule,
                                                          const Node& match) {
  if (!match || is_catch_all(match))
    return claim(service, match ? match : rule, "*", "requests that fit no other route");
  const auto uri = match["uri"];
  const auto prefix = uri["prefix"].text();
  const auto path = prefix.empty() ? uri["exact"].text() : prefix;
  auto clash = claim(service, match, text_of(match),
                     path.empty() ? std::string("requests of the same match")
                                  : "requests for " + std::string(path));
  // Without regard to case another order of prefixes would hold.
  if (path.empty() || path.size() > kLongestPath || match["ignoreUriCase"]) return clash;
  if (!clash) clash = covered(service, match, path);
  if (!prefix.empty() && is_plain(match)) {
    const auto [at, is_new] = prefixes_.try_emplace(std::string(prefix), service);
    if (!clash && is_new) clash = covers(service, match, prefix);
  }
  paths_.emplace(path, service);
  return clash;
}

std::optional<JoinedRoutes::Clash> JoinedRoutes::add(const kube::Object& virtual_service) {
  std::optional<Clash> first;
  const auto keep = [&](std::optional<Clash> clash) {
    if (!first) first = std::move(clash);
  };
  const auto spec = virtual_service.spec();
  for (const auto rule : spec["http"].items()) {
    if (rule["match"].size() == 0) keep(add_http(&virtual_service, rule, {}));
    for (const auto match : rule["match"].items()) keep(add_http(&virtual_service, rule, match));
  }
  for (const auto rule : spec["tls"].items())
    for (const auto match : rule["match"].items())
      keep(claim(&virtual_service, match, "tls " + text_of(match),
                 "connections for " + text_of(match["sniHosts"])));
  for (const auto rule : spec["tcp"].items()) {
    if (rule["match"].size() == 0) keep(claim(&virtual_service, rule, "tcp", "every connection"));
    for (const auto match : rule["match"].items())
      keep(claim(&virtual_service, match, "tcp " + text_of(match), "the same connections"));
  }
  return first;
}

}  // namespace aksmesh::mesh
