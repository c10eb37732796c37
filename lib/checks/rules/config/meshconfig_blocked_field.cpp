// SPDX-License-Identifier: Apache-2.0
#include "checks/rules/config/mesh_config_walk.hpp"

namespace aksmesh::checks {
namespace {

void add_unknown_field(const WrittenField& field, Findings& out) {
  const auto& own = field.of_proxy ? mesh::proxy_config_fields() : mesh::mesh_config_fields();
  const auto& other = field.of_proxy ? mesh::mesh_config_fields() : mesh::proxy_config_fields();
  const auto& object = *field.document->object;
  const auto is_let_through = [](const mesh::MeshConfigField* known) {
    return known != nullptr && known->support != mesh::FieldSupport::blocked;
  };
  if (const auto* elsewhere = mesh::find_field(other, field.key.text()); elsewhere != nullptr) {
    out.add(object, field.value, "field {field} does not exist; {name} belongs {place}",
            {{"field", field.name()},
             {"name", std::string(field.key.text())},
             {"place", field.of_proxy ? "at the top level" : "under defaultConfig"}});
    if (is_let_through(elsewhere))
      out.advise(field.of_proxy ? "Move it to the top level." : "Move it under defaultConfig.");
  } else if (const auto nearest = mesh::nearest_field(own, field.key.text()); !nearest.empty()) {
    out.add(object, field.value, "field {field} does not exist; the nearest one is {nearest}",
            {{"field", field.name()}, {"nearest", nearest}});
    if (is_let_through(mesh::find_field(own, nearest))) out.advise("Write " + nearest + '.');
  } else {
    out.add(object, field.value, "field {field} does not exist", {{"field", field.name()}});
  }
}

void run(const Facts& facts, Findings& out) {
  for_each_written_field(facts, [&](const WrittenField& field) {
    if (field.known == nullptr)
      add_unknown_field(field, out);
    else if (field.known->support == mesh::FieldSupport::blocked)
      out.add(*field.document->object, field.value, "the add-on does not let field {field} through",
              {{"field", field.name()}});
  });
}

}  // namespace

extern const Check meshconfig_blocked_field;
constinit const Check meshconfig_blocked_field{
    .slug = "meshconfig-blocked-field", .reads = kMeshConfigKinds, .run = run};

}  // namespace aksmesh::checks
