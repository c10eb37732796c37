// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "azure/service_principal.hpp"
#include "net/http.hpp"
#include "sys/environment.hpp"

namespace aksmesh::azure {

/// A job that may ask its platform for a token of itself.
struct Pipeline {
  std::string prefix{};   ///< of the variables that say as whom to sign in: `AZURE_`
  std::string because{};  ///< the variable that shows it, for messages
  net::Request request{};
  std::string member{};  ///< of the answer: holds the token
};
/// GitHub Actions (ACTIONS_ID_TOKEN_REQUEST_URL and _TOKEN, in jobs with the permission
/// `id-token: write`) or Azure Pipelines (SYSTEM_OIDCREQUESTURI, SYSTEM_ACCESSTOKEN and
/// AZURESUBSCRIPTION_SERVICE_CONNECTION_ID); nothing anywhere else.
std::optional<Pipeline> pipeline_of(const sys::Environment& env);

/// The tokens of that job. Errors: usage when its address is not https; auth when it is refused.
ForeignToken token_of(net::Http& http, Pipeline pipeline);

}  // namespace aksmesh::azure
