// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "istio/validation/problem.hpp"
#include "kube/manifests.hpp"

// The rules of each kind; validate.hpp chooses among them.
namespace aksmesh::istio::validation {

void validate_authorization_policy(const kube::Object& object, Problems& out);
void validate_destination_rule(const kube::Object& object, Problems& out);
void validate_envoy_filter(const kube::Object& object, Problems& out);
void validate_gateway(const kube::Object& object, Problems& out);
void validate_peer_authentication(const kube::Object& object, Problems& out);
void validate_proxy_config(const kube::Object& object, Problems& out);
void validate_request_authentication(const kube::Object& object, Problems& out);
void validate_service_entry(const kube::Object& object, Problems& out);
void validate_sidecar(const kube::Object& object, Problems& out);
void validate_telemetry(const kube::Object& object, Problems& out);
void validate_virtual_service(const kube::Object& object, Problems& out);
void validate_wasm_plugin(const kube::Object& object, Problems& out);
void validate_workload_entry(const kube::Object& object, Problems& out);
void validate_workload_group(const kube::Object& object, Problems& out);

}  // namespace aksmesh::istio::validation
