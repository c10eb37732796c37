// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "istio/validation/common.hpp"

// Parts of a Gateway's server that a Sidecar's listener has too.
namespace aksmesh::istio::validation {

/// GW-20 to GW-25.
void check_server_tls(const Node& tls, Problems& out);

/// Who offers or imports a host of the form `namespace/name`.
enum class HostOwner { gateway, sidecar };
/// GW-10, SC-05.
void check_scoped_host(std::string_view rule, const Node& host, HostOwner owner, Problems& out);

/// `bind`: a Unix domain socket or an address; absent is fine.
void check_bind_address(std::string_view rule, const Place& bind, Problems& out);

}  // namespace aksmesh::istio::validation
