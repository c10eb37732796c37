// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <map>

#include "command.hpp"
#include "envoy/ecds.hpp"
#include "proxy_config_all_outcome.hpp"
#include "proxy_config_kinds.hpp"

namespace aksmesh::commands {
namespace {

struct Options {
  ProxyOptions proxy{};
  ClusterFilter cluster{};
  ListenerFilter listener{};
  RouteFilter route{};
};

void declare(OptionSet& set, Options& o) {
  declare_fqdn(set, o.cluster.fqdn);
  declare_port(set, o.cluster.port);
  declare_direction(set, o.cluster.direction);
  declare_subset(set, o.cluster.subset);
  declare_address(set, o.listener.address);
  declare_type(set, o.listener.type);
  declare_name(set, o.route.name);
  declare_proxy_options(set, o.proxy);
}

/// In the neighbour's order, and then what it does not show here.
std::vector<ConfigKindPtr> kinds_of(const Options& o, const Context& context) {
  auto form = form_of(context);
  form.named = true;
  auto listener = o.listener;
  listener.port = o.cluster.port;
  const EndpointFilter endpoint{.address = o.listener.address, .port = o.cluster.port};
  std::vector<ConfigKindPtr> out;
  out.push_back(bootstrap_kind(form));
  out.push_back(cluster_kind(o.cluster, form));
  out.push_back(listener_kind(std::move(listener), form));
  out.push_back(route_kind(o.route, form));
  out.push_back(secret_kind(context.clock.now(), form));
  out.push_back(eds_kind(endpoint, form));
  if (form.documents || form.all_columns) out.push_back(ecds_kind(form));
  return out;
}

/// All kinds in one pass: each entry goes to the kind that wants its list.
Result<envoy::DumpFacts> read(ProxySource& proxy, const std::vector<ConfigKindPtr>& kinds) {
  std::vector<std::string_view> lists;
  std::map<std::string_view, ConfigKind*> takers;
  for (const auto& kind : kinds)
    for (const auto list : kind->lists()) {
      lists.push_back(list);
      takers.emplace(list, kind.get());
    }
  return proxy.read(lists, [&](const envoy::DumpEntry& entry) {
    if (const auto taker = takers.find(entry.list); taker != takers.end())
      taker->second->take(entry);
  });
}

Result<OutcomePtr> run(const Options& o, const Context& context) {
  AK_TRY(auto proxy, ProxySource::open(o.proxy, context));
  const auto kinds = kinds_of(o, context);
  AK_TRY(auto facts, read(proxy, kinds));
  const auto is_there = [&](const ConfigKindPtr& kind) { return facts.has(kind->section()); };
  if (std::none_of(kinds.begin(), kinds.end(), is_there) && !facts.has(envoy::kEndpointSection))
    return require(*kinds.front(), facts, proxy).error();
  std::vector<ConfigListing> listings;
  auto lost = facts.lost;
  for (const auto& kind : kinds) {
    auto there = require(*kind, facts, proxy);
    // Most proxies have no extensions that come by themselves.
    if (!there && kind->section() == envoy::kEcdsSection) continue;
    if (!there) {
      lost.push_back(std::move(there).error());
      continue;
    }
    listings.push_back(kind->listing(facts));
    listings.back().kind = kind->word();
  }
  return OutcomePtr(std::make_unique<ProxyConfigAllOutcome>(std::move(listings), std::move(lost),
                                                            proxy.name(), context));
}

constexpr std::array kExamples{
    Example{"aksmesh proxy config all -f dump.json", "Everything in a saved dump"},
    Example{"aksmesh proxy config all -f dump.json --port 9080 --name 9080 --fqdn reviews",
            "What concerns one service"}};
constexpr std::array<std::string_view, 5> kAliases{"proxy config a", "proxy-config all",
                                                   "proxy-config a", "pc all", "pc a"};

}  // namespace

extern const Command proxy_config_all_command;
constinit const Command proxy_config_all_command =
    command<declare, run>({.path = "proxy config all",
                           .summary = "Show everything that a proxy is configured with",
                           .page = "commands/proxy_config_all.md",
                           .examples = kExamples,
                           .aliases = kAliases});

}  // namespace aksmesh::commands
