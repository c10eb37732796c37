// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "data/tree.hpp"

// The routes of a VirtualService in few words, for people.
namespace aksmesh::mesh {

/// What the entries of `match` want, as in `path /api* when headers are end-user=jason`; empty:
/// everything matches.
std::string match_text(const data::Node& matches);

/// What else becomes of a request on a route: faults, redirects, rewrites, mirrors, timeouts.
std::vector<std::string> route_facts(const data::Node& route);

}  // namespace aksmesh::mesh
