// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <optional>

#include <nlohmann/json.hpp>

#include "command.hpp"
#include "envoy/bootstrap.hpp"
#include "envoy/dump.hpp"
#include "envoy/redaction.hpp"
#include "proxy_config_kinds.hpp"

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

class Bootstrap final : public ConfigKind {
 public:
  explicit Bootstrap(ListingForm form) : form_(form) {}
  [[nodiscard]] std::string_view word() const override { return "bootstrap"; }
  [[nodiscard]] std::string_view plural() const override { return "bootstrap facts"; }
  [[nodiscard]] std::string_view section() const override { return envoy::kBootstrapSection; }
  [[nodiscard]] std::span<const std::string_view> lists() const override {
    return envoy::kBootstrapLists;
  }

  void take(const envoy::DumpEntry& entry) override {
    envoy::add_bootstrap(entry, row_);
    if (form_.documents && entry.list == "bootstrap")
      row_->config = envoy::json_without_secrets(entry.value);
  }

  ConfigListing listing(const envoy::DumpFacts& /*facts*/) override {
    ConfigListing out{.headers = report::Headers::hidden};
    if (row_ && form_.documents)
      out.items.push_back({.facts = compact(facts_of(*row_)), .config = std::move(row_->config)});
    else if (row_)
      out.table = envoy::bootstrap_table(*row_, columns_of(form_));
    return out;
  }

 private:
  ListingForm form_;
  std::optional<BootstrapRow> row_{};
};

Result<OutcomePtr> run(const Options& o, const Context& context) {
  return show_kind(*bootstrap_kind(form_of(context)), o.proxy, context);
}

constexpr std::array kExamples{
    Example{"aksmesh proxy config bootstrap -f dump.json", "The versions of a proxy"},
    Example{"aksmesh proxy config bootstrap -f dump.json -o json", "All that it was started with"}};
constexpr std::array<std::string_view, 5> kAliases{"proxy config b", "proxy-config bootstrap",
                                                   "proxy-config b", "pc bootstrap", "pc b"};

}  // namespace

ConfigKindPtr bootstrap_kind(ListingForm form) {
  return std::make_unique<Bootstrap>(form);
}

extern const Command proxy_config_bootstrap_command;
constinit const Command proxy_config_bootstrap_command =
    command<declare, run>({.path = "proxy config bootstrap",
                           .summary = "Show what a proxy was started with",
                           .page = "commands/proxy_config_bootstrap.md",
                           .examples = kExamples,
                           .aliases = kAliases});

}  // namespace aksmesh::commands
