// SPDX-License-Identifier: Apache-2.0
#include "istio/validation/common.hpp"
#include "istio/validation/kinds.hpp"

namespace aksmesh::istio::validation {

void validate_peer_authentication(const kube::Object& object, Problems& out) {
  const auto spec = object.spec();
  check_selector(spec, "selector", out);
  const auto ports = field(spec, "portLevelMtls");
  if (!ports.is_mapping() || ports.size() == 0) return;
  if (field(field(spec, "selector"), "matchLabels").size() == 0)
    out.error("PA-01", ports,
              "ports can only be set for workloads that a selector with labels picks");
  for (const auto& [port, mode] : ports.entries()) {
    // A key that is no number is a fault of the type.
    const auto number = integer(port);
    if (number && !is_port(*number))
      out.error("PA-03", mode, shown(port.text()) + " is no port number from 1 to 65535");
  }
}

}  // namespace aksmesh::istio::validation
