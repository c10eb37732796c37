// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "checks/check.hpp"

namespace aksmesh::checks {

/// The revision whose istiod a ValidatingWebhookConfiguration of the add-on asks; nothing for any
/// other configuration.
inline std::optional<VersionNumber> validator_revision(const Object& configuration) {
  auto name = configuration.name;
  if (!name.starts_with(kValidatorPrefix) || !name.ends_with(kSystemSuffix)) return std::nullopt;
  name.remove_prefix(kValidatorPrefix.size());
  // The suffix may overlap a name that is nothing but prefix and suffix.
  if (name.size() < kSystemSuffix.size()) return std::nullopt;
  name.remove_suffix(kSystemSuffix.size());
  return parse_revision(name);
}

}  // namespace aksmesh::checks
