// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <nlohmann/json.hpp>

#include "command.hpp"
#include "envoy/dump.hpp"
#include "envoy/ecds.hpp"
#include "proxy_config_kinds.hpp"

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

class Extensions final : public ConfigKind {
 public:
  explicit Extensions(ListingForm form) : form_(form) {}
  [[nodiscard]] std::string_view word() const override { return "ecds"; }
  [[nodiscard]] std::string_view plural() const override { return "extensions"; }
  [[nodiscard]] std::string_view section() const override { return envoy::kEcdsSection; }
  [[nodiscard]] std::span<const std::string_view> lists() const override {
    return envoy::kEcdsLists;
  }

  void take(const envoy::DumpEntry& entry) override {
    rows_.push_back(envoy::ecds_row(entry));
    if (form_.documents) rows_.back().config = entry.json("ecds_filter");
  }

  ConfigListing listing(const envoy::DumpFacts& /*facts*/) override {
    envoy::sort_ecds(rows_);
    ConfigListing out;
    if (!form_.documents) out.table = envoy::ecds_table(rows_, columns_of(form_));
    if (form_.named) name_rows(out.table, "ecds");
    for (auto& row : rows_)
      if (form_.documents)
        out.items.push_back({.facts = compact(facts_of(row)), .config = std::move(row.config)});
    return out;
  }

 private:
  ListingForm form_;
  std::vector<EcdsRow> rows_{};
};

Result<OutcomePtr> run(const Options& o, const Context& context) {
  return show_kind(*ecds_kind(form_of(context)), o.proxy, context);
}

constexpr std::array kExamples{
    Example{"aksmesh proxy config ecds -f dump.json", "The extensions in a saved dump"}};
constexpr std::array<std::string_view, 5> kAliases{"proxy config ec", "proxy-config ecds",
                                                   "proxy-config ec", "pc ecds", "pc ec"};

}  // namespace

ConfigKindPtr ecds_kind(ListingForm form) {
  return std::make_unique<Extensions>(form);
}

extern const Command proxy_config_ecds_command;
constinit const Command proxy_config_ecds_command =
    command<declare, run>({.path = "proxy config ecds",
                           .summary = "Show the extensions of a proxy, such as a WasmPlugin",
                           .page = "commands/proxy_config_ecds.md",
                           .examples = kExamples,
                           .aliases = kAliases});

}  // namespace aksmesh::commands
