// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "command.hpp"
#include "envoy/dump.hpp"
#include "envoy/eds.hpp"
#include "envoy/name_regex.hpp"
#include "envoy/redaction.hpp"
#include "envoy/value.hpp"
#include "proxy_config_kinds.hpp"

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

class Assignments final : public ConfigKind {
 public:
  Assignments(EndpointFilter filter, ListingForm form) : filter_(std::move(filter)), form_(form) {}
  [[nodiscard]] std::string_view word() const override { return "eds"; }
  [[nodiscard]] std::string_view plural() const override { return "endpoints"; }
  /// Most dumps have none: they are taken without.
  [[nodiscard]] std::string_view section() const override { return {}; }
  [[nodiscard]] std::span<const std::string_view> lists() const override {
    return envoy::kEdsLists;
  }

  [[nodiscard]] std::string names() const override {
    return filter_.cluster.empty() ? "" : "(?i)" + envoy::quoted_name(filter_.cluster);
  }

  void take(const envoy::DumpEntry& entry) override {
    take_endpoints(entry, envoy::Columns::all, [&](EndpointRow&& row, const envoy::Value& object) {
      if (!filter_.takes(row)) return;
      if (form_.documents) row.config = envoy::json_without_secrets(object);
      rows_.push_back(std::move(row));
    });
  }

  ConfigListing listing(const envoy::DumpFacts& facts) override {
    std::erase_if(rows_, [&](const EndpointRow& row) { return facts.is_replaced(row.section); });
    envoy::sort_eds(rows_);
    ConfigListing out;
    if (!facts.has(envoy::kEndpointSection))
      out.notes.emplace_back("the dump has no endpoints: it was taken without include_eds");
    if (form_.documents)
      out.items = endpoint_items(std::move(rows_));
    else
      out.table = envoy::eds_table(rows_, columns_of(form_));
    if (form_.named) name_rows(out.table, "endpoint");
    return out;
  }

 private:
  EndpointFilter filter_;
  ListingForm form_;
  std::vector<EndpointRow> rows_{};
};

Result<OutcomePtr> run(const Options& o, const Context& context) {
  return show_kind(*eds_kind(o.filter, form_of(context)), o.proxy, context);
}

constexpr std::array kExamples{
    Example{"aksmesh proxy config eds -f dump.json", "The endpoints in a saved dump"},
    Example{"aksmesh proxy config eds -f dump.json --port 9080 -o json",
            "Those of one port, with what Envoy has of them"}};
constexpr std::array<std::string_view, 2> kAliases{"proxy-config eds", "pc eds"};

}  // namespace

ConfigKindPtr eds_kind(EndpointFilter filter, ListingForm form) {
  return std::make_unique<Assignments>(std::move(filter), form);
}

extern const Command proxy_config_eds_command;
constinit const Command proxy_config_eds_command =
    command<declare, run>({.path = "proxy config eds",
                           .summary = "Show the endpoints that a proxy was given",
                           .page = "commands/proxy_config_eds.md",
                           .examples = kExamples,
                           .aliases = kAliases});

}  // namespace aksmesh::commands
