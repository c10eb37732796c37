// SPDX-License-Identifier: Apache-2.0
#include "azure/token_cache.hpp"

#include <nlohmann/json.hpp>

#include "azure/digest.hpp"
#include "base/strings.hpp"
#include "data/json_edit.hpp"

namespace aksmesh::azure {
namespace {

constexpr std::uint64_t kLargestEntry = 1U << 18U;

}  // namespace

std::string DiskTokenCache::path_of(const std::string& key, const std::string& audience) const {
  return directory_ + '/' + sha256_hex(key + '\n' + audience) + ".json";
}

Token DiskTokenCache::find(const std::string& key, const std::string& audience) {
  const auto text = files_.read_private(path_of(key, audience), kLargestEntry);
  if (!text) return {};
  const auto document = data::JsonDocument::parse(*text);
  if (!document) return {};
  const auto root = document->root();
  const auto until = root["expiresOn"].as_int();
  const auto value = root["accessToken"].string();
  if (!until || value.empty() || root["audience"].string() != audience) return {};
  return {.value = Secret(std::string(value)), .expires_on = *until};
}

void DiskTokenCache::keep(const std::string& key, const std::string& audience, const Token& token) {
  const nlohmann::ordered_json entry{{"audience", audience},
                                     {"expiresOn", token.expires_on},
                                     {"accessToken", token.value.reveal()}};
  (void)files_.write_private(
      path_of(key, audience),
      entry.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n');
}

void DiskTokenCache::forget(const std::string& key, const std::string& audience) {
  (void)files_.remove(path_of(key, audience));
}

std::unique_ptr<TokenCache> token_cache(sys::Files& files, const sys::Environment& env) {
  if (to_lower(env.get("AKSMESH_TOKEN_CACHE").value_or("")) == "off") return nullptr;
  // A relative path counts as none (XDG base directory specification).
  auto directory = env.get("XDG_CACHE_HOME").value_or("");
  if (!directory.starts_with('/')) {
    const auto home = env.get("HOME").value_or("");
    if (!home.starts_with('/')) return nullptr;
    directory = home + "/.cache";
  }
  return std::make_unique<DiskTokenCache>(files, directory + "/aksmesh/tokens");
}

}  // namespace aksmesh::azure
