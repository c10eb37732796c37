// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <tuple>

#include <nlohmann/json.hpp>

#include "base/printable.hpp"
#include "command.hpp"
#include "envoy/cluster.hpp"
#include "envoy/origin.hpp"
#include "proxy_config_outcome.hpp"
#include "proxy_source.hpp"

namespace aksmesh::commands {
namespace {

using envoy::ClusterRow;
using Json = nlohmann::ordered_json;

struct Options {
  ProxyOptions proxy{};
  std::string fqdn{};
  std::string direction{};
  std::string subset{};
  std::string port{};
};

void declare(OptionSet& set, Options& o) {
  set.value("--fqdn", o.fqdn, "TEXT").help("Only clusters whose name has this in it");
  set.value("--port", o.port, "PORT").help("Only of this port");
  set.value("--direction", o.direction, "DIRECTION")
      .help("Only clusters with this in their name, as in inbound and outbound");
  set.value("--subset", o.subset, "TEXT").help("Likewise, as in v1");
  declare_proxy_options(set, o.proxy);
}

/// As the neighbour filters: by parts of the name.
bool is_wanted(const Options& o, const std::string& name) {
  const auto has = [&](const std::string& part) { return name.find(part) != std::string::npos; };
  return has(o.fqdn) && has(o.direction) && has(o.subset) &&
         (o.port.empty() || has('|' + o.port + '|'));
}

bool comes_before(const ClusterRow& a, const ClusterRow& b) {
  return std::tie(a.host, a.subset, a.port, a.direction, a.name) <
         std::tie(b.host, b.subset, b.port, b.direction, b.name);
}

std::string or_dash(const std::string& text) {
  return text.empty() ? "-" : text;
}

report::Table table_of(const std::vector<ClusterRow>& rows, bool all_columns) {
  report::Table out{
      .columns =
          {{"SERVICE FQDN"}, {"PORT"}, {"SUBSET"}, {"DIRECTION"}, {"TYPE"}, {"DESTINATION RULE"}},
      .rows = {}};
  if (all_columns)
    for (const char* more : {"STATE", "LB POLICY", "UPDATED", "ERROR"})
      out.columns.push_back({more});
  for (const auto& row : rows) {
    if (row.state == ClusterRow::State::warming && !all_columns) continue;
    std::vector<std::string> cells{printable(row.host),
                                   row.port ? std::to_string(*row.port) : "-",
                                   or_dash(printable(row.subset)),
                                   or_dash(printable(row.direction)),
                                   printable(row.type),
                                   printable(envoy::origin_name(row.origin))};
    if (all_columns)
      cells.insert(cells.end(), {std::string(envoy::word_of(row.state)), printable(row.policy),
                                 or_dash(row.updated), or_dash(printable(row.error))});
    out.rows.push_back(std::move(cells));
  }
  return out;
}

Json facts_of(const ClusterRow& row) {
  Json out{{"name", row.name}, {"host", row.host}};
  if (row.port) out["port"] = *row.port;
  if (!row.subset.empty()) out["subset"] = row.subset;
  if (!row.direction.empty()) out["direction"] = row.direction;
  out["type"] = row.type;
  if (!row.origin.empty()) out["origin"] = row.origin;
  out["state"] = envoy::word_of(row.state);
  if (!row.updated.empty()) out["updated"] = row.updated;
  if (!row.error.empty()) out["error"] = row.error;
  return out;
}

Result<OutcomePtr> run(const Options& o, const Context& context) {
  AK_TRY(auto proxy, ProxySource::open(o.proxy, context));
  const bool documents = wants_documents(context);
  std::vector<ClusterRow> rows;
  AK_TRY(auto facts, proxy.read(envoy::kClusterLists, [&](const envoy::DumpEntry& entry) {
    auto row = envoy::cluster_row(entry);
    if (!is_wanted(o, row.name)) return;
    if (documents) row.config = entry.json("cluster");
    rows.push_back(std::move(row));
  }));
  AK_CHECK(require_section(facts, envoy::kClusterSection, "clusters", proxy));
  std::erase_if(rows, [&](const ClusterRow& row) { return facts.is_replaced(row.section); });
  std::sort(rows.begin(), rows.end(), comes_before);
  ConfigListing listing{.kind = "cluster", .proxy = proxy.name(), .lost = std::move(facts.lost)};
  if (!documents)
    listing.table = table_of(rows, wants_all_columns(context));
  else
    for (auto& row : rows)
      listing.items.push_back({.facts = compact(facts_of(row)), .config = std::move(row.config)});
  return OutcomePtr(std::make_unique<ProxyConfigOutcome>(std::move(listing), context));
}

constexpr std::array kExamples{
    Example{"aksmesh proxy config cluster -f dump.json", "The clusters in a saved dump"},
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
