// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "checks/check.hpp"
#include "mesh/mesh_config_fields.hpp"

namespace aksmesh::checks {

/// A key of a mesh configuration that a person wrote, at one of the two levels that the add-on
/// classifies.
struct WrittenField {
  const MeshConfigDocument* document = nullptr;
  Node key{};
  Node value{};
  const mesh::MeshConfigField* known = nullptr;  ///< null when its level has no such field
  bool of_proxy = false;                         ///< below defaultConfig

  /// As a reader finds it: `defaultConfig.image`.
  [[nodiscard]] std::string name() const {
    return (of_proxy ? "defaultConfig." : "") + std::string(key.text());
  }
};

constexpr std::string_view kDefaultConfigField = "defaultConfig";

/// Every such key of the shared ConfigMaps, of the source mesh, of IstioOperators and bare files;
/// not of the default ConfigMap, which AKS writes. Declare kMeshConfigKinds.
template <class Visit>
void for_each_written_field(const Facts& facts, Visit visit) {
  for (const auto& document : facts.mesh_configs()) {
    if (document.origin == MeshConfigDocument::Origin::standard) continue;
    for (const auto entry : document.root.entries()) {
      const auto* known = mesh::find_field(mesh::mesh_config_fields(), entry.key.text());
      visit(WrittenField{&document, entry.key, entry.value, known, false});
      if (known == nullptr || known->name != kDefaultConfigField) continue;
      for (const auto inner : entry.value.entries()) {
        known = mesh::find_field(mesh::proxy_config_fields(), inner.key.text());
        visit(WrittenField{&document, inner.key, inner.value, known, true});
      }
    }
  }
}

}  // namespace aksmesh::checks
