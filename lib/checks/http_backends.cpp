// SPDX-License-Identifier: Apache-2.0
#include "checks/http_backends.hpp"

#include "istio/host.hpp"

namespace aksmesh::checks {

std::string backend_host(const Backend& backend) {
  if (backend.host->is_service())
    return istio::fqdn(backend.host->object->name, backend.host->object->name_space);
  return istio::fqdn(backend.place.text(), backend.route->name_space);
}

std::string Backend::text() const {
  return backend_host(*this) + ":" + std::to_string(port->number);
}

}  // namespace aksmesh::checks
