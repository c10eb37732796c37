// SPDX-License-Identifier: Apache-2.0
#include "envoy/origin.hpp"

#include <vector>

#include "base/strings.hpp"
#include "envoy/value.hpp"

namespace aksmesh::envoy {

std::string origin_of(const Value& resource) {
  return std::string(resource["metadata"]["filter_metadata"]["istio"]["config"].text());
}

std::string origin_name(std::string_view origin) {
  if (origin.empty()) return {};
  if (!origin.starts_with("/apis/networking.istio.io/")) return "<unknown>";
  const auto parts = split(origin, '/');
  constexpr std::size_t kParts = 8;  // an empty one first
  return parts.size() == kParts ? std::string(parts[7]) + '.' + std::string(parts[5])
                                : std::string();
}

}  // namespace aksmesh::envoy
