// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "checks/check.hpp"

namespace aksmesh::checks {

inline constexpr KindSet kPromisedSecretKinds{Kind::secret_provider_class, Kind::certificate};

/// Secrets that something else of the input will make. Reads kPromisedSecretKinds.
class PromisedSecrets {
 public:
  explicit PromisedSecrets(const Facts& facts);
  [[nodiscard]] bool has(std::string_view name_space, std::string_view name) const {
    return names_.contains({name_space, name});
  }

 private:
  std::set<std::pair<std::string_view, std::string_view>> names_;
};

/// Whether a gateway reads a Secret for a server with these TLS settings.
bool reads_secret(const Node& tls);

/// A value of a Secret as its readers get it; empty when there is none or it is not base64. Not to
/// be shown to anybody.
std::string secret_value(const Object& secret, std::string_view key);

}  // namespace aksmesh::checks
