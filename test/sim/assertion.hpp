// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "scenario.hpp"

namespace aksmesh::sim {

/// Why Entra ID would refuse a client assertion, as `AADSTS...: ...`; empty when it is taken. One
/// that the client itself issued is held against the scenario's certificate if there is one; one of
/// another issuer (federation) only needs the form and the time of a JWT.
std::string assertion_problem(const Scenario& scenario, const std::string& assertion,
                              const std::string& token_endpoint);

}  // namespace aksmesh::sim
