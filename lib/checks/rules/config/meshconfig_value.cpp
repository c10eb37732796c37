// SPDX-License-Identifier: Apache-2.0
#include "checks/rules/config/mesh_config_walk.hpp"
#include "mesh/mesh_config_types.hpp"

namespace aksmesh::checks {
namespace {

void run(const Facts& facts, Findings& out) {
  for_each_written_field(facts, [&](const WrittenField& field) {
    // Fields that do not exist or that the add-on refuses are another rule's.
    if (field.of_proxy || field.known == nullptr ||
        field.known->support == mesh::FieldSupport::blocked)
      return;
    for (const auto& fault : mesh::find_mesh_config_faults(field.known->name, field.value)) {
      out.add(*field.document->object, fault.place, "field {field} {problem}",
              {{"field", fault.field}, {"problem", fault.what}});
      if (!fault.remedy.empty()) out.advise(fault.remedy);
    }
  });
}

}  // namespace

extern const Check meshconfig_value;
constinit const Check meshconfig_value{
    .slug = "meshconfig-value", .reads = kMeshConfigKinds, .run = run};

}  // namespace aksmesh::checks
