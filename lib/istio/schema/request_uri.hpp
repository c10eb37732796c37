// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace aksmesh::istio::schema {

/// The scheme of a text that an API server takes for a URL (an absolute URI or an absolute path,
/// RFC 3986), in lower case and empty for a path; nothing for any other text.
std::optional<std::string> request_uri_scheme(std::string_view text);

}  // namespace aksmesh::istio::schema
