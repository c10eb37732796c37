// SPDX-License-Identifier: Apache-2.0
#include "checks/rate_limits.hpp"

namespace aksmesh::checks {
namespace {

void run(const Facts& facts, Findings& out) {
  visit_rate_limits(facts, [&](const Object& filter, const Node& patch, RateLimit limit) {
    const auto value = patch.at("patch", "value");
    out.add(
        filter, value["name"] ? value["name"] : value,
        limit == RateLimit::local
            ? "EnvoyFilter {name} limits requests in each proxy by itself; the add-on's support "
              "does not cover it"
            : "EnvoyFilter {name} limits requests with a rate limit service, which the add-on "
              "does not come with; its support covers neither",
        {{"name", std::string(filter.name)}});
  });
}

}  // namespace

extern const Check rate_limit_envoyfilter;
constinit const Check rate_limit_envoyfilter{
    .slug = "rate-limit-envoyfilter", .reads = {Kind::envoy_filter}, .run = run};

}  // namespace aksmesh::checks
