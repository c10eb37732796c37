// SPDX-License-Identifier: Apache-2.0
#include "envoy/ecds.hpp"

#include <algorithm>
#include <tuple>

#include "base/printable.hpp"
#include "envoy/dump.hpp"
#include "envoy/value.hpp"

namespace aksmesh::envoy {
namespace {

std::string without_host(std::string_view url) {
  constexpr std::string_view kHost = "type.googleapis.com/";
  if (url.starts_with(kHost)) url.remove_prefix(kHost.size());
  return std::string(url);
}

std::string or_dash(const std::string& text) {
  return text.empty() ? "-" : printable(text);
}

}  // namespace

EcdsRow ecds_row(const DumpEntry& entry) {
  const auto filter = entry.value["ecds_filter"];
  const auto config = filter["typed_config"];
  return {.name = std::string(filter["name"].text()),
          .type = without_host(config["@type"].text()),
          .inner_type = without_host(config["type_url"].text()),
          .updated = std::string(entry.value["last_updated"].text()),
          .version = std::string(entry.value["version_info"].text()),
          .error = std::string(entry.value["error_state"]["details"].text())};
}

void sort_ecds(std::vector<EcdsRow>& rows) {
  std::stable_sort(rows.begin(), rows.end(), [](const EcdsRow& a, const EcdsRow& b) {
    return std::tie(a.type, a.name) < std::tie(b.type, b.name);
  });
}

report::Table ecds_table(const std::vector<EcdsRow>& rows, Columns columns) {
  report::Table out{.columns = {{"ECDS NAME"}, {"TYPE"}}, .rows = {}};
  if (columns == Columns::all)
    for (const char* more : {"INNER TYPE", "UPDATED", "VERSION", "ERROR"})
      out.columns.push_back({more});
  for (const auto& row : rows) {
    std::vector<std::string> cells{printable(row.name), printable(row.type)};
    if (columns == Columns::all)
      cells.insert(cells.end(), {or_dash(row.inner_type), or_dash(row.updated),
                                 or_dash(row.version), or_dash(row.error)});
    out.rows.push_back(std::move(cells));
  }
  return out;
}

}  // namespace aksmesh::envoy
