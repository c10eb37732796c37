// SPDX-License-Identifier: Apache-2.0
#include "azure/token_source.hpp"

namespace aksmesh::azure {
namespace {

constexpr std::int64_t kMargin = 300;  // seconds; a token is renewed that long before its end

}  // namespace

Result<Secret> TokenSource::token(const std::string& audience) {
  auto& known = tokens_[audience];
  // The key can be made of files, which are not read for every request.
  if (known.value.empty() && cache_ != nullptr)
    if (const auto key = credential_->cache_key(); !key.empty())
      known = cache_->find(key, audience);
  if (!known.value.empty() && known.expires_on - kMargin > clock_.now()) return known.value;
  return fetch(audience, {});
}

Result<Secret> TokenSource::renew(const std::string& audience, const std::string& claims) {
  tokens_.erase(audience);
  if (const auto key = credential_->cache_key(); cache_ != nullptr && !key.empty())
    cache_->forget(key, audience);
  return fetch(audience, claims);
}

Result<Secret> TokenSource::fetch(const std::string& audience, const std::string& claims) {
  AK_TRY(const auto fresh, credential_->fetch(audience, claims));
  tokens_[audience] = fresh;
  if (const auto key = credential_->cache_key(); cache_ != nullptr && !key.empty())
    cache_->keep(key, audience, fresh);
  return fresh.value;
}

}  // namespace aksmesh::azure
