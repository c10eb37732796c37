// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "azure/credential.hpp"
#include "net/http.hpp"
#include "sys/clock.hpp"

// Token requests to Entra ID (v2 endpoint).
namespace aksmesh::azure {

using Form = std::vector<std::pair<std::string, std::string>>;
/// application/x-www-form-urlencoded.
std::string form_text(const Form& form);

/// The token endpoint of a tenant.
std::string token_url(const std::string& login, const std::string& tenant);
/// The scope of an audience: `/.default` behind it, even when it ends in a slash.
std::string scope_of(const std::string& audience);

/// Sends a form. Any status is an answer.
Result<net::Response> post_form(net::Http& http, const std::string& url, const Form& form,
                                const std::string& who);
/// Sends a token request and reads the token. `who` is for messages: "service principal 1234".
Result<Token> request_token(net::Http& http, const sys::Clock& clock, const std::string& url,
                            const Form& form, const std::string& who);
/// Reads the JSON of any token answer: `expires_in` (seconds) or `expires_on` (seconds since 1970),
/// each a number or a text. Kind bad_data when there is no token in it.
Result<Token> read_token(std::string_view json, const sys::Clock& clock);

/// The answer to a token request that was not granted, as an Error. `place` is where it was sent,
/// for messages.
Error refused(const net::Response& response, const std::string& who, const std::string& place);

}  // namespace aksmesh::azure
