// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "checks/check.hpp"

// Rate limiting, which Istio knows only through EnvoyFilters (istio.io, "Enabling Rate Limits").
namespace aksmesh::checks {

enum class RateLimit { none, local, global };

/// What an item of `configPatches` adds.
RateLimit rate_limit_of(const Node& patch);

/// Calls `visit(filter, patch, limit)` for each patch that adds a rate limit. Reads EnvoyFilter.
template <class Visit>
void visit_rate_limits(const Facts& facts, Visit visit) {
  for (const auto* filter : facts.all(Kind::envoy_filter))
    for (const auto patch : filter->spec()["configPatches"].items())
      if (const auto limit = rate_limit_of(patch); limit != RateLimit::none)
        visit(*filter, patch, limit);
}

}  // namespace aksmesh::checks
