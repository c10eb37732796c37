// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace aksmesh::envoy {

class Value;

/// A value of a dump as JSON without blanks, fit to be shown: what stands behind the keys of Envoy
/// that hold private keys, passwords, keys of session tickets and generic secrets is `redacted`,
/// except names of files and of environment variables. Envoy hides private keys itself, but
/// somebody else may have written the dump. Empty for nothing.
std::string json_without_secrets(const Value& value);

/// Whether a key, in small letters, tells that its value is a secret.
using TellsOfSecret = bool (*)(std::string_view key);
/// The same for somebody else, who is not told either what stands behind keys that tell of a
/// secret, also in lists of `key` and `value`; nor the variables of a proxy's environment, the
/// configuration of Wasm extensions, and annotations that repeat a whole object.
std::string json_for_others(const Value& value, TellsOfSecret tells_of_secret);

}  // namespace aksmesh::envoy
