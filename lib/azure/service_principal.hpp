// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "azure/client_assertion.hpp"
#include "azure/credential.hpp"
#include "net/http.hpp"
#include "sys/clock.hpp"
#include "sys/files.hpp"
#include "sys/random.hpp"

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

/// Where an application's certificate is.
struct CertificateFile {
  std::string path{};
  Secret password{};
  Chain chain = Chain::leave_out;
};
/// Signs in with the application's certificate, read from its file each time, for it is renewed.
CredentialPtr certificate_credential(net::Http& http, const sys::Clock& clock, sys::Random& random,
                                     sys::Files& files, Principal principal, CertificateFile file);

/// Workload identity: a token of another issuer, read from its file each time, for it rotates.
CredentialPtr federated_credential(net::Http& http, const sys::Clock& clock, sys::Files& files,
                                   Principal principal, std::string token_file);

}  // namespace aksmesh::azure
