// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "data/tree.hpp"
#include "mesh/request_path.hpp"
#include "mesh/trust_domain.hpp"

namespace aksmesh::mesh {

class Model;
struct MeshConfigDocument;

/// What of the mesh configuration matters to the analysis of other objects, defaults filled in.
struct MeshSettings {
  bool known = false;  ///< false: the input holds no mesh configuration, all of this is defaults
  std::string root_namespace{};
  std::string ingress_service = "istio-ingressgateway";
  bool ingress_controller_off = false;
  /// Extension providers by name, each with the word for its type (`opentelemetry`, ...).
  std::unordered_map<std::string_view, std::string_view> extension_providers{};
  std::vector<std::string_view> default_access_log_providers{};
  /// Who sees VirtualServices without `exportTo`; empty: everybody.
  std::vector<std::string_view> default_virtual_service_export_to{};
  std::unordered_map<std::string_view, std::string_view> proxy_metadata{};
  std::string_view image_type{};
  bool h2_upgrade = false;      ///< requests to HTTP ports go out over HTTP/2
  bool auto_mutual_tls = true;  ///< proxies find out themselves where mutual TLS is spoken
  /// Nothing: a word that Istio does not know, or a text that cannot be read.
  std::optional<PathNormalization> path_normalization = PathNormalization::base;
  TrustDomains trust_domains{};
  /// Proxies before a gateway, whose entries in X-Forwarded-For it believes.
  std::int64_t trusted_proxies = 0;
};

/// The mesh configurations that count, each one before those that lie over it. With a revision,
/// those of others are left out.
std::vector<const MeshConfigDocument*> counting_mesh_configs(const Model& model,
                                                             std::string_view revision = {});
/// A field of a mesh configuration by its JSON name or its protobuf name.
data::Node mesh_config_field(const data::Node& root, std::string_view name,
                             std::string_view proto_name);

/// With a revision, what those of others say is left out.
MeshSettings read_mesh_settings(const Model& model, std::string_view revision = {});

}  // namespace aksmesh::mesh
