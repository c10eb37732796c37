// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "command.hpp"
#include "proxy_config_kinds.hpp"

namespace aksmesh::commands {
namespace {

struct Options {
  ProxyOptions proxy{};
  RouteFilter filter{};
};

void declare(OptionSet& set, Options& o) {
  declare_name(set, o.filter.name);
  declare_proxy_options(set, o.proxy);
}

Result<OutcomePtr> run(const Options& o, const Context& context) {
  return show_kind(*route_kind(o.filter, form_of(context)), o.proxy, context);
}

constexpr std::array kExamples{
    Example{"aksmesh proxy config route deployment/web.shop", "The routes of a pod of a workload"},
    Example{"aksmesh proxy config route -f dump.json --name 9080 -o wide",
            "Those of one port, with where they lead"}};
constexpr std::array<std::string_view, 8> kAliases{
    "proxy config routes", "proxy config r", "proxy-config route", "proxy-config routes",
    "proxy-config r",      "pc route",       "pc routes",          "pc r"};

}  // namespace

extern const Command proxy_config_route_command;
constinit const Command proxy_config_route_command =
    command<declare, run>({.path = "proxy config route",
                           .summary = "Show the routes of a proxy",
                           .page = "commands/proxy_config_route.md",
                           .examples = kExamples,
                           .aliases = kAliases});

}  // namespace aksmesh::commands
