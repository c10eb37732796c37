// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

#include "base/strings.hpp"
#include "envoy/listener.hpp"
#include "proxy_config_kinds.hpp"

namespace aksmesh::commands {
namespace {

using envoy::FilterChain;
using envoy::ListenerRow;
using Json = nlohmann::ordered_json;
using Cells = std::vector<std::string>;

/// Why a listener has no row in the neighbour's table; empty: it has.
std::string reason_left_out(const ListenerRow& row, const ListingForm& form) {
  switch (row.state) {
    case ListenerRow::State::warming: return "waits";
    case ListenerRow::State::draining: return "an old version that still drains";
    case ListenerRow::State::refused: return "refused";
    case ListenerRow::State::fixed:
    case ListenerRow::State::active: break;
  }
  return row.chains.empty() && !form.brief ? "has no filters" : "";
}

report::Table empty_table(const ListingForm& form) {
  report::Table out{.columns = {{"ADDRESSES"}, {"PORT"}}, .rows = {}};
  if (form.named) out.columns.insert(out.columns.begin(), {"NAME"});
  const auto add = [&](std::initializer_list<const char*> headers) {
    for (const char* header : headers) out.columns.push_back({header});
  };
  if (form.brief)
    add({"TYPE"});
  else
    add({"MATCH", "DESTINATION"});
  if (!form.all_columns) return out;
  add({"LISTENER"});
  if (!form.brief) add({"TYPE", "CHAIN", "SOURCES", "WEIGHTS"});
  add({"DIRECTION", "STATE", "UPDATED", "ERROR"});
  return out;
}

Cells cells_of(const ListenerRow& row, const FilterChain& chain, const ListingForm& form) {
  Cells out{join(row.addresses, ","), std::to_string(row.port)};
  if (form.named) out.insert(out.begin(), "listener/" + row.name);
  if (form.brief)
    out.push_back(row.type);
  else
    out.insert(out.end(), {chain.match, chain.destination});
  if (!form.all_columns) return out;
  out.push_back(or_dash(row.name));
  if (!form.brief)
    out.insert(out.end(),
               {row.type, or_dash(chain.name), or_dash(chain.sources), or_dash(chain.weights)});
  out.insert(out.end(), {or_dash(row.direction), std::string(envoy::word_of(row.state)),
                         or_dash(row.updated), or_dash(row.error)});
  return out;
}

report::Table table_of(const std::vector<ListenerRow>& rows, const ListingForm& form) {
  auto out = empty_table(form);
  for (const auto& row : rows) {
    if (!row.serves() && !form.all_columns) continue;
    if (form.brief || (row.chains.empty() && form.all_columns)) {
      out.rows.push_back(cells_of(row, {.match = "-", .destination = "-"}, form));
      continue;
    }
    for (const auto& chain : row.chains) out.rows.push_back(cells_of(row, chain, form));
  }
  return out;
}

Json facts_of(const FilterChain& chain) {
  Json out = Json::object();
  if (!chain.name.empty()) out["name"] = chain.name;
  out["match"] = chain.match;
  if (!chain.sources.empty()) out["sources"] = chain.sources;
  out["destination"] = chain.destination;
  if (!chain.weights.empty()) out["weights"] = chain.weights;
  return out;
}

Json facts_of(const ListenerRow& row) {
  Json out{
      {"name", row.name}, {"addresses", row.addresses}, {"port", row.port}, {"type", row.type}};
  if (!row.direction.empty()) out["direction"] = row.direction;
  out["state"] = envoy::word_of(row.state);
  if (!row.updated.empty()) out["updated"] = row.updated;
  if (!row.error.empty()) out["error"] = row.error;
  out["chains"] = Json::array();
  for (const auto& chain : row.chains) out["chains"].push_back(facts_of(chain));
  return out;
}

class Listeners final : public ConfigKind {
 public:
  Listeners(ListenerFilter filter, ListingForm form) : filter_(std::move(filter)), form_(form) {}
  [[nodiscard]] std::string_view word() const override { return "listener"; }
  [[nodiscard]] std::string_view plural() const override { return "listeners"; }
  [[nodiscard]] std::string_view section() const override { return envoy::kListenerSection; }
  [[nodiscard]] std::span<const std::string_view> lists() const override {
    return envoy::kListenerLists;
  }

  void take(const envoy::DumpEntry& entry) override {
    const auto config = form_.documents ? envoy::WithConfig::yes : envoy::WithConfig::no;
    for (auto& row : envoy::listener_rows(entry, config))
      if (is_wanted(row)) rows_.push_back(std::move(row));
  }

  ConfigListing listing(const envoy::DumpFacts& facts) override {
    std::erase_if(rows_, [&](const ListenerRow& row) { return facts.is_replaced(row.section); });
    std::stable_sort(rows_.begin(), rows_.end(),
                     [](const ListenerRow& a, const ListenerRow& b) { return comes_before(a, b); });
    ConfigListing out;
    if (!form_.documents) {
      out.table = table_of(rows_, form_);
      if (!form_.all_columns) note(out.notes);
      return out;
    }
    for (auto& row : rows_)
      out.items.push_back({.facts = compact(facts_of(row)), .config = std::move(row.config)});
    return out;
  }

 private:
  [[nodiscard]] bool is_wanted(const ListenerRow& row) const {
    const auto is_asked = [&](const std::string& address) {
      return to_lower(address) == to_lower(filter_.address);
    };
    return (filter_.address.empty() ||
            std::any_of(row.addresses.begin(), row.addresses.end(), is_asked)) &&
           (filter_.port.empty() || std::to_string(row.port) == filter_.port) &&
           (filter_.type.empty() || row.type == filter_.type);
  }

  void note(std::vector<std::string>& notes) const {
    LeftOut left_out;
    LeftOut refused;
    std::set<std::string_view> serving;
    for (const auto& row : rows_)
      if (row.serves()) serving.insert(row.name);
    for (const auto& row : rows_) {
      auto why = reason_left_out(row, form_);
      const bool has_other = !row.serves() && serving.contains(row.name);
      if (!why.empty() && !has_other) left_out.emplace_back(row.name, std::move(why));
      // All states of a listener have the error of its last update.
      if (!row.error.empty() && !has_other) refused.emplace_back(row.name, row.error);
    }
    note_left_out(notes, "listener", left_out);
    note_refusals(notes, "listener", refused);
  }

  ListenerFilter filter_;
  ListingForm form_;
  std::vector<ListenerRow> rows_{};
};

}  // namespace

ConfigKindPtr listener_kind(ListenerFilter filter, ListingForm form) {
  return std::make_unique<Listeners>(std::move(filter), form);
}

}  // namespace aksmesh::commands
