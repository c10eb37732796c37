// SPDX-License-Identifier: Apache-2.0
#include "istio/duration.hpp"

#include <array>
#include <charconv>
#include <utility>

namespace aksmesh::istio {
namespace {

constexpr double kLongest = 100.0 * 365 * 24 * 3600 * 1e9;

// `ms` stands before `m`, so that the longer unit is tried first.
constexpr std::array<std::pair<std::string_view, double>, 8> kUnits{{{"ns", 1},
                                                                     {"us", 1e3},
                                                                     {"\u00b5s", 1e3},
                                                                     {"\u03bcs", 1e3},
                                                                     {"ms", 1e6},
                                                                     {"s", 1e9},
                                                                     {"m", 60e9},
                                                                     {"h", 3600e9}}};

/// The nanoseconds of the unit that the text begins with, which is cut off; 0 for none.
double take_unit(std::string_view& text) {
  for (const auto& [name, nanoseconds] : kUnits) {
    if (!text.starts_with(name)) continue;
    text.remove_prefix(name.size());
    return nanoseconds;
  }
  return 0;
}

}  // namespace

std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text) {
  if (text == "0") return std::chrono::nanoseconds{0};
  if (text.empty()) return std::nullopt;
  double total = 0;
  while (!text.empty()) {
    double number = 0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    if (error != std::errc{} || text.front() == '-') return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const auto unit = take_unit(text);
    if (unit == 0) return std::nullopt;
    total += number * unit;
    if (!(total <= kLongest)) return std::nullopt;
  }
  return std::chrono::nanoseconds{static_cast<std::chrono::nanoseconds::rep>(total + 0.5)};
}

}  // namespace aksmesh::istio
