// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "command.hpp"
#include "proxy_config_kinds.hpp"

namespace aksmesh::commands {
namespace {

struct Options {
  ProxyOptions proxy{};
  ListenerFilter filter{};
};

void declare(OptionSet& set, Options& o) {
  declare_address(set, o.filter.address);
  declare_port(set, o.filter.port);
  declare_type(set, o.filter.type);
  declare_proxy_options(set, o.proxy);
}

Result<OutcomePtr> run(const Options& o, const Context& context) {
  return show_kind(*listener_kind(o.filter, form_of(context)), o.proxy, context);
}

constexpr std::array kExamples{
    Example{"aksmesh proxy config listener deployment/web.shop",
            "The listeners of a pod of a workload"},
    Example{"aksmesh proxy config listener -f dump.json --port 15006 -o wide",
            "Where requests from others arrive, with states and refusals"}};
constexpr std::array<std::string_view, 8> kAliases{
    "proxy config listeners", "proxy config l", "proxy-config listener", "proxy-config listeners",
    "proxy-config l",         "pc listener",    "pc listeners",          "pc l"};

}  // namespace

extern const Command proxy_config_listener_command;
constinit const Command proxy_config_listener_command =
    command<declare, run>({.path = "proxy config listener",
                           .summary = "Show the listeners of a proxy",
                           .page = "commands/proxy_config_listener.md",
                           .examples = kExamples,
                           .aliases = kAliases});

}  // namespace aksmesh::commands
