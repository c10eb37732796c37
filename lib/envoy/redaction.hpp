// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace aksmesh::envoy {

class Value;

/// A value of a dump as JSON without blanks, fit to be shown: what stands behind the keys of Envoy
/// that hold private keys, passwords, keys of session tickets and generic secrets is `redacted`,
/// except names of files and of environment variables. Envoy hides private keys itself, but
/// somebody else may have written the dump. Empty for nothing.
std::string json_without_secrets(const Value& value);

}  // namespace aksmesh::envoy
