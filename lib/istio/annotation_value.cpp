// SPDX-License-Identifier: Apache-2.0
#include "istio/annotation_value.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <limits>

#include "base/strings.hpp"
#include "istio/validation/syntax.hpp"

namespace aksmesh::istio {
namespace {

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kAll = "*";

/// A decimal number without a sign, at most `most`.
bool is_unsigned(std::string_view text, std::uint64_t most) {
  std::uint64_t value = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  return error == std::errc{} && stop == end && value <= most;
}

bool is_port_text(std::string_view text) {
  return is_unsigned(trim(text), std::numeric_limits<std::uint16_t>::max());
}

std::string fault_of_ports(std::string_view list) {
  for (const auto part : split(list, ','))
    if (!is_port_text(part)) return "'" + std::string(part) + "' is no port between 0 and 65535";
  return {};
}

std::string fault_of_cidrs(std::string_view list) {
  for (const auto part : split(list, ','))
    if (part.find('/') == std::string_view::npos || !validation::is_ip_or_cidr(part))
      return "'" + std::string(part) + "' is no address range such as 10.0.0.0/8";
  return {};
}

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& words, std::string_view text) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

constexpr std::array<std::string_view, 12> kBooleans{"1", "t", "T", "TRUE",  "true",  "True",
                                                     "0", "f", "F", "FALSE", "false", "False"};
constexpr std::array<std::string_view, 3> kInterceptionModes{"REDIRECT", "TPROXY", "NONE"};
constexpr std::array<std::string_view, 16> kUnits{"",  "n", "u",  "m",  "k",  "M",  "G",  "T",
                                                  "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};

bool is_unit(std::string_view text) {
  if (is_one_of(kUnits, text)) return true;
  if (text.size() < 2 || (text.front() != 'e' && text.front() != 'E')) return false;
  text.remove_prefix(text[1] == '+' || text[1] == '-' ? 2 : 1);
  return !text.empty() && text.find_first_not_of(kDigits) == std::string_view::npos;
}

}  // namespace

bool is_quantity(std::string_view text) {
  if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
  const auto skip_digits = [&] {
    const auto count = std::min(text.find_first_not_of(kDigits), text.size());
    text.remove_prefix(count);
    return count;
  };
  auto digits = skip_digits();
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    digits += skip_digits();
  }
  return digits > 0 && is_unit(text);
}

std::string annotation_fault(std::string_view form, std::string_view value) {
  const auto unless = [&](bool right, std::string_view what) {
    return right ? std::string{} : "'" + std::string(value) + "' " + std::string(what);
  };
  if (form == "boolean") return unless(is_one_of(kBooleans, value), "is neither true nor false");
  if (form == "uint32")
    return unless(is_unsigned(value, std::numeric_limits<std::uint32_t>::max()),
                  "is no whole number from 0 on");
  if (form == "port") return unless(is_port_text(value), "is no port between 0 and 65535");
  if (form == "interception-mode")
    return unless(is_one_of(kInterceptionModes, value), "is none of REDIRECT, TPROXY, NONE");
  if (form == "quantity") return unless(is_quantity(value), "is no quantity such as 100m or 256Mi");
  if (form == "ports" || (form == "all-or-ports" && value != kAll)) return fault_of_ports(value);
  if (form == "cidrs" || (form == "all-or-cidrs" && value != kAll)) return fault_of_cidrs(value);
  return {};
}

}  // namespace aksmesh::istio
