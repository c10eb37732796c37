// SPDX-License-Identifier: Apache-2.0
#include "istio/validation/envoy_scalar.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include "istio/validation/jwks.hpp"

namespace aksmesh::istio::validation {
namespace {

constexpr std::string_view kPackage = "google.protobuf.";

/// The scalar that a wrapper such as UInt32Value holds.
constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kWrappers{
    {{"BoolValue", "bool"},
     {"BytesValue", "bytes"},
     {"DoubleValue", "double"},
     {"FloatValue", "float"},
     {"Int32Value", "int32"},
     {"Int64Value", "int64"},
     {"StringValue", "string"},
     {"UInt32Value", "uint32"},
     {"UInt64Value", "uint64"}}};

template <class Integer>
std::string integer_fault(const Node& value) {
  constexpr auto kLeast = std::numeric_limits<Integer>::min();
  constexpr auto kMost = std::numeric_limits<Integer>::max();
  bool good = false;
  if (value.is_string()) {
    // A quoted number is one too.
    const auto text = value.text();
    Integer number{};
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    good = read.ec == std::errc{} && read.ptr == text.data() + text.size();
  } else if (const auto number = value.as_int()) {
    good = std::in_range<Integer>(*number);
  } else if (const auto fraction = value.as_double()) {
    // 2^63 and the like are the first that do not fit.
    good = *fraction == std::floor(*fraction) && *fraction >= static_cast<double>(kLeast) &&
           *fraction < std::ldexp(1.0, std::numeric_limits<Integer>::digits);
  }
  if (good) return {};
  return "a whole number from " + std::to_string(kLeast) + " to " + std::to_string(kMost);
}

std::string number_fault(const Node& value) {
  const auto text = value.text();
  if (value.as_double()) return {};
  double number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool good =
      value.is_string() && read.ec == std::errc{} && read.ptr == text.data() + text.size();
  return good || text == "NaN" || text == "Infinity" || text == "-Infinity" ? "" : "a number";
}

std::string text_fault(const Node& value) {
  return value.is_string() ? "" : "a text (in quotes when it looks like something else)";
}

std::string bytes_fault(const Node& value) {
  return value.is_string() && is_base64(value.text(), Base64::standard) ? "" : "text in base64";
}

std::string duration_fault(const Node& value) {
  return value.is_string() && parse_duration(value.text()) ? "" : "a duration such as 5s or 0.25s";
}

/// `dddd-dd-ddTdd:dd:dd`, a fraction, and `Z` or an offset (RFC 3339).
bool is_timestamp(std::string_view text) {
  constexpr std::string_view kForm = "dddd-dd-ddTdd:dd:dd";
  const auto fits = [](std::string_view part, std::string_view form) {
    return part.size() == form.size() &&
           std::equal(part.begin(), part.end(), form.begin(), [](char c, char f) {
             return f == 'd' ? std::isdigit(static_cast<unsigned char>(c)) != 0 : c == f;
           });
  };
  if (!fits(text.substr(0, kForm.size()), kForm)) return false;
  text.remove_prefix(kForm.size());
  if (text.starts_with('.')) {
    const auto digits = std::min(text.find_first_not_of("0123456789", 1), text.size());
    if (digits == 1) return false;
    text.remove_prefix(digits);
  }
  return text == "Z" || fits(text, "+dd:dd") || fits(text, "-dd:dd");
}

std::string known_message_fault(const Node& value, std::string_view name) {
  if (name == "Duration") return duration_fault(value);
  if (name == "Timestamp")
    return value.is_string() && is_timestamp(value.text()) ? ""
                                                           : "a time such as 2026-01-31T12:00:00Z";
  if (name == "Struct") return value.is_mapping() ? "" : "a mapping";
  if (name == "ListValue") return value.is_sequence() ? "" : "a list";
  return {};
}

}  // namespace

bool is_well_known_message(std::string_view type) {
  if (!type.starts_with(kPackage)) return false;
  type.remove_prefix(kPackage.size());
  return std::any_of(kWrappers.begin(), kWrappers.end(),
                     [&](const auto& each) { return each.first == type; }) ||
         type == "Any" || type == "Duration" || type == "Empty" || type == "ListValue" ||
         type == "Struct" || type == "Timestamp" || type == "Value";
}

std::string envoy_scalar_fault(const Node& value, std::string_view type) {
  if (type.starts_with(kPackage)) {
    type.remove_prefix(kPackage.size());
    const auto* wrapper = std::find_if(kWrappers.begin(), kWrappers.end(),
                                       [&](const auto& each) { return each.first == type; });
    if (wrapper == kWrappers.end()) return known_message_fault(value, type);
    type = wrapper->second;
  }
  if (type == "bool") return value.as_bool() ? "" : "true or false";
  if (type == "int32") return integer_fault<std::int32_t>(value);
  if (type == "int64") return integer_fault<std::int64_t>(value);
  if (type == "uint32") return integer_fault<std::uint32_t>(value);
  if (type == "uint64") return integer_fault<std::uint64_t>(value);
  if (type == "float" || type == "double") return number_fault(value);
  if (type == "string") return text_fault(value);
  return type == "bytes" ? bytes_fault(value) : "";
}

}  // namespace aksmesh::istio::validation
