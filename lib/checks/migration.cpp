// SPDX-License-Identifier: Apache-2.0
#include "checks/migration.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>

#include "checks/live_pods.hpp"

namespace aksmesh::checks {
namespace {

using Entry = report::Migration;

bool is_istio_group(std::string_view group) {
  return group == "istio.io" || group.ends_with(".istio.io");
}

/// Part of an Istio that is not the add-on's: its control plane, gateways, webhooks, settings.
bool is_control_plane(const Object& object) {
  if (object.name_space == kSystemNamespace || object.name_space == kIngressNamespace) return false;
  switch (object.kind) {
    case Kind::name_space: return object.name == kUpstreamNamespace;
    case Kind::deployment:
    case Kind::daemon_set:
    case Kind::service:
    case Kind::horizontal_pod_autoscaler:
      return object.label("app").text() == kIstiod || object.name_space == kUpstreamNamespace;
    case Kind::config_map:
      return object.name_space == kUpstreamNamespace && object.name.starts_with("istio");
    case Kind::mutating_webhook_configuration:
    case Kind::validating_webhook_configuration:
      return !object.name.ends_with(kSystemSuffix) &&
             (object.label("app").text() == kInjectorApp || object.label("app").text() == kIstiod ||
              object.name.starts_with("istio"));
    default: return false;
  }
}

bool is_osm_part(const Object& object) {
  if (object.kind == Kind::osm_resource) return true;
  if (object.kind == Kind::name_space)
    return object.label(kOsmNamespaceLabel) || object.annotation(kOsmNamespaceAnnotation);
  return object.kind == Kind::deployment && object.name_space == kKubeSystemNamespace &&
         object.name.starts_with("osm-");
}

/// Namespaces and workloads that ask for sidecars or have them.
bool takes_part(const Object& object) {
  if (object.kind == Kind::name_space)
    return object.label(kInjectionLabel) || object.label(kRevisionLabel);
  return object.kind == Kind::pod && is_live_pod(object) && has_proxy_container(object) &&
         object.name_space != kIngressNamespace;
}

struct Fate {
  Entry::Verdict verdict = Entry::Verdict::keep;
  std::string why{};
};

/// Before the rules have their say.
Fate usual_fate(const Object& object) {
  if (is_control_plane(object))
    return {Entry::Verdict::change, "goes: the add-on brings its own control plane and gateways"};
  if (object.kind == Kind::osm_resource)
    return {Entry::Verdict::change,
            "is to be written anew as AuthorizationPolicy, VirtualService or DestinationRule"};
  if (is_osm_part(object) && object.kind == Kind::name_space)
    return {Entry::Verdict::change, "loses its marks of Open Service Mesh, gets istio.io/rev"};
  if (is_osm_part(object)) return {Entry::Verdict::change, "goes with Open Service Mesh"};
  if (object.kind == Kind::name_space)
    return {Entry::Verdict::change, "gets the label istio.io/rev of a revision of the add-on"};
  if (object.kind == Kind::pod)
    return {Entry::Verdict::change, "is to be restarted, for a sidecar of the add-on"};
  return {};
}

bool belongs_to_mesh(const Object& object) {
  return is_istio_group(object.group) || is_control_plane(object) || is_osm_part(object) ||
         takes_part(object);
}

/// A kind or use that the add-on refuses or does not support.
bool is_refused(const report::Finding& finding, const mesh::Policy& policy) {
  const auto* limitation = policy.find(finding.slug);
  return limitation != nullptr && (limitation->stance == mesh::Stance::forbidden ||
                                   limitation->stance == mesh::Stance::unsupported);
}

}  // namespace

std::vector<Entry> migration_of(const Model& model, const mesh::Policy& policy,
                                const report::FindingSet& found) {
  std::unordered_map<std::string, std::vector<const report::Finding*>> by_object;
  for (const auto& finding : found.findings) by_object[finding.object.text()].push_back(&finding);
  std::vector<Entry> out;
  for (const auto& object : model.manifests().objects) {
    if (!belongs_to_mesh(object)) continue;
    const auto usual = usual_fate(object);
    Entry entry{.object = object_ref(object), .verdict = usual.verdict, .why = usual.why};
    for (const auto* finding : by_object[entry.object.text()]) {
      if (finding->severity == report::Severity::info) continue;
      const auto verdict =
          is_refused(*finding, policy) ? Entry::Verdict::unsupported : Entry::Verdict::change;
      if (verdict < entry.verdict || entry.why.empty()) entry.why = finding->message;
      entry.verdict = std::min(entry.verdict, verdict);
      if (std::find(entry.codes.begin(), entry.codes.end(), finding->code) == entry.codes.end())
        entry.codes.push_back(finding->code);
    }
    out.push_back(std::move(entry));
  }
  std::stable_sort(out.begin(), out.end(), [](const Entry& a, const Entry& b) {
    return std::tie(a.verdict, a.object.kind, a.object.name_space, a.object.name) <
           std::tie(b.verdict, b.object.kind, b.object.name_space, b.object.name);
  });
  return out;
}

}  // namespace aksmesh::checks
