// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>

#include "mesh/authz_eval.hpp"

namespace aksmesh::mesh {

/// Holds one rule of a policy against a request. `missing` takes what of the request is not known
/// and would matter.
RuleTrace evaluate_rule(const data::Node& rule, std::size_t number, const kube::Object& policy,
                        const AuthzRequest& request, const TrustDomains& trust_domains,
                        std::set<std::string>& missing);

}  // namespace aksmesh::mesh
