// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "azure/credential.hpp"
#include "sys/clock.hpp"

namespace aksmesh::azure {

/// Keeps tokens over runs; see token_cache.hpp for the one on disk.
class TokenCache {
 public:
  TokenCache() = default;
  TokenCache(const TokenCache&) = delete;
  TokenCache& operator=(const TokenCache&) = delete;
  virtual ~TokenCache() = default;
  /// A token of that key and audience; an empty one when there is none.
  virtual Token find(const std::string& key, const std::string& audience) = 0;
  virtual void keep(const std::string& key, const std::string& audience, const Token& token) = 0;
  virtual void forget(const std::string& key, const std::string& audience) = 0;
};

/// Tokens of one credential, kept and renewed in time.
class TokenSource {
 public:
  TokenSource(CredentialPtr credential, TokenCache* cache, const sys::Clock& clock)
      : credential_(std::move(credential)), cache_(cache), clock_(clock) {}

  /// A token with at least five minutes left.
  Result<Secret> token(const std::string& audience);
  /// After a 401: a token other than the last one.
  Result<Secret> renew(const std::string& audience, const std::string& claims);
  [[nodiscard]] std::string name() const { return credential_->name(); }

 private:
  Result<Secret> fetch(const std::string& audience, const std::string& claims);

  CredentialPtr credential_;
  TokenCache* cache_;  ///< null: none
  const sys::Clock& clock_;
  std::map<std::string, Token> tokens_;  ///< by audience
};

}  // namespace aksmesh::azure
