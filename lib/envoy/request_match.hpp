// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "envoy/route_request.hpp"

namespace aksmesh::envoy {

class Value;

/// Whether something matches; undecided is what only a running proxy can tell.
enum class Match : std::uint8_t { no, yes, undecided };
struct MatchResult {
  Match match = Match::yes;
  std::string why{};  ///< what decided, such as `the path does not begin with /api`
};

/// Envoy's StringMatcher.
Match string_matches(const Value& matcher, std::string_view text);
/// Envoy's HeaderMatcher, in its present form and with the members of older ones. A header that is
/// not there matches nothing but what asks for its absence, also when the match is inverted. Of
/// several values Envoys of different versions compare each or all together.
MatchResult header_matches(const Value& matcher, const RouteRequest& request);
/// The part of a RouteMatch that looks at the path; the query is no part of it.
MatchResult path_matches(const Value& match, const RouteRequest& request);
/// All of Envoy's RouteMatch.
MatchResult route_matches(const Value& match, const RouteRequest& request);

/// Of a FractionalPercent, in percent: 0 for nothing.
double percent_of(const Value& fraction);
/// `12.5 %`.
std::string percent_text(double percent);

}  // namespace aksmesh::envoy
