// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <tuple>

#include <nlohmann/json.hpp>

#include "envoy/cluster.hpp"
#include "envoy/name_regex.hpp"
#include "envoy/origin.hpp"
#include "proxy_config_kinds.hpp"

namespace aksmesh::commands {
namespace {

using envoy::ClusterRow;
using Json = nlohmann::ordered_json;

bool comes_before(const ClusterRow& a, const ClusterRow& b) {
  return std::tie(a.host, a.subset, a.port, a.direction, a.name) <
         std::tie(b.host, b.subset, b.port, b.direction, b.name);
}

std::vector<std::string> cells_of(const ClusterRow& row, const ListingForm& form) {
  // Among other tables the neighbour calls one whose name has no parts by that name twice.
  const bool is_whole = row.host == row.name;
  std::vector<std::string> cells{(form.named && is_whole ? "cluster/" : "") + row.host,
                                 row.port ? std::to_string(*row.port) : "-",
                                 or_dash(row.subset),
                                 or_dash(row.direction),
                                 row.type,
                                 envoy::origin_name(row.origin)};
  if (form.named) cells.insert(cells.begin(), "cluster/" + row.name);
  if (form.all_columns)
    cells.insert(cells.end(), {std::string(envoy::word_of(row.state)), row.policy,
                               or_dash(row.updated), or_dash(row.error)});
  return cells;
}

report::Table table_of(const std::vector<ClusterRow>& rows, const ListingForm& form) {
  report::Table out{
      .columns =
          {{"SERVICE FQDN"}, {"PORT"}, {"SUBSET"}, {"DIRECTION"}, {"TYPE"}, {"DESTINATION RULE"}},
      .rows = {}};
  if (form.named) out.columns.insert(out.columns.begin(), {"NAME"});
  if (form.all_columns)
    for (const char* more : {"STATE", "LB POLICY", "UPDATED", "ERROR"})
      out.columns.push_back({more});
  for (const auto& row : rows)
    if (row.state != ClusterRow::State::warming || form.all_columns)
      out.rows.push_back(cells_of(row, form));
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

class Clusters final : public ConfigKind {
 public:
  Clusters(ClusterFilter filter, ListingForm form) : filter_(std::move(filter)), form_(form) {}
  [[nodiscard]] std::string_view word() const override { return "cluster"; }
  [[nodiscard]] std::string_view plural() const override { return "clusters"; }
  [[nodiscard]] std::string_view section() const override { return envoy::kClusterSection; }
  [[nodiscard]] std::span<const std::string_view> lists() const override {
    return envoy::kClusterLists;
  }

  /// The longest part alone: RE2 has no way to want several of them in any order.
  [[nodiscard]] std::string names() const override {
    const std::string port = filter_.port.empty() ? "" : '|' + filter_.port + '|';
    const auto longest = std::max({filter_.fqdn, filter_.direction, filter_.subset, port},
                                  [](const auto& a, const auto& b) { return a.size() < b.size(); });
    return longest.empty() ? "" : "(?s).*" + envoy::quoted_name(longest) + ".*";
  }

  void take(const envoy::DumpEntry& entry) override {
    auto row = envoy::cluster_row(entry);
    if (!is_wanted(row.name)) return;
    if (form_.documents) row.config = entry.json("cluster");
    rows_.push_back(std::move(row));
  }

  ConfigListing listing(const envoy::DumpFacts& facts) override {
    std::erase_if(rows_, [&](const ClusterRow& row) { return facts.is_replaced(row.section); });
    std::sort(rows_.begin(), rows_.end(), comes_before);
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
  /// As the neighbour filters: by parts of the name.
  [[nodiscard]] bool is_wanted(const std::string& name) const {
    const auto has = [&](const std::string& part) { return name.find(part) != std::string::npos; };
    return has(filter_.fqdn) && has(filter_.direction) && has(filter_.subset) &&
           (filter_.port.empty() || has('|' + filter_.port + '|'));
  }

  void note(std::vector<std::string>& notes) const {
    LeftOut waiting;
    LeftOut refused;
    for (const auto& row : rows_) {
      if (row.state == ClusterRow::State::warming) waiting.emplace_back(row.name, "waits");
      if (!row.error.empty()) refused.emplace_back(row.name, row.error);
    }
    note_left_out(notes, "cluster", waiting);
    note_refusals(notes, "cluster", refused);
  }

  ClusterFilter filter_;
  ListingForm form_;
  std::vector<ClusterRow> rows_{};
};

}  // namespace

ConfigKindPtr cluster_kind(ClusterFilter filter, ListingForm form) {
  return std::make_unique<Clusters>(std::move(filter), form);
}

}  // namespace aksmesh::commands
