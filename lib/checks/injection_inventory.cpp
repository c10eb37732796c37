// SPDX-License-Identifier: Apache-2.0
#include "checks/injection_inventory.hpp"

#include <algorithm>

#include "base/strings.hpp"
#include "checks/pod_maker.hpp"
#include "checks/proxies.hpp"
#include "mesh/namespaces.hpp"

namespace aksmesh::checks {
namespace {

using mesh::InjectionVerdict;

// With a limitation the facts are the objects as they are, not Istio's choice of them.
const mesh::Limitation kAsTheyAre{};

Kind kind_of(const PodMaker& maker) {
  if (maker.kind == "Deployment") return Kind::deployment;
  if (maker.kind == "StatefulSet") return Kind::stateful_set;
  if (maker.kind == "DaemonSet") return Kind::daemon_set;
  return maker.kind == "ReplicaSet" ? Kind::replica_set : Kind::other;
}

bool opts_out(const mesh::NewPod& pod) {
  for (const auto& [key, value] : pod.labels)
    if (key == kPodInjectionLabel) return value == "false";
  return pod.annotations[kPodInjectionLabel].text() == "false";
}

}  // namespace

bool RestartNeed::can_restart() const {
  return kind == "Deployment" || kind == "StatefulSet" || kind == "DaemonSet";
}

std::string RestartNeed::reference() const {
  return to_lower(kind) + '/' + name;
}

std::size_t NamespaceInjection::restart() const {
  std::size_t out = 0;
  for (const auto& one : restarts) out += one.pods;
  return out;
}

InjectionInventory::InjectionInventory(const Model& model, const mesh::Injectors& injectors)
    : model_(model),
      injectors_(injectors),
      facts_(model, &kAsTheyAre, kInjectionKinds),
      tags_(facts_) {
  for (const auto* pod : model.all(Kind::pod))
    if (is_live_pod(*pod) && !is_gateway_part(pod->metadata()))
      pods_[pod->name_space].push_back(pod);
}

std::vector<std::string> InjectionInventory::namespaces() const {
  std::vector<std::string> out;
  for (const auto* one : model_.all(Kind::name_space)) {
    if (is_addon_namespace(one->name)) continue;
    const auto pods = pods_.find(one->name);
    const bool concerned = one->label(kRevisionLabel) || one->label(kInjectionLabel) ||
                           (pods != pods_.end() &&
                            std::any_of(pods->second.begin(), pods->second.end(),
                                        [](const auto* pod) { return has_proxy_container(*pod); }));
    if (concerned || !mesh::is_platform_namespace(one->name)) out.emplace_back(one->name);
  }
  std::sort(out.begin(), out.end());
  return out;
}

NamespaceInjection InjectionInventory::of(std::string_view name) {
  return count(mesh::plain_pod(model_, name));
}

NamespaceInjection InjectionInventory::of(std::string_view name, const mesh::Labels& labels) {
  return count({.name_space = name, .namespace_labels = labels});
}

NamespaceInjection InjectionInventory::count(mesh::NewPod plain) {
  NamespaceInjection out{.name = std::string(plain.name_space), .plain = injectors_.judge(plain)};
  for (const auto& [key, value] : plain.namespace_labels) {
    if (key == kRevisionLabel) out.revision_label = value;
    if (key == kInjectionLabel) out.injection_label = value;
  }
  const auto& manifests = model_.manifests();
  out.restarts_known = manifests.whole.has(Kind::pod) ||
                       manifests.whole_in.contains({Kind::pod, std::string(plain.name_space)});
  std::map<std::pair<std::string, std::string>, RestartNeed> needs;
  const auto pods = pods_.find(plain.name_space);
  if (pods == pods_.end()) return out;
  for (const auto* pod : pods->second) {
    if (has_proxy_container(*pod)) {
      ++out.injected;
      ++out.sidecars[made_by(*pod)];
    } else {
      ++out.outside;
    }
    const auto fate = renewal(*pod, plain.namespace_labels, plain.namespace_known);
    if (fate == Renewal::unknown) out.restarts_known = false;
    if (fate == Renewal::same || fate == Renewal::unknown || fate == Renewal::refused) continue;
    const auto maker = maker_of(*pod);
    auto& need = needs[{maker.kind, maker.name}];
    if (need.pods == 0) need = {.kind = maker.kind, .name = maker.name, .renewal = fate};
    ++need.pods;
  }
  for (auto& [key, need] : needs) out.restarts.push_back(std::move(need));
  return out;
}

std::string InjectionInventory::made_by(const Object& pod) const {
  std::string name(proxy_revision(facts_, pod).name);
  const auto revision = injectors_.revision_of_tag(name);
  return revision.empty() ? name : revision;
}

Renewal InjectionInventory::renewal(const Object& pod, const mesh::Labels& labels, bool known) {
  const auto maker = maker_of(pod);
  const auto kind = kind_of(maker);
  const auto* made_of =
      kind == Kind::other ? nullptr : model_.find(kind, pod.name_space, maker.name);
  auto fresh = mesh::new_pod(model_, made_of == nullptr ? pod : *made_of);
  fresh.namespace_labels = labels;
  fresh.namespace_known = known;
  const auto fate = injectors_.judge(fresh);
  const bool has = has_proxy_container(pod);
  // A sidecar in a pod that keeps injection out stands in its manifest.
  if (has && opts_out(fresh)) return Renewal::same;
  switch (fate.verdict) {
    case InjectionVerdict::unknown: return Renewal::unknown;
    case InjectionVerdict::refused: return Renewal::refused;
    case InjectionVerdict::not_injected: return has ? Renewal::leaves : Renewal::same;
    case InjectionVerdict::several: return has ? Renewal::same : Renewal::joins;
    case InjectionVerdict::injected: break;
  }
  if (!has) return Renewal::joins;
  const auto maker_revision = made_by(pod);
  if (!maker_revision.empty() && maker_revision != fate.revision) return Renewal::other_revision;
  if (fresh.annotations[kProxyImageAnnotation]) return Renewal::same;
  const auto name = mesh::injector_config_map(fate.revision);
  const auto* settings = model_.find(Kind::config_map, kSystemNamespace, name);
  if (settings == nullptr) {
    const bool seen = model_.covers(Kind::config_map, kSystemNamespace);
    return seen ? Renewal::same : Renewal::unknown;
  }
  // The name in the ConfigMap outlives this call, which InjectedTags keeps it by.
  auto revision = settings->name;
  revision.remove_prefix(std::min(kInjectorConfigMapPrefix.size(), revision.size()));
  const auto& wanted = tags_.of(revision);
  const auto now = image_tag(find_container(pod.spec(), kProxyContainer)["image"].text());
  return wanted.empty() || now.empty() || is_same_patch(now, wanted) ? Renewal::same
                                                                     : Renewal::other_image;
}

}  // namespace aksmesh::checks
