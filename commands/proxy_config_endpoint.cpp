// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <set>
#include <span>

#include "command.hpp"
#include "envoy/cluster.hpp"
#include "envoy/dump.hpp"
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

/// Which of the sections of a dump the rows are of.
struct Sections {
  bool hosts = false;
  bool assignments = false;
  bool clusters = false;
};

Result<Sections> sections_of(const envoy::DumpFacts& facts, const ProxySource& proxy) {
  const Sections out{.hosts = facts.has(envoy::kHostSection),
                     .assignments = facts.has(envoy::kEndpointSection),
                     .clusters = facts.has(envoy::kClusterSection)};
  if (out.hosts || out.assignments || out.clusters) return out;
  // One of the three would do; the message names the one to ask for.
  AK_CHECK(require_section(facts, envoy::kEndpointSection, "endpoints", proxy));
  return out;
}

/// What the table cannot tell of such a dump.
std::vector<std::string> notes_of(const Sections& sections) {
  if (sections.hosts) return {};
  std::vector<std::string> out{
      "a configuration dump does not tell which endpoints the outlier check has ejected; "
      "a dump of /clusters?format=json does"};
  if (!sections.assignments)
    out.emplace_back(
        "the dump was taken without include_eds: of the endpoints only those are in it that stand "
        "in the configuration of their cluster");
  return out;
}

Result<OutcomePtr> run(const Options& o, const Context& context) {
  AK_TRY(auto proxy, ProxySource::open(o.proxy, context));
  const bool documents = wants_documents(context);
  const auto columns = documents ? envoy::Columns::all : wanted_columns(context);
  std::vector<EndpointRow> rows;
  std::set<std::string, std::less<>> assigned;  // clusters whose endpoints came by EDS
  // A proxy that runs tells all of it on one page; of dumps each kind will do.
  const std::span<const std::string_view> lists(envoy::kEndpointLists);
  const auto asked = proxy.is_live() ? lists.first(1) : lists;
  AK_TRY(auto facts, proxy.read(asked, [&](const envoy::DumpEntry& entry) {
    if (entry.list.ends_with("endpoint_configs"))
      assigned.emplace(envoy::cluster_of_endpoints(entry));
    take_endpoints(entry, columns, [&](EndpointRow&& row, const envoy::Value& object) {
      if (!o.filter.takes(row)) return;
      if (documents) row.config = envoy::json_without_secrets(object);
      rows.push_back(std::move(row));
    });
  }));
  AK_TRY(const auto sections, sections_of(facts, proxy));
  // A saved dump may have both sorts; the hosts tell all that the others do.
  const auto is_told_by_hosts = [&](const EndpointRow& row) {
    return sections.hosts && row.section < facts.sections.size() &&
           facts.sections[row.section].type != envoy::kHostSection;
  };
  std::erase_if(rows, [&](const EndpointRow& row) {
    return facts.is_replaced(row.section) || is_told_by_hosts(row) ||
           (row.is_of_cluster && assigned.contains(row.cluster));
  });
  envoy::sort_endpoints(rows);
  ConfigListing listing{.kind = "endpoint",
                        .proxy = proxy.name(),
                        .lost = std::move(facts.lost),
                        .notes = notes_of(sections)};
  if (documents)
    listing.items = endpoint_items(std::move(rows));
  else
    listing.table = envoy::endpoint_table(rows, columns);
  return OutcomePtr(std::make_unique<ProxyConfigOutcome>(std::move(listing), context));
}

constexpr std::array kExamples{
    Example{"aksmesh proxy config endpoint -f clusters.json",
            "The endpoints in a saved answer of /clusters?format=json"},
    Example{"aksmesh proxy config endpoint -f clusters.json --status unhealthy -o wide",
            "Those that get no requests, with what is wrong"}};
constexpr std::array<std::string_view, 8> kAliases{
    "proxy config endpoints", "proxy config ep", "proxy-config endpoint", "proxy-config endpoints",
    "proxy-config ep",        "pc endpoint",     "pc endpoints",          "pc ep"};

}  // namespace

extern const Command proxy_config_endpoint_command;
constinit const Command proxy_config_endpoint_command =
    command<declare, run>({.path = "proxy config endpoint",
                           .summary = "Show the endpoints of a proxy and their health",
                           .page = "commands/proxy_config_endpoint.md",
                           .examples = kExamples,
                           .aliases = kAliases});

}  // namespace aksmesh::commands
