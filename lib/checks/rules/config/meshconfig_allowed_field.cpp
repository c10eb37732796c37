// SPDX-License-Identifier: Apache-2.0
#include "checks/rules/config/mesh_config_walk.hpp"

namespace aksmesh::checks {
namespace {

void run(const Facts& facts, Findings& out) {
  for_each_written_field(facts, [&](const WrittenField& field) {
    if (field.known != nullptr && field.known->support == mesh::FieldSupport::allowed)
      out.add(*field.document->object, field.value,
              "field {field} is accepted, but trouble that it causes is outside Azure support",
              {{"field", field.name()}});
  });
}

}  // namespace

extern const Check meshconfig_allowed_field;
constinit const Check meshconfig_allowed_field{
    .slug = "meshconfig-allowed-field", .reads = kMeshConfigKinds, .run = run};

}  // namespace aksmesh::checks
