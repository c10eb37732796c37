// SPDX-License-Identifier: Apache-2.0
#include "checks/rules/config/mesh_config_walk.hpp"

namespace aksmesh::checks {
namespace {

void run(const Facts& facts, Findings& out) {
  for_each_written_field(facts, [&](const WrittenField& field) {
    if (field.of_proxy && field.key.text() == "concurrency" && field.value.as_int() == 0)
      out.add(*field.document->object, field.value,
              "concurrency 0 lets every Envoy start a thread for each core of its node");
  });
}

}  // namespace

extern const Check meshconfig_concurrency_zero;
constinit const Check meshconfig_concurrency_zero{
    .slug = "meshconfig-concurrency-zero", .reads = kMeshConfigKinds, .run = run};

}  // namespace aksmesh::checks
