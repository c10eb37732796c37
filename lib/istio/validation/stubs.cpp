// SPDX-License-Identifier: Apache-2.0
#include "istio/validation/kinds.hpp"

namespace aksmesh::istio::validation {

void validate_authorization_policy(const kube::Object&, Problems&) {}
void validate_envoy_filter(const kube::Object&, Problems&) {}
void validate_peer_authentication(const kube::Object&, Problems&) {}
void validate_proxy_config(const kube::Object&, Problems&) {}
void validate_request_authentication(const kube::Object&, Problems&) {}
void validate_telemetry(const kube::Object&, Problems&) {}
void validate_wasm_plugin(const kube::Object&, Problems&) {}
void validate_workload_entry(const kube::Object&, Problems&) {}
void validate_workload_group(const kube::Object&, Problems&) {}

}  // namespace aksmesh::istio::validation
