// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace aksmesh {

/// Major and minor of Kubernetes or Istio; patches never decide anything here.
struct VersionNumber {
  int major = 0;
  int minor = 0;
  auto operator<=>(const VersionNumber&) const = default;
  [[nodiscard]] std::string text() const;
};

/// Reads `1.33`, `v1.33.2` or `1.33.2-aks`; nothing when there are no two numbers.
std::optional<VersionNumber> parse_version(std::string_view text);
/// Reads a revision of the add-on, `asm-X-Y` (istio-deploy-addon.md). Compare as numbers: asm-1-9 <
/// asm-1-10.
std::optional<VersionNumber> parse_revision(std::string_view text);
std::string revision_name(const VersionNumber& version);

}  // namespace aksmesh
