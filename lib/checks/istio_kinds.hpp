// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "checks/check.hpp"

namespace aksmesh::checks {

/// The kinds of Istio whose objects istiod reads.
inline constexpr KindSet kIstioKinds{Kind::istio_gateway,
                                     Kind::virtual_service,
                                     Kind::destination_rule,
                                     Kind::service_entry,
                                     Kind::sidecar,
                                     Kind::envoy_filter,
                                     Kind::proxy_config,
                                     Kind::workload_entry,
                                     Kind::workload_group,
                                     Kind::authorization_policy,
                                     Kind::peer_authentication,
                                     Kind::request_authentication,
                                     Kind::telemetry,
                                     Kind::wasm_plugin};

}  // namespace aksmesh::checks
