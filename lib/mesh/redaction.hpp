// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "data/tree.hpp"

namespace aksmesh::mesh {

/// A list of objects as JSON, fit to be given away: without the values of environment variables,
/// arguments, contents of ConfigMaps that no rule reads, annotations that repeat the whole object,
/// and what stands behind keys such as `password`. What rules read stays, so that they say the same
/// of it. `kind` is that of the items. lib/mesh/tables/redaction.json tells what is kept.
std::string redacted_list(const data::Node& list, std::string_view kind);

/// What an istiod tells of its proxies (istio/sync_status.hpp): what is read of it and no more, and
/// nothing secret in the words of proxies that refused their configuration. Counts the proxies.
/// Kind bad_data for anything else.
Result<std::string> redacted_sync_status(const std::string& json, std::size_t& proxies);

/// Whether a key, in small letters, tells that its value is a secret.
bool tells_of_secret(std::string_view key);

/// A text of `key: value` and `key = value`, in YAML, JSON or the like, without the values of keys
/// that tell of a secret.
std::string without_secrets(std::string_view text);

}  // namespace aksmesh::mesh
