// SPDX-License-Identifier: Apache-2.0
#include "mesh/mesh_settings.hpp"

#include <doctest/doctest.h>

#include "support/live_model.hpp"

namespace aksmesh::test {
namespace {

using mesh::PathNormalization;

std::string config(const std::string& name, const std::string& mesh_config) {
  return "{apiVersion: v1, kind: ConfigMap, metadata: {name: " + name +
         ", namespace: aks-istio-system}, data: {mesh: '" + mesh_config + "'}}\n---\n";
}

}  // namespace

TEST_CASE("The mesh configuration: paths and trust domains, by revision") {
  const auto model = live_model(
      config("istio-asm-1-28", "{trustDomain: cluster.local, trustDomainAliases: [old]}") +
      config("istio-shared-configmap-asm-1-28",
             "{trustDomain: new, trust_domain_aliases: [older, old], path_normalization: "
             "{normalization: MERGE_SLASHES}, defaultConfig: {gatewayTopology: "
             "{numTrustedProxies: 2}}}") +
      config("istio-shared-configmap-asm-1-29", "{pathNormalization: {normalization: NONE}}"));
  const auto older = mesh::read_mesh_settings(*model, "asm-1-28");
  CHECK(older.trust_domains.known);
  CHECK(older.trust_domains.names == std::vector<std::string>{"new", "old", "older"});
  CHECK(older.path_normalization == PathNormalization::merge_slashes);
  CHECK(older.trusted_proxies == 2);
  const auto newer = mesh::read_mesh_settings(*model, "asm-1-29");
  CHECK(newer.trust_domains.names == std::vector<std::string>{"cluster.local"});
  CHECK(newer.path_normalization == PathNormalization::none);
}

TEST_CASE("The mesh configuration: what cannot be read is not known") {
  const auto nothing = live_model("");
  const auto defaults = mesh::read_mesh_settings(*nothing);
  CHECK_FALSE(defaults.trust_domains.known);
  CHECK(defaults.path_normalization == PathNormalization::base);
  const auto name = "istio-shared-configmap-asm-1-28";
  const auto strange = live_model(config(name, "{pathNormalization: {normalization: SOME}}"));
  CHECK_FALSE(mesh::read_mesh_settings(*strange).path_normalization);
  const auto broken = live_model(config(name, "{pathNormalization: ["));
  CHECK_FALSE(mesh::read_mesh_settings(*broken).path_normalization);
  CHECK_FALSE(mesh::read_mesh_settings(*broken).trust_domains.known);
}

}  // namespace aksmesh::test
