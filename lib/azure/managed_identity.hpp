// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "azure/credential.hpp"
#include "net/http.hpp"
#include "sys/clock.hpp"
#include "sys/environment.hpp"
#include "sys/files.hpp"

namespace aksmesh::azure {

/// Which of a machine's identities; at most one member is given. None: its own (system-assigned)
/// one, or the only one it has.
struct IdentityWish {
  std::string client_id{};
  std::string object_id{};
  std::string resource_id{};
  [[nodiscard]] bool empty() const {
    return client_id.empty() && object_id.empty() && resource_id.empty();
  }
};

/// Reads what a user writes: a resource id begins with a slash, an object id with `object:`, and
/// anything else is a client id. Client and object ids look the same, hence the word. Kind usage
/// when it is none of these.
Result<IdentityWish> read_identity(std::string_view text);

/// Where a machine gets the tokens of its identities.
struct IdentityHost {
  enum class Kind {
    metadata,     ///< virtual machines, their scale sets, AKS nodes
    app_service,  ///< App Service, Functions, Container Apps, Automation
    arc           ///< machines elsewhere that Azure Arc manages
  };
  Kind kind = Kind::metadata;
  std::string url{};
  Secret header{};  ///< of App Service: IDENTITY_HEADER
};
/// From IDENTITY_ENDPOINT and what belongs to it; without that the metadata service. Kind auth when
/// the variables stand for something that is not supported.
Result<IdentityHost> identity_host(const sys::Environment& env);

struct IdentityWorld {
  net::Http& http;
  sys::Clock& clock;
  sys::Files& files;
};
/// Kind usage when the host cannot tell identities apart by what is wished.
Result<CredentialPtr> managed_identity_credential(const IdentityWorld& world, IdentityHost host,
                                                  IdentityWish wish);

}  // namespace aksmesh::azure
