// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "command.hpp"
#include "proxy_config_kinds.hpp"

namespace aksmesh::commands {
namespace {

struct Options {
  ProxyOptions proxy{};
  ClusterFilter filter{};
};

void declare(OptionSet& set, Options& o) {
  declare_fqdn(set, o.filter.fqdn);
  declare_port(set, o.filter.port);
  declare_direction(set, o.filter.direction);
  declare_subset(set, o.filter.subset);
  declare_proxy_options(set, o.proxy);
}

Result<OutcomePtr> run(const Options& o, const Context& context) {
  return show_kind(*cluster_kind(o.filter, form_of(context)), o.proxy, context);
}

constexpr std::array kExamples{
    Example{"aksmesh proxy config cluster deployment/web.shop",
            "The clusters of a pod of a workload"},
    Example{"aksmesh proxy config cluster -f dump.json --fqdn reviews -o json",
            "Those of one service, with what Envoy has of them"}};
constexpr std::array<std::string_view, 8> kAliases{
    "proxy config clusters", "proxy config c", "proxy-config cluster", "proxy-config clusters",
    "proxy-config c",        "pc cluster",     "pc clusters",          "pc c"};

}  // namespace

extern const Command proxy_config_cluster_command;
constinit const Command proxy_config_cluster_command =
    command<declare, run>({.path = "proxy config cluster",
                           .summary = "Show the clusters of a proxy",
                           .page = "commands/proxy_config_cluster.md",
                           .examples = kExamples,
                           .aliases = kAliases});

}  // namespace aksmesh::commands
