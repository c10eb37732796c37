// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace aksmesh::azure {

struct Token {
  Secret value{};
  std::int64_t expires_on = 0;  ///< seconds since 1970
};

/// One way of getting tokens. Errors are of kind auth when the other side refuses.
class Credential {
 public:
  Credential() = default;
  Credential(const Credential&) = delete;
  Credential& operator=(const Credential&) = delete;
  virtual ~Credential() = default;
  /// A fresh token for an audience, such as https://management.core.windows.net/. `claims` is what
  /// a 401 asked for, usually empty.
  virtual Result<Token> fetch(const std::string& audience, const std::string& claims) = 0;
  /// Who signs in and how, for messages: `service principal 1234... (environment)`.
  [[nodiscard]] virtual std::string name() const = 0;
  /// What tells the tokens of two credentials apart in a cache; empty: not to be kept.
  [[nodiscard]] virtual std::string cache_key() const = 0;
};

using CredentialPtr = std::unique_ptr<Credential>;

}  // namespace aksmesh::azure
