// SPDX-License-Identifier: Apache-2.0
#include "istio/validation/syntax.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "base/strings.hpp"

namespace aksmesh::istio::validation {
namespace {

constexpr std::size_t kLongestLabel = 63;
constexpr std::size_t kLongestDomain = 255;
constexpr std::size_t kLongestKeyPrefix = 253;  // of Kubernetes, RFC 1123

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_alphanumeric(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Letters, digits and the characters of `more`, the latter not first or last.
bool is_word(std::string_view text, std::string_view more) {
  return !text.empty() && is_alphanumeric(text.front()) && is_alphanumeric(text.back()) &&
         std::all_of(text.begin(), text.end(), [&](char c) {
           return is_alphanumeric(c) || more.find(c) != std::string_view::npos;
         });
}

bool is_number(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

std::string bad_label(std::string_view label) {
  if (label.empty()) return "a label between two dots is empty";
  return "label " + std::string(label) +
         " must have up to 63 letters, digits and dashes, a dash neither first nor last";
}

std::string length_fault(std::string_view text) {
  if (text.empty()) return "it is empty";
  return text.size() > kLongestDomain ? "it has more than 255 characters" : "";
}

std::string labels_fault(std::string_view text) {
  auto labels = split(text, '.');
  if (labels.empty()) return {};
  if (is_number(labels.back()))
    return "the last label, " + std::string(labels.back()) + ", must not be a number";
  if (labels.back().empty()) labels.pop_back();  // as in `istio.io.`
  const auto bad = std::find_if_not(labels.begin(), labels.end(), is_label);
  return bad == labels.end() ? std::string{} : bad_label(*bad);
}

bool is_wildcard_label(std::string_view label) {
  if (label.size() > kLongestLabel) return false;
  if (!label.starts_with('*')) return is_label(label);
  label.remove_prefix(1);
  if (label.empty()) return true;
  if (label.starts_with('-')) label.remove_prefix(1);
  return is_label(label);
}

/// A decimal number without leading zeros, at most `most`.
bool is_small_number(std::string_view text, int most) {
  int value = 0;
  if (!is_number(text) || text.size() > 3 || (text.size() > 1 && text.front() == '0')) return false;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value <= most;
}

bool is_ipv4(std::string_view text) {
  const auto parts = split(text, '.');
  return parts.size() == 4 && std::all_of(parts.begin(), parts.end(), [](std::string_view part) {
           return is_small_number(part, 255);
         });
}

/// The number of 16-bit groups that colons separate, an IPv4 address at the end counting as two;
/// -1 when one of them is broken.
int count_groups(std::string_view text) {
  const auto parts = split(text, ':');
  int count = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const bool hex = !parts[i].empty() && parts[i].size() <= 4 &&
                     parts[i].find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
    const bool v4 = i + 1 == parts.size() && is_ipv4(parts[i]);
    if (!hex && !v4) return -1;
    count += v4 ? 2 : 1;
  }
  return count;
}

bool is_ipv6(std::string_view text) {
  const auto gap = text.find("::");
  if (gap == std::string_view::npos) return count_groups(text) == 8;
  const auto before = count_groups(text.substr(0, gap));
  const auto after = count_groups(text.substr(gap + 2));
  const bool v4_before = text.substr(0, gap).find('.') != std::string_view::npos;
  return before >= 0 && after >= 0 && before + after < 8 && !v4_before;
}

bool is_cidr(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = text.substr(0, slash);
  const auto bits = text.substr(slash + 1);
  return is_ipv4(address) ? is_small_number(bits, 32)
                          : is_ipv6(address) && is_small_number(bits, 128);
}

constexpr std::array<std::pair<std::string_view, double>, 8> kUnits{{{"ns", 1.0},
                                                                     {"us", 1e3},
                                                                     {"µs", 1e3},
                                                                     {"ms", 1e6},
                                                                     {"s", 1e9},
                                                                     {"m", 60e9},
                                                                     {"h", 3600e9},
                                                                     {"μs", 1e3}}};

/// One number and its unit from the front of `rest`, in nanoseconds.
std::optional<double> take_span(std::string_view& rest) {
  const auto digits = std::min(rest.find_first_not_of("0123456789."), rest.size());
  const auto number = rest.substr(0, digits);
  if (std::count(number.begin(), number.end(), '.') > 1 ||
      std::none_of(number.begin(), number.end(), is_digit) || number.size() > 30)
    return std::nullopt;
  rest.remove_prefix(digits);
  const auto unit = rest.substr(0, std::min(rest.find_first_of("0123456789."), rest.size()));
  const auto* known = std::find_if(kUnits.begin(), kUnits.end(),
                                   [&](const auto& each) { return each.first == unit; });
  if (known == kUnits.end()) return std::nullopt;
  rest.remove_prefix(unit.size());
  return std::stod('0' + std::string(number)) * known->second;
}

}  // namespace

bool is_label(std::string_view text) {
  return text.size() <= kLongestLabel && is_word(text, "-");
}

std::string domain_fault(std::string_view text) {
  auto fault = length_fault(text);
  return fault.empty() ? labels_fault(text) : fault;
}

std::string wildcard_domain_fault(std::string_view text) {
  auto fault = length_fault(text);
  if (!fault.empty()) return fault;
  const auto first = text.substr(0, text.find('.'));
  if (!is_wildcard_label(first)) return bad_label(first);
  return first.size() == text.size() ? fault : labels_fault(text.substr(first.size() + 1));
}

bool is_ip(std::string_view text) {
  const auto zone = text.find('%');
  if (zone == std::string_view::npos) return is_ipv4(text) || is_ipv6(text);
  return zone + 1 < text.size() && is_ipv6(text.substr(0, zone));
}

bool is_ip_or_cidr(std::string_view text) {
  return std::count(text.begin(), text.end(), '/') == 1 ? is_cidr(text) : is_ip(text);
}

bool is_header_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return is_alphanumeric(c) ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

bool is_label_key(std::string_view text) {
  const auto slash = text.find('/');
  if (slash != std::string_view::npos) {
    const auto labels = split(text.substr(0, slash), '.');
    const bool good = !labels.empty() && slash <= kLongestKeyPrefix &&
                      std::all_of(labels.begin(), labels.end(),
                                  [](std::string_view label) { return is_word(label, "-"); });
    if (!good) return false;
    text.remove_prefix(slash + 1);
  }
  return text.size() <= kLongestLabel && is_word(text, "-_.");
}

bool is_label_value(std::string_view text) {
  return text.empty() || is_word(text, "-_.");
}

std::string unix_address_fault(std::string_view text) {
  if (text.starts_with(kUnixPrefix)) text.remove_prefix(kUnixPrefix.size());
  if (text.empty()) return "the path of the socket is missing";
  if (text.starts_with('@')) return {};
  if (!text.starts_with('/')) return "the path of the socket must begin with / or @";
  return text.ends_with('/') ? "the path of the socket must not end with /" : "";
}

std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text == "0") return std::chrono::nanoseconds{0};
  double sum = 0;
  do {
    const auto span = take_span(text);
    if (!span) return std::nullopt;
    sum += *span;
  } while (!text.empty());
  constexpr double kMost = 9.2e18;  // as far as 64 bits reach
  if (sum > kMost) return std::nullopt;
  return std::chrono::nanoseconds{std::llround(negative ? -sum : sum)};
}

}  // namespace aksmesh::istio::validation
