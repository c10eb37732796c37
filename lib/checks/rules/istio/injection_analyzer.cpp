// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/strings.hpp"
#include "checks/check.hpp"
#include "checks/injectors.hpp"
#include "checks/live_pods.hpp"
#include "checks/proxies.hpp"
#include "checks/rules/injection/revision_names.hpp"
#include "mesh/injection.hpp"
#include "mesh/namespaces.hpp"

namespace aksmesh::checks {
namespace {

constexpr std::string_view kEnabled = "enabled";
constexpr std::string_view kAmbient = "ambient";

/// The labels of a namespace that tell how its pods join the mesh.
struct MeshLabels {
  explicit MeshLabels(const Object& name_space)
      : injection(name_space.label(kInjectionLabel)),
        revision(name_space.label(kRevisionLabel)),
        mode(name_space.label(kDataplaneModeLabel)) {}
  Node injection;
  Node revision;
  Node mode;
  [[nodiscard]] bool is_ambient() const { return mode.text() == kAmbient; }
};

/// Reports a namespace with several of the labels, at the one that does not belong.
void check_rivals(const Facts& facts, const Object& name_space, const MeshLabels& labels,
                  Findings& out) {
  std::vector<std::string> found;
  const auto take = [&](std::string_view key, const Node& label) {
    if (label) found.push_back(std::string(key) + '=' + std::string(label.text()));
  };
  take(kInjectionLabel, labels.injection);
  if (!labels.injection || labels.injection.text() == kEnabled) {
    take(kRevisionLabel, labels.revision);
    // istioctl does not see that other modes ask for nothing.
    if (facts.is_upstream() || labels.is_ambient()) take(kDataplaneModeLabel, labels.mode);
  }
  if (found.size() > 1)
    out.report("IST0123", name_space, labels.injection ? labels.injection : labels.mode,
               {list_text(found)});
}

void report_without_injection(const Object& name_space, const Node& place, Findings& out) {
  const std::string name(name_space.name);
  out.report("IST0102", name_space, place, {name, name});
}

bool injects_by_default(const Facts& facts, std::string_view revision) {
  const auto* map = facts.find(Kind::config_map, facts.control_plane_namespace(),
                               mesh::injector_config_map(revision));
  return map != nullptr && injector_values(facts, *map)
                               .at("sidecarInjectorWebhook", "enableNamespacesByDefault")
                               .as_bool()
                               .value_or(false);
}

/// Judges one namespace; true when its pods ought to have sidecars.
bool check_upstream(const Facts& facts, const Object& name_space, Findings& out) {
  if (name_space.name == kUpstreamNamespace) return false;
  const MeshLabels labels(name_space);
  check_rivals(facts, name_space, labels, out);
  if (labels.is_ambient()) return false;
  if (!labels.injection.text().empty() || labels.revision)
    return labels.injection.text() == kEnabled;
  if (injects_by_default(facts, labels.revision.text()))
    out.report("IST0148", name_space);
  else
    report_without_injection(name_space, name_space.metadata()["name"], out);
  return false;
}

bool is_opted_out(const Object& pod) {
  const auto label = pod.label(kPodInjectionLabel);
  const auto choice = label ? label : pod.annotation(kPodInjectionLabel);
  return to_lower(choice.text()) == "false" || pod.spec()["hostNetwork"].as_bool().value_or(false);
}

bool has_proxy_image(const Object& pod) {
  for (const std::string_view list : {"containers", "initContainers"})
    for (const auto container : pod.spec()[list].items())
      if (container["name"].text() == kProxyContainer && !container["image"].text().empty())
        return true;
  return false;
}

void run_upstream(const Facts& facts, Findings& out) {
  std::unordered_set<std::string_view> injected;
  for (const auto* name_space : facts.all(Kind::name_space))
    if (check_upstream(facts, *name_space, out)) injected.insert(name_space->name);
  for (const auto* pod : facts.all(Kind::pod))
    if (injected.contains(pod->name_space) && !is_opted_out(*pod) && !has_proxy_image(*pod))
      out.report("IST0103", *pod, {full_name(*pod)});
}

void check_addon(const Facts& facts, const Object& name_space, Findings& out) {
  if (mesh::is_platform_namespace(name_space.name) || name_space.name == kUpstreamNamespace) return;
  const MeshLabels labels(name_space);
  check_rivals(facts, name_space, labels, out);
  if (labels.is_ambient() || !labels.revision.text().empty()) return;
  // Any other value says that no sidecars are wanted.
  const auto wish = labels.injection.text();
  if (wish.empty())
    report_without_injection(name_space, name_space.metadata()["name"], out);
  else if (wish == kEnabled)
    report_without_injection(name_space, labels.injection, out);
}

/// Pods that were made before their namespace named a revision.
void check_pods(const Facts& facts, Findings& out) {
  const RevisionNames names(facts);
  std::unordered_set<std::string_view> asked;
  for (const auto* pod : facts.all(Kind::pod)) {
    if (!lacks_sidecar(*pod)) continue;
    const auto meshed = facts.meshed(pod->name_space);
    if (meshed == Meshed::unknown && asked.insert(pod->name_space).second)
      out.unknown("IST0103", *pod, kNamespaceUnknown);
    if (meshed != Meshed::yes) continue;
    const auto* name_space = facts.find(Kind::name_space, {}, pod->name_space);
    if (name_space != nullptr &&
        names.of(name_space->label(kRevisionLabel).text()) != RevisionNames::Standing::missing)
      out.report("IST0103", *pod, {full_name(*pod)});
  }
}

void run(const Facts& facts, Findings& out) {
  if (facts.is_upstream()) return run_upstream(facts, out);
  for (const auto* name_space : facts.all(Kind::name_space)) check_addon(facts, *name_space, out);
  if (!facts.all(Kind::pod).empty()) check_pods(facts, out);
}

constexpr std::array<std::string_view, 4> kCodes{"IST0102", "IST0103", "IST0123", "IST0148"};

}  // namespace

extern const Check injection_analyzer;
constinit const Check injection_analyzer{
    .slug = "injection-analyzer",
    .reads = kRevisionKinds | KindSet{Kind::name_space, Kind::pod, Kind::config_map},
    .run = run,
    .codes = kCodes,
    .analyzer = "injection.Analyzer"};

}  // namespace aksmesh::checks
