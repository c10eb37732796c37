// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "azure/token_source.hpp"
#include "sys/environment.hpp"
#include "sys/files.hpp"

namespace aksmesh::azure {

/// Access tokens in files that only their owner can read: one for each key and audience, named by
/// the SHA-256 of both. It never holds a secret, a key or a refresh token. What cannot be read or
/// trusted counts as not there, and failures to write are no failures of a command.
class DiskTokenCache final : public TokenCache {
 public:
  DiskTokenCache(sys::Files& files, std::string directory)
      : files_(files), directory_(std::move(directory)) {}

  Token find(const std::string& key, const std::string& audience) override;
  void keep(const std::string& key, const std::string& audience, const Token& token) override;
  void forget(const std::string& key, const std::string& audience) override;

 private:
  [[nodiscard]] std::string path_of(const std::string& key, const std::string& audience) const;

  sys::Files& files_;
  std::string directory_;
};

/// The cache of this user: below $XDG_CACHE_HOME or ~/.cache. Null when there is no such place or
/// AKSMESH_TOKEN_CACHE is `off`.
std::unique_ptr<TokenCache> token_cache(sys::Files& files, const sys::Environment& env);

}  // namespace aksmesh::azure
