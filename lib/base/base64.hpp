// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace aksmesh {

/// Decodes base64 with its padding (RFC 4648, section 4), line breaks left out of account; nothing
/// for any other text.
std::optional<std::string> decode_base64(std::string_view text);

/// With padding, on one line.
std::string encode_base64(std::string_view bytes);
/// As tokens have it (RFC 7515): `-` and `_` for `+` and `/`, no padding.
std::string encode_base64url(std::string_view bytes);

}  // namespace aksmesh
