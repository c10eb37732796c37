// SPDX-License-Identifier: Apache-2.0
#include "base/quantity.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <string>

namespace aksmesh {
namespace {

struct Unit {
  std::string_view suffix;
  double factor;
};
constexpr std::array kUnits{Unit{"", 1},
                            Unit{"n", 1e-9},
                            Unit{"u", 1e-6},
                            Unit{"m", 1e-3},
                            Unit{"k", 1e3},
                            Unit{"M", 1e6},
                            Unit{"G", 1e9},
                            Unit{"T", 1e12},
                            Unit{"P", 1e15},
                            Unit{"E", 1e18},
                            Unit{"Ki", 1024.0},
                            Unit{"Mi", 1048576.0},
                            Unit{"Gi", 1073741824.0},
                            Unit{"Ti", 1099511627776.0},
                            Unit{"Pi", 1125899906842624.0},
                            Unit{"Ei", 1152921504606846976.0}};

}  // namespace

std::optional<std::int64_t> quantity_in_thousandths(std::string_view text) {
  double number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc{}) return std::nullopt;
  const auto suffix = text.substr(static_cast<std::size_t>(end - text.data()));
  for (const auto& unit : kUnits) {
    if (suffix != unit.suffix) continue;
    const auto thousandths = std::floor(number * unit.factor * 1000 + 1e-6);
    constexpr double kMost = 9.0e18;
    if (!(std::abs(thousandths) < kMost)) return std::nullopt;
    return static_cast<std::int64_t>(thousandths);
  }
  return std::nullopt;
}

}  // namespace aksmesh
