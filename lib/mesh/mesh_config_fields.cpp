// SPDX-License-Identifier: Apache-2.0
#include "mesh/mesh_config_fields.hpp"

#include <algorithm>

#include "base/edit_distance.hpp"
#include "mesh/table.hpp"

namespace aksmesh::mesh {
namespace {

constexpr std::string_view kTable = "meshconfig-fields.json";

FieldSupport read_support(std::string_view word) {
  if (word == "supported") return FieldSupport::supported;
  return word == "allowed" ? FieldSupport::allowed : FieldSupport::blocked;
}

std::vector<MeshConfigField> read_fields(std::string_view list) {
  std::vector<MeshConfigField> out;
  for (const auto& row : table(kTable)[list].items())
    out.push_back({row["field"].text(), row["protoName"].text(), read_support(row["status"].text()),
                   row["note"].text()});
  return out;
}

}  // namespace

const std::vector<MeshConfigField>& mesh_config_fields() {
  static const auto fields = read_fields("meshConfig");
  return fields;
}

const std::vector<MeshConfigField>& proxy_config_fields() {
  static const auto fields = read_fields("proxyConfig");
  return fields;
}

const MeshConfigField* find_field(const std::vector<MeshConfigField>& fields,
                                  std::string_view name) {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const MeshConfigField& field) {
    return field.name == name || field.proto_name == name;
  });
  return found == fields.end() ? nullptr : &*found;
}

std::string nearest_field(const std::vector<MeshConfigField>& fields, std::string_view name) {
  std::vector<std::string> names;
  for (const auto& field : fields) names.emplace_back(field.name);
  const auto near = suggestions(name, names);
  return near.empty() ? std::string{} : near.front();
}

bool looks_like_mesh_config(const data::Node& document) {
  // Names that other YAML files use as well would make a mesh configuration of a values file or a
  // pipeline.
  return std::any_of(
      document.entries().begin(), document.entries().end(), [](const data::Entry& entry) {
        const auto name = entry.key.text();
        return name.size() >= 10 && find_field(mesh_config_fields(), name) != nullptr;
      });
}

const std::vector<TelemetryField>& telemetry_fields() {
  static const auto fields = [] {
    std::vector<TelemetryField> out;
    for (const auto& row : table(kTable).at("telemetryApi", "fields").items()) {
      out.push_back({row["path"].text(), row["status"].text()});
      for (const auto& name : row["supportedProviders"].items())
        out.back().supported_providers.push_back(name.text());
    }
    return out;
  }();
  return fields;
}

}  // namespace aksmesh::mesh
