// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "checks/check.hpp"

namespace aksmesh::checks {

inline constexpr KindSet kPromisedSecretKinds{Kind::other, Kind::secret_provider_class,
                                              Kind::certificate};

/// Secrets that something else of the input makes (secret-makers.json). Reads
/// kPromisedSecretKinds.
class PromisedSecrets {
 public:
  explicit PromisedSecrets(const Facts& facts);
  [[nodiscard]] bool has(std::string_view name_space, std::string_view name) const {
    return names_.contains({name_space, name}) || names_.contains({kEveryNamespace, name});
  }
  /// An object of a kind that the table does not know and that names such a Secret; null when there
  /// is none.
  [[nodiscard]] const Object* possible_maker(std::string_view name_space,
                                             std::string_view name) const;

 private:
  using Name = std::pair<std::string_view, std::string_view>;
  static constexpr std::string_view kEveryNamespace = "*";
  void add(const Object& object);

  std::set<Name> names_;
  std::map<Name, const Object*> foreign_;
};

/// What the input tells of a Secret that a gateway reads.
struct SecretAnswer {
  const Object* secret = nullptr;  ///< null when it is not in the input
  bool missing = false;            ///< surely
  std::string unknown{};           ///< why nothing tells; empty when something does
};
/// `promised` may be null. Reads Secret.
SecretAnswer look_for_secret(const Facts& facts, const PromisedSecrets* promised,
                             std::string_view name_space, std::string_view name);

/// Whether a gateway reads a Secret for a server with these TLS settings.
bool reads_secret(const Node& tls);

/// A value of a Secret as its readers get it; empty when there is none or it is not base64. Not to
/// be shown to anybody.
std::string secret_value(const Object& secret, std::string_view key);

}  // namespace aksmesh::checks
