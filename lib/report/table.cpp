// SPDX-License-Identifier: Apache-2.0
#include "report/table.hpp"

#include <algorithm>

#include "base/printable.hpp"

namespace aksmesh::report {
namespace {

constexpr std::size_t kGap = 2;

std::vector<std::size_t> column_widths(const Table& table, Headers headers) {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    std::size_t width = headers == Headers::shown ? utf8_length(table.columns[i].header) : 0;
    for (const auto& row : table.rows) width = std::max(width, utf8_length(row[i]));
    widths.push_back(width);
  }
  return widths;
}

std::size_t total_width(const std::vector<std::size_t>& shown,
                        const std::vector<std::size_t>& widths) {
  std::size_t sum = 0;
  for (const auto i : shown) sum += widths[i] + kGap;
  return sum == 0 ? 0 : sum - kGap;
}

/// Drops the least wanted columns until the rest fits.
std::vector<std::size_t> shown_columns(const Table& table, const std::vector<std::size_t>& widths,
                                       std::size_t limit) {
  std::vector<std::size_t> shown;
  for (std::size_t i = 0; i < table.columns.size(); ++i) shown.push_back(i);
  while (limit != 0 && shown.size() > 1 && total_width(shown, widths) > limit) {
    const auto worst =
        std::max_element(shown.begin(), shown.end(), [&](std::size_t a, std::size_t b) {
          return table.columns[a].priority < table.columns[b].priority;
        });
    if (table.columns[*worst].priority == 0) break;
    shown.erase(worst);
  }
  return shown;
}

/// Narrows the widest of the wanted columns, one sign after another, until the table fits or
/// nothing is left to read.
void narrow_columns(std::vector<std::size_t>& widths, const std::vector<std::size_t>& shown,
                    std::size_t limit) {
  constexpr std::size_t kReadable = 8;
  while (limit != 0 && total_width(shown, widths) > limit) {
    const auto widest =
        *std::max_element(shown.begin(), shown.end(),
                          [&](std::size_t a, std::size_t b) { return widths[a] < widths[b]; });
    if (widths[widest] <= kReadable) return;
    --widths[widest];
  }
}

}  // namespace

std::string render_table(const Table& given, const Style& style, Headers headers) {
  auto table = given;
  // Names come from strangers; no terminal shall obey them.
  for (auto& row : table.rows)
    for (auto& cell : row) cell = printable(cell);
  auto widths = column_widths(table, headers);
  const auto shown = shown_columns(table, widths, style.width);
  narrow_columns(widths, shown, style.width);
  std::string out;
  const auto line = [&](const auto& cell) {
    for (std::size_t k = 0; k < shown.size(); ++k) {
      const auto text = shorten(cell(shown[k]), widths[shown[k]], style.ellipsis());
      out += text;
      if (k + 1 < shown.size())
        out.append(widths[shown[k]] + kGap - std::min(widths[shown[k]], utf8_length(text)), ' ');
    }
    out += '\n';
  };
  if (headers == Headers::shown)
    line([&](std::size_t i) -> const std::string& { return table.columns[i].header; });
  for (const auto& row : table.rows)
    line([&](std::size_t i) -> const std::string& { return row[i]; });
  return out;
}

}  // namespace aksmesh::report
