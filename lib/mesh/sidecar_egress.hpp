// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "data/tree.hpp"
#include "kube/manifests.hpp"

// What the proxies of a Sidecar learn of (istio.io, "Sidecar" reference; 1.28).
namespace aksmesh::mesh {

/// One entry of `egress[].hosts`: `namespace/host`, the namespace `.` filled in.
struct EgressHost {
  data::Node node{};
  std::string_view name_space{};  ///< `*` for any, `~` for none
  std::string_view host{};
};

/// Calls `visit(entry)` for each entry of a Sidecar's egress listeners.
template <class Visit>
void visit_egress_hosts(const kube::Object& sidecar, Visit visit) {
  for (const auto listener : sidecar.spec()["egress"].items())
    for (const auto item : listener["hosts"].items()) {
      const auto text = item.text();
      const auto slash = text.find('/');
      if (slash == std::string_view::npos) continue;
      const auto name_space = text.substr(0, slash);
      visit(EgressHost{.node = item,
                       .name_space = name_space == "." ? sidecar.name_space : name_space,
                       .host = text.substr(slash + 1)});
    }
}

/// True when its proxies learn of a VirtualService. A Sidecar without egress lets them learn of
/// everything.
bool imports(const kube::Object& sidecar, const kube::Object& virtual_service);

}  // namespace aksmesh::mesh
