// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
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

/// A token of another issuer, which stands for the application's own secret.
struct ForeignToken {
  /// Gets it; `who` is for messages. Asked each time, for such tokens live short.
  std::function<Result<Secret>(const std::string& who)> get{};
  /// What shows, without asking anybody, that it can be got; empty: nothing does.
  std::function<Secret()> proof{};
};
/// From a file that somebody keeps fresh (AZURE_FEDERATED_TOKEN_FILE).
ForeignToken token_of_file(sys::Files& files, std::string path);
/// Workload identity: signs in with such a token.
CredentialPtr federated_credential(net::Http& http, const sys::Clock& clock, Principal principal,
                                   ForeignToken token);

}  // namespace aksmesh::azure
