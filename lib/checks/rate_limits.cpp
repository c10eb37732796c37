// SPDX-License-Identifier: Apache-2.0
#include "checks/rate_limits.hpp"

namespace aksmesh::checks {
namespace {

constexpr std::string_view kGlobal = "envoy.filters.http.ratelimit";
constexpr std::string_view kLocal = "envoy.filters.http.local_ratelimit";
constexpr std::string_view kGlobalType =
    "type.googleapis.com/envoy.extensions.filters.http.ratelimit.v3.RateLimit";
constexpr std::string_view kLocalType =
    "type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit";

}  // namespace

RateLimit rate_limit_of(const Node& patch) {
  const auto operation = patch.at("patch", "operation").text();
  const auto value = patch.at("patch", "value");
  if (patch["applyTo"].text() != "HTTP_FILTER" || operation == "REMOVE") return RateLimit::none;
  const auto config = value["typed_config"];
  const auto type = config["type_url"] ? config["type_url"].text() : config["@type"].text();
  const auto name = value["name"].text();
  if (type == kGlobalType || name == kGlobal) return RateLimit::global;
  return type == kLocalType || name == kLocal ? RateLimit::local : RateLimit::none;
}

}  // namespace aksmesh::checks
