// SPDX-License-Identifier: Apache-2.0
#include "mesh/host_index.hpp"

namespace aksmesh::mesh {

void HostIndex::add(std::string_view host, std::uint32_t id) {
  if (!istio::is_wildcard(host)) {
    plain_[reversed(host)].push_back(id);
    return;
  }
  wild_lengths_.insert(host.size() - 1);
  wild_[reversed(host.substr(1))].push_back(id);
}

}  // namespace aksmesh::mesh
