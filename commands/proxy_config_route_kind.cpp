// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/strings.hpp"
#include "envoy/name_regex.hpp"
#include "envoy/origin.hpp"
#include "envoy/route.hpp"
#include "proxy_config_kinds.hpp"

namespace aksmesh::commands {
namespace {

using envoy::Route;
using envoy::RouteRow;
using envoy::VirtualHost;
using Json = nlohmann::ordered_json;
using Cells = std::vector<std::string>;

report::Table empty_table(const ListingForm& form) {
  report::Table out{.columns = {{"NAME"}}, .rows = {}};
  const auto add = [&](std::initializer_list<const char*> headers) {
    for (const char* header : headers) out.columns.push_back({header});
  };
  if (form.brief)
    add({"VIRTUAL HOSTS"});
  else
    add({"VHOST NAME", "DOMAINS", "MATCH", "VIRTUAL SERVICE"});
  if (!form.all_columns) return out;
  if (!form.brief) add({"ROUTE", "CONDITIONS", "DESTINATION", "TIMEOUT"});
  add({"STATE", "UPDATED", "ERROR"});
  return out;
}

/// What all rows of a route configuration begin with.
Cells begin_of(const RouteRow& row, const ListingForm& form) {
  return {(form.named ? "route/" : "") + row.name};
}

void append_end(Cells& cells, const RouteRow& row, const ListingForm& form) {
  if (form.all_columns)
    cells.insert(cells.end(), {std::string(envoy::word_of(row.state)), or_dash(row.updated),
                               or_dash(row.error)});
}

/// `service` is what the neighbour's last column says.
Cells cells_of(const RouteRow& row, const VirtualHost& host, const Route& route,
               std::string service, const ListingForm& form) {
  auto out = begin_of(row, form);
  out.insert(
      out.end(),
      {host.name, form.all_columns ? join(host.domains, ", ") : envoy::short_domains(host.domains),
       route.match, std::move(service)});
  if (form.all_columns)
    out.insert(out.end(), {or_dash(route.name), or_dash(route.conditions),
                           or_dash(route.destination), or_dash(route.timeout)});
  append_end(out, row, form);
  return out;
}

void add_rows(report::Table& out, const RouteRow& row, const ListingForm& form) {
  for (const auto& host : row.hosts) {
    for (const auto& route : host.routes)
      if (!route.passes_through || form.all_columns)
        out.rows.push_back(cells_of(row, host, route, envoy::origin_name(route.origin), form));
    // Whoever asks for such a host gets no answer but this.
    if (host.routes.empty())
      out.rows.push_back(
          cells_of(row, host, {.match = "/*", .destination = "answer 404"}, "404", form));
  }
}

report::Table table_of(const std::vector<RouteRow>& rows, const ListingForm& form) {
  auto out = empty_table(form);
  for (const auto& row : rows) {
    if (!form.brief) {
      add_rows(out, row, form);
      continue;
    }
    auto cells = begin_of(row, form);
    cells.push_back(std::to_string(row.hosts.size()));
    append_end(cells, row, form);
    out.rows.push_back(std::move(cells));
  }
  return out;
}

Json facts_of(const Route& route) {
  Json out = Json::object();
  if (!route.name.empty()) out["name"] = route.name;
  out["match"] = route.match;
  if (!route.conditions.empty()) out["conditions"] = route.conditions;
  out["destination"] = route.destination;
  if (!route.timeout.empty()) out["timeout"] = route.timeout;
  if (!route.origin.empty()) out["origin"] = route.origin;
  return out;
}

Json facts_of(const VirtualHost& host) {
  Json out{{"name", host.name}, {"domains", host.domains}, {"routes", Json::array()}};
  for (const auto& route : host.routes) out["routes"].push_back(facts_of(route));
  return out;
}

Json facts_of(const RouteRow& row) {
  Json out{{"name", row.name}, {"state", envoy::word_of(row.state)}};
  if (!row.updated.empty()) out["updated"] = row.updated;
  if (!row.error.empty()) out["error"] = row.error;
  out["virtualHosts"] = Json::array();
  for (const auto& host : row.hosts) out["virtualHosts"].push_back(facts_of(host));
  return out;
}

class Routes final : public ConfigKind {
 public:
  Routes(RouteFilter filter, ListingForm form) : filter_(std::move(filter)), form_(form) {}
  [[nodiscard]] std::string_view word() const override { return "route"; }
  [[nodiscard]] std::string_view plural() const override { return "routes"; }
  [[nodiscard]] std::string_view section() const override { return envoy::kRouteSection; }
  [[nodiscard]] std::span<const std::string_view> lists() const override {
    return envoy::kRouteLists;
  }

  [[nodiscard]] std::string names() const override { return envoy::quoted_name(filter_.name); }

  void take(const envoy::DumpEntry& entry) override {
    auto row = envoy::route_row(entry);
    if (!filter_.name.empty() && row.name != filter_.name) return;
    if (form_.documents) row.config = entry.json("route_config");
    rows_.push_back(std::move(row));
  }

  ConfigListing listing(const envoy::DumpFacts& facts) override {
    std::erase_if(rows_, [&](const RouteRow& row) { return facts.is_replaced(row.section); });
    std::stable_sort(rows_.begin(), rows_.end(),
                     [](const RouteRow& a, const RouteRow& b) { return comes_before(a, b); });
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
  void note(std::vector<std::string>& notes) const {
    LeftOut refused;
    for (const auto& row : rows_)
      if (!row.error.empty()) refused.emplace_back(row.name, row.error);
    note_refusals(notes, "route configuration", refused);
  }

  RouteFilter filter_;
  ListingForm form_;
  std::vector<RouteRow> rows_{};
};

}  // namespace

ConfigKindPtr route_kind(RouteFilter filter, ListingForm form) {
  return std::make_unique<Routes>(std::move(filter), form);
}

}  // namespace aksmesh::commands
