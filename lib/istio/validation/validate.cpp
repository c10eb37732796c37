// SPDX-License-Identifier: Apache-2.0
#include "istio/validation/validate.hpp"

#include "istio/validation/kinds.hpp"
#include "istio/validation/virtual_service_parts.hpp"

namespace aksmesh::istio::validation {

void validate(const kube::Object& object, Problems& out, Coverage coverage) {
  using kube::Kind;
  switch (object.kind) {
    case Kind::authorization_policy: return validate_authorization_policy(object, out);
    case Kind::destination_rule: return validate_destination_rule(object, out);
    case Kind::envoy_filter: return validate_envoy_filter(object, out);
    case Kind::istio_gateway: return validate_gateway(object, out);
    case Kind::peer_authentication: return validate_peer_authentication(object, out);
    case Kind::proxy_config: return validate_proxy_config(object, out);
    case Kind::request_authentication: return validate_request_authentication(object, out);
    case Kind::service_entry: return validate_service_entry(object, out);
    case Kind::sidecar: return validate_sidecar(object, out);
    case Kind::telemetry: return validate_telemetry(object, out);
    case Kind::virtual_service:
      validate_virtual_service(object, out);
      return check_route_order(object.spec(), coverage, out);
    case Kind::wasm_plugin: return validate_wasm_plugin(object, out);
    case Kind::workload_entry: return validate_workload_entry(object, out);
    case Kind::workload_group: return validate_workload_group(object, out);
    default: return;
  }
}

}  // namespace aksmesh::istio::validation
