// SPDX-License-Identifier: Apache-2.0
#include "checks/check.hpp"

namespace aksmesh::checks {
namespace {

void run(const Facts& facts, Findings& out) {
  for (const auto& config : facts.mesh_configs()) {
    if (config.origin == MeshConfigDocument::Origin::standard) continue;
    auto proxy = config.root["defaultConfig"];
    if (!proxy) proxy = config.root["default_config"];
    const auto concurrency = proxy["concurrency"];
    if (concurrency.as_int() == 0)
      out.add(*config.object, concurrency, "concurrency 0 lets every Envoy start a thread for each core of its node");
  }
}

}  // namespace

extern const Check meshconfig_concurrency_zero;
constinit const Check meshconfig_concurrency_zero{
    .slug = "meshconfig-concurrency-zero", .reads = kMeshConfigKinds, .run = run};

}  // namespace aksmesh::checks
