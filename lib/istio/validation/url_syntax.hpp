// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace aksmesh::istio::validation {

/// A URL as far as Istio looks at it.
struct Url {
  std::string scheme{};  ///< in lower case; empty when there is none
  std::string fault{};   ///< why the text is no URL; empty when it is one
};

/// A reference may be relative, as in `keys.json`; a request names a scheme or an absolute path.
enum class UrlForm { reference, request };

/// Reads a URL (RFC 3986) with the leniency of Go's net/url, which istiod uses.
Url parse_url(std::string_view text, UrlForm form);

}  // namespace aksmesh::istio::validation
