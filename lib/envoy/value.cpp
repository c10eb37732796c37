// SPDX-License-Identifier: Apache-2.0
#include "envoy/value.hpp"

#include <charconv>

namespace aksmesh::envoy {

std::optional<std::int64_t> Value::number() const {
  std::int64_t out = 0;
  if (element_ && element_->get(out) == simdjson::SUCCESS) return out;
  const auto digits = text();
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
  if (digits.empty() || error != std::errc() || end != digits.data() + digits.size()) return {};
  return out;
}

Value Value::in_camel_case(std::string_view key) const {
  std::string camel;
  bool after_line = false;
  for (const char c : key) {
    if (c != '_')
      camel += static_cast<char>(after_line && c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    after_line = c == '_';
  }
  simdjson::dom::element found;
  return element_->at_key(camel).get(found) == simdjson::SUCCESS ? Value(found) : Value();
}

std::string Value::json() const {
  return element_ ? simdjson::minify(*element_) : std::string();
}

}  // namespace aksmesh::envoy
