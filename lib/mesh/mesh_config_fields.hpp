// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "data/tree.hpp"

namespace aksmesh::mesh {

enum class FieldSupport { supported, allowed, blocked };

/// A field of MeshConfig, or of the ProxyConfig under `defaultConfig`, with what the add-on makes
/// of it (istio-meshconfig.md; lib/mesh/tables/meshconfig-fields.json).
struct MeshConfigField {
  std::string_view name{};        ///< as in JSON
  std::string_view proto_name{};  ///< the parser takes it as well
  FieldSupport support = FieldSupport::blocked;
  std::string_view note{};
};

const std::vector<MeshConfigField>& mesh_config_fields();
const std::vector<MeshConfigField>& proxy_config_fields();
/// By either name; null when there is no such field.
const MeshConfigField* find_field(const std::vector<MeshConfigField>& fields,
                                  std::string_view name);
/// The known field that a misspelled one most probably means, or empty.
std::string nearest_field(const std::vector<MeshConfigField>& fields, std::string_view name);
/// True for a mapping that is a mesh configuration by itself: it has a field that only MeshConfig
/// has.
bool looks_like_mesh_config(const data::Node& document);

/// A field path of the Telemetry API and its support, such as `accessLogging[].filter`.
struct TelemetryField {
  std::string_view path{};
  std::string_view support{};  ///< supported, allowed, blocked or unverified
  /// For a list of providers, those that Azure supports; empty when any may be named.
  std::vector<std::string_view> supported_providers{};
};
const std::vector<TelemetryField>& telemetry_fields();

}  // namespace aksmesh::mesh
