// SPDX-License-Identifier: Apache-2.0
#include "mesh/sidecar_egress.hpp"

#include "istio/host.hpp"

namespace aksmesh::mesh {

bool imports(const kube::Object& sidecar, const kube::Object& virtual_service) {
  if (sidecar.spec()["egress"].size() == 0) return true;
  bool found = false;
  visit_egress_hosts(sidecar, [&](const EgressHost& entry) {
    if (entry.name_space != "*" && entry.name_space != virtual_service.name_space) return;
    for (const auto host : virtual_service.spec()["hosts"].items())
      found = found || istio::hosts_overlap(entry.host,
                                            istio::fqdn(host.text(), virtual_service.name_space));
  });
  return found;
}

}  // namespace aksmesh::mesh
