// SPDX-License-Identifier: Apache-2.0
#include "mesh/mesh_settings.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "mesh/model.hpp"

namespace aksmesh::mesh {
namespace {

using Origin = MeshConfigDocument::Origin;

constexpr auto field = mesh_config_field;

bool counts(const MeshConfigDocument& document, const Model::Options& options) {
  if (document.origin == Origin::file) return true;
  if (options.flavour == Flavour::addon)
    return document.origin == Origin::standard || document.origin == Origin::shared;
  return document.origin == Origin::source_mesh &&
         document.object->name_space == options.control_plane_namespace;
}

std::optional<PathNormalization> path_normalization_of(std::string_view word) {
  constexpr std::array<std::pair<std::string_view, PathNormalization>, 5> kWords{
      {{"DEFAULT", PathNormalization::base},
       {"NONE", PathNormalization::none},
       {"BASE", PathNormalization::base},
       {"MERGE_SLASHES", PathNormalization::merge_slashes},
       {"DECODE_AND_MERGE_SLASHES", PathNormalization::decode_and_merge_slashes}}};
  for (const auto& [name, how] : kWords)
    if (name == word) return how;
  return std::nullopt;
}

void overlay_trust(TrustDomains& domains, const data::Node& root) {
  if (const auto own = field(root, "trustDomain", "trust_domain"); !own.text().empty())
    domains.names.front() = own.text();
  // Those of every configuration count.
  for (const auto alias : field(root, "trustDomainAliases", "trust_domain_aliases").items())
    if (std::find(domains.names.begin() + 1, domains.names.end(), alias.text()) ==
        domains.names.end())
      domains.names.emplace_back(alias.text());
}

void overlay(MeshSettings& settings, const data::Node& root) {
  overlay_trust(settings.trust_domains, root);
  if (const auto how = field(root, "pathNormalization", "path_normalization")["normalization"]; how)
    settings.path_normalization = path_normalization_of(how.text());
  if (const auto node = field(root, "rootNamespace", "root_namespace"); !node.text().empty())
    settings.root_namespace = node.text();
  if (const auto node = field(root, "ingressService", "ingress_service"); !node.text().empty())
    settings.ingress_service = node.text();
  // A plain OFF is a boolean of YAML 1.1; its text is what was written.
  if (const auto node = field(root, "ingressControllerMode", "ingress_controller_mode"); node)
    settings.ingress_controller_off = node.text() == "OFF";
  if (const auto node = field(root, "h2UpgradePolicy", "h2_upgrade_policy"); node)
    settings.h2_upgrade = node.text() == "UPGRADE";
  for (const auto provider : field(root, "extensionProviders", "extension_providers").items())
    for (const auto [key, value] : provider.entries())
      if (key.text() != "name") settings.extension_providers[provider["name"].text()] = key.text();
  if (const auto node = field(root, "enableAutoMtls", "enable_auto_mtls"); node)
    settings.auto_mutual_tls = node.as_bool().value_or(true);
  const auto defaults = field(root, "defaultProviders", "default_providers");
  if (const auto logging = field(defaults, "accessLogging", "access_logging"); logging) {
    settings.default_access_log_providers.clear();
    for (const auto name : logging.items())
      settings.default_access_log_providers.push_back(name.text());
  }
  if (const auto scopes =
          field(root, "defaultVirtualServiceExportTo", "default_virtual_service_export_to");
      scopes) {
    settings.default_virtual_service_export_to.clear();
    for (const auto scope : scopes.items())
      settings.default_virtual_service_export_to.push_back(scope.text());
  }
  const auto proxy = field(root, "defaultConfig", "default_config");
  for (const auto [key, value] : field(proxy, "proxyMetadata", "proxy_metadata").entries())
    settings.proxy_metadata[key.text()] = value.text();
  const auto topology = field(proxy, "gatewayTopology", "gateway_topology");
  if (const auto count = field(topology, "numTrustedProxies", "num_trusted_proxies"); count)
    settings.trusted_proxies = count.as_int().value_or(0);
  if (const auto type = proxy["image"]; type)
    settings.image_type = field(type, "imageType", "image_type").text();
}

}  // namespace

data::Node mesh_config_field(const data::Node& root, std::string_view name,
                             std::string_view proto_name) {
  const auto found = root[name];
  return found ? found : root[proto_name];
}

std::vector<const MeshConfigDocument*> counting_mesh_configs(const Model& model,
                                                             std::string_view revision) {
  std::vector<const MeshConfigDocument*> out;
  // The user's part lies over the platform's, a file given by hand over both.
  for (const auto origin : {Origin::source_mesh, Origin::standard, Origin::shared, Origin::file})
    for (const auto& document : model.mesh_configs()) {
      const bool of_other =
          !revision.empty() && !document.revision.empty() && document.revision != revision;
      if (document.origin == origin && !of_other && counts(document, model.options()))
        out.push_back(&document);
    }
  return out;
}

MeshSettings read_mesh_settings(const Model& model, std::string_view revision) {
  MeshSettings settings;
  settings.root_namespace = model.options().control_plane_namespace;
  settings.extension_providers = {{"prometheus", "prometheus"},
                                  {"stackdriver", "stackdriver"},
                                  {"envoy", "envoyFileAccessLog"}};
  bool broken = false;
  for (const auto* document : counting_mesh_configs(model, revision)) {
    settings.known = true;
    overlay(settings, document->root);
    broken = broken || (document->problems != nullptr && !document->problems->empty());
  }
  settings.trust_domains.known = settings.known && !broken;
  if (broken) settings.path_normalization.reset();
  return settings;
}

}  // namespace aksmesh::mesh
