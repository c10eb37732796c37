// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "azure/credential.hpp"
#include "sys/clock.hpp"
#include "sys/process.hpp"

namespace aksmesh::azure {

/// Whose session of az is used.
struct AzAccount {
  std::string user{};          ///< who is signed in, as az knows; empty: unknown
  std::string subscription{};  ///< its id; az finds the tenant
  std::string tenant{};        ///< when no subscription is given
};

/// Tokens of the user's `az login`, through the program az. Its own files of tokens are private to
/// it and are left alone.
CredentialPtr az_credential(sys::Process& process, const sys::Clock& clock, AzAccount account);

}  // namespace aksmesh::azure
