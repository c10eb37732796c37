// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mesh/authz_match.hpp"

// Whose identities a mesh takes for its own (istio.io, "Trust Domain Migration" and "Global Mesh
// Options" reference; istiod 1.28 for patterns).
namespace aksmesh::mesh {

/// That of a mesh whose configuration says nothing else; in policies the word for whichever it is.
inline constexpr std::string_view kLocalTrustDomain = "cluster.local";

struct TrustDomains {
  bool known = true;  ///< false: the mesh may have others
  std::vector<std::string> names{std::string(kLocalTrustDomain)};  ///< its own, then the aliases

  [[nodiscard]] const std::string& own() const { return names.front(); }
  /// Whether proxies take the certificate of a principal `td/ns/a/sa/b`.
  [[nodiscard]] Truth take(std::string_view principal) const;
  /// Whether a pattern for principals fits one: patterns with a trust domain of the mesh are for
  /// all of them.
  [[nodiscard]] Truth match(std::string_view pattern, std::string_view principal) const;

 private:
  [[nodiscard]] bool are_meant_by(std::string_view domain) const;
};

}  // namespace aksmesh::mesh
