// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <optional>

#include <nlohmann/json.hpp>

#include "command.hpp"
#include "envoy/bootstrap.hpp"
#include "envoy/dump.hpp"
#include "envoy/redaction.hpp"
#include "proxy_config_outcome.hpp"
#include "proxy_source.hpp"

namespace aksmesh::commands {
namespace {

using envoy::BootstrapRow;
using Json = nlohmann::ordered_json;

struct Options {
  ProxyOptions proxy{};
};

void declare(OptionSet& set, Options& o) {
  declare_proxy_options(set, o.proxy);
}

Json facts_of(const BootstrapRow& row) {
  auto out = Json::object();
  const std::array facts{std::pair("istioVersion", &row.istio_version),
                         std::pair("proxyBuild", &row.proxy_build),
                         std::pair("envoyVersion", &row.envoy_version),
                         std::pair("node", &row.node),
                         std::pair("cluster", &row.cluster),
                         std::pair("workload", &row.workload),
                         std::pair("namespace", &row.name_space),
                         std::pair("locality", &row.locality),
                         std::pair("mesh", &row.mesh),
                         std::pair("istiod", &row.istiod),
                         std::pair("updated", &row.updated)};
  for (const auto& [key, value] : facts)
    if (!value->empty()) out[key] = *value;
  return out;
}

Result<OutcomePtr> run(const Options& o, const Context& context) {
  AK_TRY(auto proxy, ProxySource::open(o.proxy, context));
  const bool documents = wants_documents(context);
  std::optional<BootstrapRow> row;
  AK_TRY(auto facts, proxy.read(envoy::kBootstrapLists, [&](const envoy::DumpEntry& entry) {
    envoy::add_bootstrap(entry, row);
    if (documents && entry.list == "bootstrap")
      row->config = envoy::json_without_secrets(entry.value);
  }));
  AK_CHECK(require_section(facts, envoy::kBootstrapSection, "bootstrap facts", proxy));
  ConfigListing listing{.kind = "bootstrap",
                        .proxy = proxy.name(),
                        .lost = std::move(facts.lost),
                        .headers = report::Headers::hidden};
  if (row && documents)
    listing.items.push_back({.facts = compact(facts_of(*row)), .config = std::move(row->config)});
  else if (row)
    listing.table = envoy::bootstrap_table(*row, wanted_columns(context));
  return OutcomePtr(std::make_unique<ProxyConfigOutcome>(std::move(listing), context));
}

constexpr std::array kExamples{
    Example{"aksmesh proxy config bootstrap -f dump.json", "The versions of a proxy"},
    Example{"aksmesh proxy config bootstrap -f dump.json -o json", "All that it was started with"}};
constexpr std::array<std::string_view, 5> kAliases{"proxy config b", "proxy-config bootstrap",
                                                   "proxy-config b", "pc bootstrap", "pc b"};

}  // namespace

extern const Command proxy_config_bootstrap_command;
constinit const Command proxy_config_bootstrap_command =
    command<declare, run>({.path = "proxy config bootstrap",
                           .summary = "Show what a proxy was started with",
                           .page = "commands/proxy_config_bootstrap.md",
                           .examples = kExamples,
                           .aliases = kAliases});

}  // namespace aksmesh::commands
