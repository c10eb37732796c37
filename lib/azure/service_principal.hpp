// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "azure/credential.hpp"
#include "net/http.hpp"
#include "sys/clock.hpp"
#include "sys/files.hpp"

namespace aksmesh::azure {

/// An application of a tenant.
struct Principal {
  std::string login{};  ///< such as https://login.microsoftonline.com
  std::string tenant{};
  std::string client_id{};
};

/// Signs in with the application's secret.
CredentialPtr secret_credential(net::Http& http, const sys::Clock& clock, Principal principal,
                                Secret secret);
/// Workload identity: a token of another issuer, read from its file each time, for it rotates.
CredentialPtr federated_credential(net::Http& http, const sys::Clock& clock, sys::Files& files,
                                   Principal principal, std::string token_file);

}  // namespace aksmesh::azure
