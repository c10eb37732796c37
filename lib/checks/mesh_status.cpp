// SPDX-License-Identifier: Apache-2.0
#include "checks/mesh_status.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "checks/injectors.hpp"
#include "checks/proxies.hpp"
#include "mesh/namespaces.hpp"
#include "mesh/table.hpp"

namespace aksmesh::checks {
namespace {

Replicas replicas_of(const Object& deployment) {
  // Kubernetes makes one where none is said.
  return {.ready = deployment.status()["readyReplicas"].as_int().value_or(0),
          .wanted = deployment.spec()["replicas"].as_int().value_or(1)};
}

/// Ascending; names that are no revisions of the add-on come last.
bool is_older(const std::string& a, const std::string& b) {
  const auto key = [](const std::string& name) {
    const auto number = parse_revision(name);
    return std::tuple(!number.has_value(), number.value_or(VersionNumber{}), name);
  };
  return key(a) < key(b);
}

class Reader {
 public:
  explicit Reader(const Model& model) : facts_(model, &kAsTheyAre, kStatusKinds), tags_(facts_) {
    for (const auto& [kind, why] : model.manifests().not_listed) out_.unseen.add(kind);
  }

  MeshStatus read() {
    read_control_plane();
    read_namespaces();
    read_pods();
    read_gateways();
    for (auto& [name, one] : revisions_) {
      add_support(one);
      out_.revisions.push_back(std::move(one));
    }
    std::sort(out_.revisions.begin(), out_.revisions.end(),
              [](const auto& a, const auto& b) { return is_older(a.name, b.name); });
    for (auto& [name, one] : namespaces_) {
      if (!one.label.empty() || one.meshed > 0)
        out_.namespaces.push_back(std::move(one));
      else if (!mesh::is_platform_namespace(name))
        ++out_.others;
    }
    return std::move(out_);
  }

 private:
  // With a limitation the facts are the objects as they are, not Istio's choice of them.
  static inline const mesh::Limitation kAsTheyAre{};

  RevisionStatus& revision(std::string_view name) {
    auto& out = revisions_[std::string(name)];
    if (out.name.empty()) out.name = name;
    return out;
  }

  /// What a label istio.io/rev comes to; empty when nothing installed answers to it.
  [[nodiscard]] std::string resolved(std::string_view label) const {
    if (const auto tag = by_tag_.find(std::string(label)); tag != by_tag_.end()) return tag->second;
    const auto found = revisions_.find(std::string(label));
    return found != revisions_.end() && found->second.istiod ? found->first : std::string();
  }

  void read_control_plane() {
    for (const auto* one : facts_.all(Kind::deployment)) {
      if (one->name_space != kSystemNamespace || !one->name.starts_with(kIstiodPrefix)) continue;
      auto& out = revision(one->name.substr(kIstiodPrefix.size()));
      out.istiod = replicas_of(*one);
      const auto container =
          find_container(one->spec().at("template", "spec"), mesh::names::kIstiodContainer);
      out.version = image_tag(container["image"].text());
    }
    for (const auto* one : facts_.all(Kind::mutating_webhook_configuration)) {
      const auto tag = one->label(mesh::names::kTagLabel).text();
      if (tag.empty()) continue;
      auto& out = revision(one->label(kRevisionLabel).text());
      out.tags.emplace_back(tag);
      by_tag_.emplace(tag, out.name);
    }
  }

  void read_namespaces() {
    for (const auto* one : facts_.all(Kind::name_space)) {
      auto& out = namespaces_[std::string(one->name)];
      out.name = one->name;
      if (is_addon_namespace(one->name)) continue;
      out.label = one->label(kRevisionLabel).text();
      if (out.label.empty()) continue;
      out.revision = resolved(out.label);
      out.known = !out.revision.empty() ||
                  (out_.sees(Kind::deployment) && out_.sees(Kind::mutating_webhook_configuration));
      ++revision(out.revision.empty() ? out.label : out.revision).namespaces;
    }
  }

  void read_pods() {
    for (const auto* pod : facts_.all(Kind::pod)) {
      if (!is_live_pod(*pod)) continue;
      const auto proxy = find_container(pod->spec(), kProxyContainer);
      std::string made_by(proxy ? proxy_revision(facts_, *pod).name : std::string_view{});
      if (!made_by.empty()) ++revision(made_by).proxies;
      if (is_addon_namespace(pod->name_space) || is_gateway_part(pod->metadata())) continue;
      auto& out = namespaces_[std::string(pod->name_space)];
      out.name = pod->name_space;
      if (!proxy) {
        if (!out.label.empty() && lacks_sidecar(*pod)) ++out.unmeshed;
        continue;
      }
      ++out.meshed;
      if (out.known && is_stale(proxy, made_by, out.revision)) ++out.stale;
    }
  }

  bool is_stale(const Node& proxy, const std::string& made_by, const std::string& wanted) {
    if (wanted.empty()) return !made_by.empty();  // nothing would make it again
    const auto tag_of = by_tag_.find(made_by);
    if (!made_by.empty() && (tag_of == by_tag_.end() ? made_by : tag_of->second) != wanted)
      return true;
    const auto& tag = tags_.of(revision(wanted).name);
    return !tag.empty() && image_tag(proxy["image"].text()) != tag;
  }

  void read_gateways() {
    for (const auto* one : facts_.all(Kind::deployment)) {
      const auto of_addon =
          one->name_space == mesh::names::kIngressNamespace ||
          one->label(mesh::names::kComponentLabel).text() == mesh::names::kEgressComponent;
      if (!of_addon && !one->label(mesh::names::kGatewayNameLabel)) continue;
      const auto* service = service_of(*one);
      GatewayStatus out{.name_space = std::string(one->name_space),
                        .name = std::string(service == nullptr ? one->name : service->name),
                        .revision = std::string(one->label(kRevisionLabel).text()),
                        .pods = replicas_of(*one)};
      if (service != nullptr)
        for (const auto& each : service->status().at("loadBalancer", "ingress").items())
          out.addresses.emplace_back(each[each["ip"] ? "ip" : "hostname"].text());
      out_.gateways.push_back(std::move(out));
    }
    std::sort(out_.gateways.begin(), out_.gateways.end(), [](const auto& a, const auto& b) {
      if (a.name_space != b.name_space) return a.name_space < b.name_space;
      return a.name != b.name ? a.name < b.name : is_older(a.revision, b.revision);
    });
  }

  /// One Service serves the Deployments of all revisions, whose names go on behind its own.
  [[nodiscard]] const Object* service_of(const Object& deployment) const {
    const Object* out = nullptr;
    for (const auto* one : facts_.all(Kind::service))
      if (one->name_space == deployment.name_space && deployment.name.starts_with(one->name) &&
          (out == nullptr || one->name.size() > out->name.size()))
        out = one;
    return out;
  }

  static void add_support(RevisionStatus& out) {
    for (const auto& row : mesh::table("revisions.json")["revisions"].items()) {
      if (row["revision"].text() != out.name) continue;
      out.support = mesh::support_end(row["endOfLife"].text());
      out.support_is_expected = row["endOfLifeCertainty"].text() != "actual";
    }
  }

  Facts facts_;
  InjectedTags tags_;
  MeshStatus out_;
  std::map<std::string, RevisionStatus> revisions_;
  std::map<std::string, std::string> by_tag_;
  std::map<std::string, NamespaceStatus> namespaces_;
};

}  // namespace

MeshStatus mesh_status(const Model& model) {
  return Reader(model).read();
}

}  // namespace aksmesh::checks
