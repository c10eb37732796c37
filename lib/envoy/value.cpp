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

std::string Value::json() const {
  return element_ ? simdjson::minify(*element_) : std::string();
}

}  // namespace aksmesh::envoy
