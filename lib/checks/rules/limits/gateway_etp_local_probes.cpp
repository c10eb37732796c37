// SPDX-License-Identifier: Apache-2.0
#include <unordered_set>

#include "checks/gateway_config_maps.hpp"

namespace aksmesh::checks {
namespace {

struct ServiceSection {
  const Object* config_map = nullptr;
  bool of_class = false;
  Node root{};
  [[nodiscard]] Node annotation(std::string_view key) const {
    return root.at("metadata", "annotations", key);
  }
};

bool is_empty(const Node& value) {
  return value.is_null() || (value && value.text().empty());
}

/// What the table says of externalTrafficPolicy Local.
struct Constraint {
  std::string_view policy{};
  std::vector<std::string_view> emptied{};  ///< annotations that may not keep their values
};

Constraint read_constraint() {
  const auto row = gateway_constraint("service spec.externalTrafficPolicy");
  Constraint out{.policy = row["when"].text()};
  for (const auto key : row["mustUnset"].items()) out.emptied.push_back(key.text());
  return out;
}

void check_config_maps(const Facts& facts, const Constraint& local, Findings& out) {
  std::vector<ServiceSection> sections;
  std::unordered_set<std::string_view> emptied_by_class;
  for (const auto& [config_map, of_class] : gateway_config_maps(facts, out)) {
    const auto root = read_section(facts, *config_map, config_map->root.at("data", "service"), out);
    sections.push_back({config_map, of_class, root});
    if (!of_class) continue;
    for (const auto key : local.emptied)
      if (is_empty(sections.back().annotation(key))) emptied_by_class.insert(key);
  }
  for (const auto& section : sections) {
    const auto policy = section.root.at("spec", "externalTrafficPolicy");
    if (policy.text() != local.policy) continue;
    for (const auto key : local.emptied) {
      const auto own = section.annotation(key);
      if (own ? is_empty(own) : !section.of_class && emptied_by_class.contains(key)) continue;
      out.add(*section.config_map, policy,
              "ConfigMap {name} sets externalTrafficPolicy {policy} and does not empty annotation "
              "{annotation}",
              {{"name", std::string(section.config_map->name)},
               {"policy", std::string(local.policy)},
               {"annotation", std::string(key)}});
      break;
    }
  }
}

/// The name of the Gateway that a Service was made for, or nothing.
std::string_view gateway_of(const Object& service) {
  for (const auto owner : service.metadata()["ownerReferences"].items()) {
    const auto version = owner["apiVersion"].text();
    if (owner["kind"].text() == "Gateway" &&
        version.substr(0, version.find('/')) == kGatewayApiGroup)
      return owner["name"].text();
  }
  return service.label(kGatewayNameLabel).text();
}

void check_service(const Facts& facts, const Object& service, std::string_view policy,
                   Findings& out) {
  const auto probe = service.annotation(kProbePortAnnotation);
  if (probe.text().empty() || service.spec()["externalTrafficPolicy"].text() != policy) return;
  const auto name = gateway_of(service);
  if (name.empty()) return;
  const auto* gateway = facts.find(Kind::kube_gateway, service.name_space, name);
  if (gateway != nullptr && !is_of_addon_class(*gateway)) return;
  // Without the Gateway, the name of the Service tells its class.
  if (gateway == nullptr && service.name != default_generated_name(name))
    out.unknown(service, "its Gateway " + std::string(service.name_space) + '/' +
                             std::string(name) + " is not in the input, so its class is not known");
  else
    out.add(service, probe,
            "Service {name} has externalTrafficPolicy {policy} and still carries annotation "
            "{annotation}",
            {{"name", std::string(service.name)},
             {"policy", std::string(policy)},
             {"annotation", std::string(kProbePortAnnotation)}});
}

void run(const Facts& facts, Findings& out) {
  const auto local = read_constraint();
  check_config_maps(facts, local, out);
  for (const auto* service : facts.all(Kind::service))
    check_service(facts, *service, local.policy, out);
}

}  // namespace

extern const Check gateway_etp_local_probes;
constinit const Check gateway_etp_local_probes{
    .slug = "gateway-etp-local-probes",
    .reads = kGatewayConfigKinds | KindSet{Kind::service},
    .run = run};

}  // namespace aksmesh::checks
