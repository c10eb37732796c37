// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "checks/mesh_certificates.hpp"
#include "command.hpp"
#include "kube/manifests.hpp"

namespace aksmesh::commands {

/// What `certs` has seen.
struct CertsSeen {
  std::string place{};  ///< `context prod`
  std::vector<checks::ProxySecrets> proxies{};
  std::vector<checks::NamespaceRoots> namespaces{};
  std::vector<kube::Unavailable> unavailable{};
  std::int64_t now = 0;  ///< seconds since 1970
  int horizon_days = 0;
  std::string fail_on{};  ///< a severity, or `never`
  bool are_compared =
      false;  ///< pods were named, and whether they trust each other is the question
};

OutcomePtr certs_outcome(CertsSeen seen, const Context& context);

}  // namespace aksmesh::commands
