// SPDX-License-Identifier: Apache-2.0
#include "checks/injection.hpp"

namespace aksmesh::checks {
namespace {

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// As a word of its own: `cosmosdb-operator` has nothing to do with Open Service Mesh.
bool names_osm(std::string_view name) {
  constexpr std::string_view kWord = "osm";
  for (auto at = name.find(kWord); at != std::string_view::npos; at = name.find(kWord, at + 1)) {
    const auto end = at + kWord.size();
    const bool starts = at == 0 || !is_letter_or_digit(name[at - 1]);
    const bool ends = end == name.size() || !is_letter_or_digit(name[end]);
    if (starts && ends) return true;
  }
  return false;
}

void check_webhooks(const Facts& facts, Kind kind, Findings& out) {
  for (const auto* configuration : facts.all(kind))
    if (names_osm(configuration->name))
      out.add(*configuration, "{kind} {name} of Open Service Mesh still takes part in admission",
              {{"kind", std::string(configuration->kind_name)},
               {"name", std::string(configuration->name)}});
}

void check_definitions(const Facts& facts, Findings& out) {
  for (const auto* definition : facts.all(Kind::custom_resource_definition))
    if (definition->name.ends_with(".openservicemesh.io") ||
        definition->name.ends_with(".smi-spec.io"))
      out.add(*definition, "CustomResourceDefinition {name} is a left-over of Open Service Mesh",
              {{"name", std::string(definition->name)}});
}

bool is_marked(const Object& name_space) {
  return name_space.label(kOsmNamespaceLabel) || name_space.annotation(kOsmNamespaceAnnotation);
}

void check_namespaces(const Facts& facts, Findings& out) {
  for (const auto* name_space : facts.all(Kind::name_space)) {
    const auto report = [&](const Node& marker, std::string_view key, std::string_view what) {
      if (!marker) return;
      out.add(*name_space, marker, "namespace {namespace} keeps {what} {key} of Open Service Mesh",
              {{"namespace", std::string(name_space->name)},
               {"what", std::string(what)},
               {"key", std::string(key)}});
    };
    report(name_space->label(kOsmNamespaceLabel), kOsmNamespaceLabel, "label");
    report(name_space->annotation(kOsmNamespaceAnnotation), kOsmNamespaceAnnotation, "annotation");
  }
}

/// What Open Service Mesh put into the pod. Other products name a container envoy as well, so that
/// one counts in the namespaces of Open Service Mesh only.
Node injected_container(const Facts& facts, const Workload& workload) {
  for (const auto& container : workload.pod_spec["initContainers"].items())
    if (container["name"].text() == kOsmInitContainer) return container;
  for (const auto& container : workload.pod_spec["containers"].items()) {
    if (container["name"].text() != kOsmSidecar) continue;
    const auto* name_space = facts.find(Kind::name_space, {}, workload.object->name_space);
    return name_space != nullptr && is_marked(*name_space) ? container : Node{};
  }
  return {};
}

void run(const Facts& facts, Findings& out) {
  check_webhooks(facts, Kind::mutating_webhook_configuration, out);
  check_webhooks(facts, Kind::validating_webhook_configuration, out);
  check_definitions(facts, out);
  check_namespaces(facts, out);
  visit_pods_and_templates(facts, [&](const Workload& workload) {
    if (const auto container = injected_container(facts, workload))
      out.add(*workload.object, container,
              "{kind} {name} has container {container} of Open Service Mesh",
              {{"kind", std::string(workload.object->kind_name)},
               {"name", std::string(workload.object->name)},
               {"container", std::string(container["name"].text())}});
  });
}

}  // namespace

extern const Check osm_residue;
constinit const Check osm_residue{
    .slug = "osm-residue",
    .reads = kPodKinds |
             KindSet{Kind::mutating_webhook_configuration, Kind::validating_webhook_configuration,
                     Kind::custom_resource_definition, Kind::name_space},
    .run = run};

}  // namespace aksmesh::checks
