// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "command.hpp"
#include "envoy/dump.hpp"
#include "envoy/eds.hpp"
#include "envoy/redaction.hpp"
#include "envoy/value.hpp"
#include "proxy_config_outcome.hpp"
#include "proxy_endpoints.hpp"
#include "proxy_source.hpp"

namespace aksmesh::commands {
namespace {

using envoy::EndpointRow;

struct Options {
  ProxyOptions proxy{};
  EndpointFilter filter{};
};

void declare(OptionSet& set, Options& o) {
  declare_endpoint_filter(set, o.filter);
  declare_proxy_options(set, o.proxy);
}

/// istioctl wants the port with the address; here it may be left out.
bool is_wanted(const EndpointFilter& filter, const EndpointRow& row) {
  return filter.takes(row) &&
         (filter.address.empty() || filter.address == envoy::eds_name(row) ||
          filter.address == envoy::endpoint_host(row.address) ||
          filter.address == envoy::with_port(envoy::endpoint_host(row.address), row.address.port));
}

Result<OutcomePtr> run(const Options& o, const Context& context) {
  AK_TRY(auto proxy, ProxySource::open(o.proxy, context));
  const bool documents = wants_documents(context);
  std::vector<EndpointRow> rows;
  AK_TRY(auto facts, proxy.read(envoy::kEdsLists, [&](const envoy::DumpEntry& entry) {
    take_endpoints(entry, envoy::Columns::all, [&](EndpointRow&& row, const envoy::Value& object) {
      if (!is_wanted(o.filter, row)) return;
      if (documents) row.config = envoy::json_without_secrets(object);
      rows.push_back(std::move(row));
    });
  }));
  std::erase_if(rows, [&](const EndpointRow& row) { return facts.is_replaced(row.section); });
  envoy::sort_eds(rows);
  ConfigListing listing{.kind = "eds", .proxy = proxy.name(), .lost = std::move(facts.lost)};
  if (!facts.has(envoy::kEndpointSection))
    listing.notes.emplace_back("the dump has no endpoints: it was taken without include_eds");
  if (documents)
    listing.items = endpoint_items(std::move(rows));
  else
    listing.table = envoy::eds_table(rows, wanted_columns(context));
  return OutcomePtr(std::make_unique<ProxyConfigOutcome>(std::move(listing), context));
}

constexpr std::array kExamples{
    Example{"aksmesh proxy config eds -f dump.json", "The endpoints in a saved dump"},
    Example{"aksmesh proxy config eds -f dump.json --port 9080 -o json",
            "Those of one port, with what Envoy has of them"}};
constexpr std::array<std::string_view, 2> kAliases{"proxy-config eds", "pc eds"};

}  // namespace

extern const Command proxy_config_eds_command;
constinit const Command proxy_config_eds_command =
    command<declare, run>({.path = "proxy config eds",
                           .summary = "Show the endpoints that a proxy was given",
                           .page = "commands/proxy_config_eds.md",
                           .examples = kExamples,
                           .aliases = kAliases});

}  // namespace aksmesh::commands
