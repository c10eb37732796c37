// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace aksmesh::envoy {

class Value;

/// The path that a route matches, as `/api*`, `PathPrefix:/api` or `regex /v[12]/.*`, in the
/// neighbour's form; empty for a match of another kind.
std::string match_text(const Value& match);

/// What else it matches, which the neighbour leaves out: headers, query parameters, the kind of
/// request. Such as `end-user=jason, ?v=2`; empty for nothing.
std::string conditions_text(const Value& match);

}  // namespace aksmesh::envoy
