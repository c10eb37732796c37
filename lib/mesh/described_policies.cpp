// SPDX-License-Identifier: Apache-2.0
#include "mesh/described_policies.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>

#include "mesh/authorization.hpp"
#include "mesh/istio_view.hpp"
#include "mesh/label_index.hpp"

namespace aksmesh::mesh {
namespace {

using data::Node;
using Scope = AppliedPolicy::Scope;

/// Sidecar and EnvoyFilter say it in another place than the others.
Node selector_of(const Object& object) {
  if (object.kind == Kind::sidecar || object.kind == Kind::envoy_filter)
    return object.spec().at("workloadSelector", "labels");
  return object.spec().at("selector", "matchLabels");
}

bool refers(const Object& object) {
  return object.spec()["targetRef"] || object.spec()["targetRefs"];
}

std::string note_of(const Object& object) {
  if (object.kind != Kind::authorization_policy) return {};
  constexpr std::array<std::string_view, 4> kWords{"ALLOW", "DENY", "AUDIT", "CUSTOM"};
  std::string out(kWords.at(static_cast<std::size_t>(action_of(object))));
  if (is_dry_run(object)) out += ", dry run";
  return out;
}

/// One pod while its policies are looked for.
class Search {
 public:
  Search(const Model& model, const Object& pod)
      : model_(model),
        pod_(pod),
        root_(model.istio().root_namespace()),
        labels_(labels_of(pod.metadata()["labels"])) {}

  PodPolicies run() {
    add_mutual_tls();
    for (const auto kind : {Kind::authorization_policy, Kind::request_authentication, Kind::sidecar,
                            Kind::telemetry, Kind::envoy_filter, Kind::wasm_plugin})
      add(kind);
    return std::move(out_);
  }

 private:
  void add_mutual_tls() {
    const PeerAuthentications all(model_.istio().all(Kind::peer_authentication), root_);
    out_.mutual_tls = all.of_workload(pod_.name_space, labels_);
    const auto apply = [&](const Object* source) {
      auto& list = out_.peer_authentications;
      if (source != nullptr && std::find(list.begin(), list.end(), source) == list.end())
        list.push_back(source);
    };
    for (const auto& setting : {all.of_mesh(), all.of_namespace(pod_.name_space), out_.mutual_tls})
      apply(setting.source);
    for (const auto port : ports()) {
      const auto setting = all.of_port(pod_.name_space, labels_, port);
      if (setting.mode == out_.mutual_tls.mode) continue;
      apply(setting.source);
      out_.ports.emplace(port, setting);
    }
  }

  /// Those that the containers name, and those that a PeerAuthentication of the namespace does.
  [[nodiscard]] std::set<std::int64_t> ports() const {
    std::set<std::int64_t> out;
    for (const auto container : pod_.spec()["containers"].items())
      for (const auto port : container["ports"].items())
        if (const auto number = port["containerPort"].as_int()) out.insert(*number);
    for (const auto* one : model_.istio().all(Kind::peer_authentication)) {
      if (one->name_space != pod_.name_space) continue;
      for (const auto& [key, value] : one->spec()["portLevelMtls"].entries())
        if (const auto number = port_of_key(key)) out.insert(*number);
    }
    return out;
  }

  void add(Kind kind) {
    std::vector<AppliedPolicy> found;
    for (const auto* object : model_.istio().all(kind)) {
      if ((object->name_space != pod_.name_space && object->name_space != root_) || refers(*object))
        continue;
      const auto wanted = labels_of(selector_of(*object));
      if (!carries(labels_, wanted)) continue;
      const auto scope = !wanted.empty()               ? Scope::workload
                         : object->name_space == root_ ? Scope::mesh
                                                       : Scope::name_space;
      found.push_back({.object = object, .scope = scope, .note = note_of(*object)});
    }
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
      return std::tuple(a.scope, a.object->name_space, a.object->name) <
             std::tuple(b.scope, b.object->name_space, b.object->name);
    });
    // Of Sidecars only the narrowest counts.
    if (kind == Kind::sidecar && found.size() > 1) found.erase(found.begin(), found.end() - 1);
    out_.others.insert(out_.others.end(), found.begin(), found.end());
  }

  const Model& model_;
  const Object& pod_;
  std::string_view root_;
  Labels labels_;
  PodPolicies out_{};
};

}  // namespace

std::string_view word_of(AppliedPolicy::Scope scope) {
  switch (scope) {
    case Scope::mesh: return "mesh";
    case Scope::name_space: return "namespace";
    case Scope::workload: break;
  }
  return "workload";
}

PodPolicies policies_of(const Model& model, const Object& pod) {
  return Search(model, pod).run();
}

}  // namespace aksmesh::mesh
