// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <nlohmann/json.hpp>

#include "command.hpp"
#include "envoy/dump.hpp"
#include "envoy/ecds.hpp"
#include "proxy_config_outcome.hpp"
#include "proxy_source.hpp"

namespace aksmesh::commands {
namespace {

using envoy::EcdsRow;
using Json = nlohmann::ordered_json;

struct Options {
  ProxyOptions proxy{};
};

void declare(OptionSet& set, Options& o) {
  declare_proxy_options(set, o.proxy);
}

Json facts_of(const EcdsRow& row) {
  Json out{{"name", row.name}, {"type", row.type}};
  if (!row.inner_type.empty()) out["innerType"] = row.inner_type;
  if (!row.updated.empty()) out["updated"] = row.updated;
  if (!row.version.empty()) out["version"] = row.version;
  if (!row.error.empty()) out["error"] = row.error;
  return out;
}

Result<OutcomePtr> run(const Options& o, const Context& context) {
  AK_TRY(auto proxy, ProxySource::open(o.proxy, context));
  const bool documents = wants_documents(context);
  std::vector<EcdsRow> rows;
  AK_TRY(auto facts, proxy.read(envoy::kEcdsLists, [&](const envoy::DumpEntry& entry) {
    rows.push_back(envoy::ecds_row(entry));
    if (documents) rows.back().config = entry.json("ecds_filter");
  }));
  AK_CHECK(require_section(facts, envoy::kEcdsSection, "extensions", proxy));
  envoy::sort_ecds(rows);
  ConfigListing listing{.kind = "ecds", .proxy = proxy.name(), .lost = std::move(facts.lost)};
  if (!documents)
    listing.table = envoy::ecds_table(rows, wanted_columns(context));
  else
    for (auto& row : rows)
      listing.items.push_back({.facts = compact(facts_of(row)), .config = std::move(row.config)});
  return OutcomePtr(std::make_unique<ProxyConfigOutcome>(std::move(listing), context));
}

constexpr std::array kExamples{
    Example{"aksmesh proxy config ecds -f dump.json", "The extensions in a saved dump"}};
constexpr std::array<std::string_view, 5> kAliases{"proxy config ec", "proxy-config ecds",
                                                   "proxy-config ec", "pc ecds", "pc ec"};

}  // namespace

extern const Command proxy_config_ecds_command;
constinit const Command proxy_config_ecds_command =
    command<declare, run>({.path = "proxy config ecds",
                           .summary = "Show the extensions of a proxy, such as a WasmPlugin",
                           .page = "commands/proxy_config_ecds.md",
                           .examples = kExamples,
                           .aliases = kAliases});

}  // namespace aksmesh::commands
