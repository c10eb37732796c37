// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "azure/clusters.hpp"

namespace aksmesh::test {

TEST_CASE("clusters: an API server of AKS is known by its name, in every cloud") {
  for (const char* host :
       {"a-dns-1.hcp.westus2.azmk8s.io", "A-DNS-1.HCP.WESTUS2.AZMK8S.IO",
        "a-1.0b2c.privatelink.westus2.azmk8s.io", "a-1.hcp.chinaeast2.cx.prod.service.azk8s.cn",
        "a-1.hcp.usgovvirginia.cx.aks.containerservice.azure.us"})
    CHECK_MESSAGE(azure::is_cluster_host(host), host);
  for (const char* host :
       {"", "127.0.0.1", "azmk8s.io.example", "notazmk8s.io", "a.eks.amazonaws.com"})
    CHECK_MESSAGE(!azure::is_cluster_host(host), host);
}

}  // namespace aksmesh::test
