// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

// How the values of AuthorizationPolicies are compared with a request (istio.io,
// "AuthorizationPolicy" and "Authorization Policy Conditions" reference; 1.28).
namespace aksmesh::mesh {

/// A yes or no that may not be known.
enum class Truth : std::uint8_t { no, yes, unknown };
Truth truth_of(bool value);
Truth both(Truth a, Truth b);
Truth either(Truth a, Truth b);
Truth opposite(Truth a);
/// `yes`, `no` or `unknown`.
std::string_view word_of(Truth truth);

/// `abc`, `abc*`, `*abc`, or `*` for anything but the empty text. A star elsewhere is itself.
bool matches_value(std::string_view pattern, std::string_view text);
/// Likewise without regard to case.
bool matches_host(std::string_view pattern, std::string_view host);
/// A path without its query; `{*}` is one segment and `{**}` any number of them.
bool matches_path(std::string_view pattern, std::string_view path);
bool is_path_template(std::string_view pattern);
/// `10.0.0.0/8`, `10.1.2.3` or the same of IPv6; false when either is no address.
bool is_in_block(std::string_view block, std::string_view address);
bool is_address(std::string_view text);

/// The parts of an identity `cluster.local/ns/NAMESPACE/sa/ACCOUNT`, which may be written with
/// `spiffe://`.
bool matches_namespace(std::string_view pattern, std::string_view principal);
/// `NAMESPACE/NAME`, or a name in the policy's own namespace.
bool matches_service_account(std::string_view account, std::string_view own_namespace,
                             std::string_view principal);

}  // namespace aksmesh::mesh
