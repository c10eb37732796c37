// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace aksmesh::istio::validation {

/// Base64, with the two alphabets and paddings of RFC 4648 that Go tells apart.
enum class Base64 { standard, any };
bool is_base64(std::string_view text, Base64 form);

/// Why a text is no JSON Web Key Set (RFC 7517), nor a single key; empty when it is.
std::string jwks_fault(std::string_view text);

}  // namespace aksmesh::istio::validation
