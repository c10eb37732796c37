// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "azure/preconditions.hpp"
#include "support/azure_world.hpp"

namespace aksmesh::test {
namespace {

std::string told(const std::string& gateways) {
  azure::Obstacles out;
  azure::check_ingress(cluster_of({.profile = mesh_json(R"("asm-1-28")", R"("ingressGateways":[)" +
                                                                             gateways + ']')}),
                       out);
  return out.empty() ? "" : out.front().slug + ": " + out.front().why;
}

}  // namespace

TEST_CASE("preconditions: one ingress gateway of each type") {
  const std::string external = R"({"mode":"External","enabled":true})";
  CHECK(told("").empty());
  CHECK(told(external).empty());
  CHECK(told(external + R"(,{"mode":"Internal","enabled":true})").empty());
  // One that is off counts for the service, too.
  CHECK(told(external + R"(,{"mode":"external","enabled":false})") ==
        "ingress-too-many: the profile of prod lists 2 external ingress gateways");
}

}  // namespace aksmesh::test
