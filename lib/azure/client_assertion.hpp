// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "azure/client_certificate.hpp"

namespace aksmesh::azure {

/// What an application states of itself to the token endpoint.
struct AssertionClaims {
  std::string audience{};  ///< the token endpoint
  std::string client_id{};
  std::string id{};      ///< of this one assertion: a UUID
  std::int64_t now = 0;  ///< seconds since 1970; it is valid for ten minutes
};

/// Whether the certificates go along: Entra ID needs them to recognize an application by subject
/// and issuer of its certificate.
enum class Chain { leave_out, send };

/// A JWT signed with PS256, its certificate named by `x5t#S256`.
Result<Secret> client_assertion(const ClientCertificate& certificate, const AssertionClaims& claims,
                                Chain chain);

}  // namespace aksmesh::azure
