// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// How long ago something was, as proxy-status of istioctl tells it.
namespace aksmesh::istio {

/// Milliseconds since 1970 of an RFC 3339 text, whose fractions count; nothing for any other text.
std::optional<std::int64_t> moment_in_milliseconds(std::string_view text);

/// `87s`, `5m12s`, `74m`, `3h12m`, `30h`, `3d4h`, `120d`, `2y30d`. What is yet to come is `0s`.
std::string age_text(std::int64_t milliseconds);

}  // namespace aksmesh::istio
