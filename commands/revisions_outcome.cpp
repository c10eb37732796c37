// SPDX-License-Identifier: Apache-2.0
#include "revisions_outcome.hpp"

#include <nlohmann/json.hpp>

#include "base/strings.hpp"
#include "report/table.hpp"

namespace aksmesh::commands {
namespace {

constexpr std::string_view kLongTerm = "AKSLongTermSupport";

std::string versions_of(const azure::MeshRevision& revision, bool long_term) {
  for (const auto& one : revision.compatible_with)
    if ((one.name == kLongTerm) == long_term && !one.versions.empty())
      return join(one.versions, ", ");
  return "-";
}

}  // namespace

RevisionsOutcome::RevisionsOutcome(std::vector<azure::MeshRevision> revisions, std::string place,
                                   const std::string& when_none, const GlobalOptions& global)
    : revisions_(std::move(revisions)), place_(std::move(place)), headers_(!global.no_headers) {
  if (revisions_.empty()) notes.push_back(when_none);
}

std::string RevisionsOutcome::text(const report::Style& style) const {
  if (revisions_.empty()) return {};
  report::Table table{.columns = {{"REVISION"}, {"UPGRADES"}, {"KUBERNETES"}, {"LTS", 1}},
                      .rows = {}};
  for (const auto& one : revisions_)
    table.rows.push_back({one.revision, one.upgrades.empty() ? "-" : join(one.upgrades, ", "),
                          versions_of(one, false), versions_of(one, true)});
  return report::render_table(table, style,
                              headers_ ? report::Headers::shown : report::Headers::hidden);
}

nlohmann::ordered_json RevisionsOutcome::document() const {
  auto items = nlohmann::ordered_json::array();
  for (const auto& one : revisions_) {
    auto compatible = nlohmann::ordered_json::array();
    for (const auto& entry : one.compatible_with)
      compatible.push_back({{"name", entry.name}, {"versions", entry.versions}});
    items.push_back({{"revision", one.revision},
                     {"upgrades", one.upgrades},
                     {"compatibleWith", std::move(compatible)}});
  }
  return {{"schema", "aksmesh/revisions/v1"}, {"place", place_}, {"items", std::move(items)}};
}

}  // namespace aksmesh::commands
