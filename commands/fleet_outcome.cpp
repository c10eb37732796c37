// SPDX-License-Identifier: Apache-2.0
#include "fleet_outcome.hpp"

#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

#include "base/error_kind.hpp"
#include "base/printable.hpp"
#include "base/strings.hpp"
#include "report/table.hpp"

namespace aksmesh::commands {
namespace {

using checks::MeshStatus;
using checks::NamespaceStatus;
using kube::Kind;
using Json = nlohmann::ordered_json;
using Row = std::vector<std::string>;

constexpr const char* kUnseen = "?";

report::Table empty_table() {
  return {.columns = {{"CONTEXT"},
                      {"SERVER", 4},
                      {"REVISION"},
                      {"ISTIOD"},
                      {"VERSION", 2},
                      {"SUPPORTED UNTIL", 3},
                      {"GATEWAYS", 1},
                      {"MESHED", 1},
                      {"UNMESHED", 2},
                      {"STALE"},
                      {"CONDITIONS"}},
          .rows = {}};
}

/// The cells of what stands in namespaces: meshed, unmeshed and stale pods.
Row counts_of(const std::vector<const NamespaceStatus*>& namespaces, const MeshStatus& status) {
  if (!status.sees(Kind::pod) || !status.sees(Kind::name_space)) return {kUnseen, kUnseen, kUnseen};
  NamespaceStatus sum;
  for (const auto* one : namespaces) {
    sum.meshed += one->meshed;
    sum.unmeshed += one->unmeshed;
    sum.stale += one->stale;
    sum.known = sum.known && one->known;
  }
  return {std::to_string(sum.meshed), std::to_string(sum.unmeshed),
          sum.known ? std::to_string(sum.stale) : std::string(kUnseen)};
}

std::string gateways_of(const std::string& revision, const MeshStatus& status) {
  if (!status.sees(Kind::deployment)) return kUnseen;
  checks::Replicas sum;
  bool any = false;
  for (const auto& one : status.gateways) {
    if (one.revision != revision) continue;
    any = true;
    sum.ready += one.pods.ready;
    sum.wanted += one.pods.wanted;
  }
  return any ? text_of(sum) : "-";
}

/// The codes of what is wrong with the mesh, and a mark when not all could be looked at.
std::string conditions_of(const report::FindingSet& set) {
  std::vector<std::string> out;
  for (const auto& one : grouped(set)) out.push_back(one.first->code);
  if (!set.complete) out.emplace_back(kUnseen);
  return out.empty() ? "-" : join(out, ",");
}

/// The cells of one revision, without those of the cluster.
Row revision_row(const checks::RevisionStatus& one, const MeshStatus& status,
                 const std::vector<const NamespaceStatus*>& namespaces) {
  Row out{one.name,
          one.istiod                      ? text_of(*one.istiod)
          : status.sees(Kind::deployment) ? "not there"
                                          : kUnseen,
          one.version.empty() ? "-" : one.version, support_text(one),
          gateways_of(one.name, status)};
  const auto counts = counts_of(namespaces, status);
  out.insert(out.end(), counts.begin(), counts.end());
  return out;
}

/// A row for each revision, and one for the sidecars of namespaces that are of none.
std::vector<Row> rows_of(const MeshStatus& status) {
  std::vector<Row> out;
  std::set<const NamespaceStatus*> others;
  for (const auto& one : status.namespaces) others.insert(&one);
  for (const auto& revision : status.revisions) {
    std::vector<const NamespaceStatus*> its;
    for (const auto& one : status.namespaces)
      if ((one.revision.empty() ? one.label : one.revision) == revision.name) its.push_back(&one);
    for (const auto* one : its) others.erase(one);
    out.push_back(revision_row(revision, status, its));
  }
  std::erase_if(others, [](const auto* one) { return one->meshed + one->unmeshed == 0; });
  if (out.empty() || !others.empty()) {
    const auto* const name = !out.empty() ? "-" : status.sees(Kind::deployment) ? "none" : kUnseen;
    Row row{name, "-", "-", "-", gateways_of({}, status)};
    const auto counts = counts_of({others.begin(), others.end()}, status);
    row.insert(row.end(), counts.begin(), counts.end());
    out.push_back(std::move(row));
  }
  return out;
}

void add_rows(const ContextStatus& cluster, report::Table& table) {
  const Row first{printable(cluster.context),
                  cluster.server.empty() ? "-" : printable(cluster.server)};
  const auto add = [&](const Row& cells, std::string last) {
    auto row = first;
    row.insert(row.end(), cells.begin(), cells.end());
    row.push_back(std::move(last));
    table.rows.push_back(std::move(row));
  };
  if (!cluster.reading) {
    add(Row(table.columns.size() - 3, kUnseen), printable(cluster.reading.error().in_one_line()));
    return;
  }
  for (const auto& row : rows_of(cluster.reading->status))
    add(row, conditions_of(cluster.reading->conditions));
}

Json json_of(const Error& error) {
  Json out{{"kind", kind_name(error.kind)}, {"what", to_valid_utf8(error.what)}};
  if (!error.why.empty()) out["why"] = to_valid_utf8(error.why);
  if (!error.next.empty()) {
    out["next"] = Json::array();
    for (const auto& one : error.next) out["next"].push_back(to_valid_utf8(one));
  }
  return out;
}

}  // namespace

FleetOutcome::FleetOutcome(std::vector<ContextStatus> clusters, const Context& context)
    : clusters_(std::move(clusters)), headers_(!context.global.no_headers) {
  for (const auto& one : clusters_)
    if (!one.reading || !one.reading->conditions.complete) verdict = Verdict::could_not_look;
  hints.push_back(context.program + " status --context NAME tells more of one");
}

std::string FleetOutcome::text(const report::Style& style) const {
  auto table = empty_table();
  for (const auto& one : clusters_) add_rows(one, table);
  auto out = report::render_table(table, style,
                                  headers_ ? report::Headers::shown : report::Headers::hidden);
  // A terminal may have shortened the row that says so.
  const bool shortens = style.is_terminal && style.width > 0;
  std::string gaps;
  for (const auto& one : clusters_) {
    const auto begin = std::string(style.unknown_mark()) + " context " + printable(one.context);
    if (!one.reading) {
      if (shortens) gaps += begin + ": " + printable(one.reading.error().in_one_line()) + '\n';
      for (const auto& next : one.reading.error().next)
        if (shortens) gaps += "  try: " + printable(next) + '\n';
      continue;
    }
    for (const auto& part : one.reading->conditions.unavailable)
      gaps += begin + ": could not read " + part.what + ": " + printable(part.why) + '\n';
  }
  return out + (gaps.empty() ? "" : '\n' + gaps);
}

Json FleetOutcome::document() const {
  Json out{{"schema", "aksmesh/status-contexts/v1"}, {"contexts", Json::array()}};
  auto missing = Json::array();
  for (const auto& one : clusters_) {
    Json entry{{"context", to_valid_utf8(one.context)}};
    if (!one.server.empty()) entry["server"] = to_valid_utf8(one.server);
    if (one.reading) {
      entry["status"] = status_document(*one.reading);
    } else {
      entry["error"] = json_of(one.reading.error());
      missing.push_back({{"what", "context " + to_valid_utf8(one.context)},
                         {"why", to_valid_utf8(one.reading.error().in_one_line())}});
    }
    out["contexts"].push_back(std::move(entry));
  }
  out["complete"] = verdict != Verdict::could_not_look;
  out["unavailable"] = std::move(missing);
  return out;
}

}  // namespace aksmesh::commands
