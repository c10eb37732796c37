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
  Reader(const Model& model, const ProxyView* view)
      : facts_(model, &kAsTheyAre, kStatusKinds), tags_(facts_), view_(view) {
    out_.asked_istiods = view != nullptr;
    out_.asked_all_istiods = view != nullptr && view->is_whole();
    const auto& manifests = model.manifests();
    for (const auto& [kind, why] : manifests.not_listed) out_.unseen.add(kind);
    for (const auto& [kind, name_space] : manifests.whole_in)
      if (kind == Kind::pod) out_.only_in.push_back(name_space);
  }

  MeshStatus read() {
    read_control_plane();
    read_namespaces();
    read_pods();
    read_gateways();
    for (auto& [name, one] : revisions_) {
      add_support(one);
      if (view_ != nullptr) one.connected = view_->connected(name);
      out_.revisions.push_back(std::move(one));
    }
    std::sort(out_.proxies.begin(), out_.proxies.end(), [](const auto& a, const auto& b) {
      return std::tie(a.name_space, a.pod) < std::tie(b.name_space, b.pod);
    });
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

  [[nodiscard]] bool is_installed(const std::string& name) const {
    const auto found = revisions_.find(name);
    return found != revisions_.end() && found->second.istiod;
  }

  /// What a label istio.io/rev comes to; empty when nothing installed answers to it.
  [[nodiscard]] std::string resolved(std::string_view label) const {
    const auto name = untagged(std::string(label));
    const bool of_tag = name != label;
    return is_installed(name) || (of_tag && !out_.sees(Kind::deployment)) ? name : std::string();
  }

  /// The revision that a tag leads to; any other name is its own.
  [[nodiscard]] std::string untagged(const std::string& name) const {
    const auto tag = by_tag_.find(name);
    return tag == by_tag_.end() ? name : tag->second;
  }

  void read_control_plane() {
    for (const auto* one : facts_.all(Kind::deployment)) {
      if (one->name_space != kSystemNamespace || !one->name.starts_with(kIstiodPrefix)) continue;
      if (one->name == kIstiodPrefix) continue;
      auto& out = revision(one->name.substr(kIstiodPrefix.size()));
      out.istiod = replicas_of(*one);
      const auto container =
          find_container(one->spec().at("template", "spec"), mesh::names::kIstiodContainer);
      out.version = image_tag(container["image"].text());
    }
    for (const auto* one : facts_.all(Kind::mutating_webhook_configuration)) {
      const auto tag = one->label(mesh::names::kTagLabel).text();
      const auto leads_to = one->label(kRevisionLabel).text();
      if (tag.empty() || leads_to.empty()) continue;
      auto& out = revision(leads_to);
      out.tags.emplace_back(tag);
      by_tag_.emplace(tag, out.name);
    }
  }

  void read_namespaces() {
    for (const auto* one : facts_.all(Kind::name_space)) {
      auto& out = namespaces_[std::string(one->name)];
      out.name = one->name;
      out.sees_pods = sees_pods_of(out.name);
      if (is_addon_namespace(one->name)) continue;
      out.label = one->label(kRevisionLabel).text();
      if (out.label.empty()) continue;
      out.revision = resolved(out.label);
      out.known = !out.revision.empty() ||
                  (out_.sees(Kind::deployment) && out_.sees(Kind::mutating_webhook_configuration));
      // A label that may be a tag makes no revision of that name.
      const auto name = untagged(out.label);
      if (out.known || parse_revision(name)) ++revision(name).namespaces;
    }
  }

  [[nodiscard]] bool sees_pods_of(const std::string& name) const {
    const auto& only = out_.only_in;
    return out_.sees(Kind::pod) &&
           (only.empty() || std::find(only.begin(), only.end(), name) != only.end());
  }

  void read_pods() {
    for (const auto* pod : facts_.all(Kind::pod)) {
      if (!is_live_pod(*pod)) continue;
      const auto proxy = find_container(pod->spec(), kProxyContainer);
      const auto made_by =
          untagged(std::string(proxy ? proxy_revision(facts_, *pod).name : std::string_view{}));
      if (!made_by.empty()) ++revision(made_by).proxies;
      const auto trouble = trouble_with(*pod, made_by);
      if (trouble) out_.proxies.push_back(*trouble);
      if (is_addon_namespace(pod->name_space) || is_gateway_part(pod->metadata())) {
        if (proxy) judge_gateway(*pod, proxy, made_by);
        continue;
      }
      auto& out = namespaces_[std::string(pod->name_space)];
      if (out.name.empty()) {
        out.name = pod->name_space;
        out.known = false;  // its Namespace is not here, and with it the label
      }
      if (!proxy) {
        if (!out.label.empty() && lacks_sidecar(*pod)) ++out.unmeshed;
        continue;
      }
      ++out.meshed;
      if (trouble) count(*trouble, out);
      count_stale(*pod, proxy, made_by, out);
    }
  }

  /// Proxies of other meshes have istiods of their own.
  [[nodiscard]] std::optional<ProxyTrouble> trouble_with(const Object& pod,
                                                         const std::string& made_by) const {
    if (view_ == nullptr || !parse_revision(made_by)) return std::nullopt;
    auto out = trouble_of(*view_, pod);
    if (out) out->revision = made_by;
    return out;
  }

  static void count(const ProxyTrouble& trouble, NamespaceStatus& out) {
    switch (trouble.state) {
      case ProxyTrouble::State::disconnected: ++out.disconnected; break;
      case ProxyTrouble::State::rejected: ++out.rejected; break;
      case ProxyTrouble::State::stale: ++out.unsynced; break;
    }
  }

  /// Whether a new pod in this one's place would get another sidecar.
  void count_stale(const Object& pod, const Node& proxy, const std::string& made_by,
                   NamespaceStatus& out) {
    auto wanted = out.revision;
    // A pod's own label counts where its namespace has none.
    if (out.label.empty()) wanted = resolved(pod.label(kRevisionLabel).text());
    if (!out_.sees(Kind::deployment) && wanted.empty()) out.known = false;
    if (!out.known) return;
    bool known = true;
    auto stale = stale_of(pod, proxy, made_by, wanted, known);
    if (!known) out.known = false;  // which patch a new pod would get
    if (!stale) return;
    ++out.stale;
    // Proxies of other meshes are renewed by other means.
    if (made_by.empty() || parse_revision(made_by)) out_.stale.push_back(std::move(*stale));
  }

  /// Its pods are injected by the revision that their Deployment is of.
  void judge_gateway(const Object& pod, const Node& proxy, const std::string& made_by) {
    if (!parse_revision(made_by) || !out_.sees(Kind::deployment)) return;
    bool known = true;
    auto stale = stale_of(pod, proxy, made_by, resolved(made_by), known);
    if (!stale) return;
    stale->sort = StaleProxy::Sort::gateway;
    out_.stale.push_back(std::move(*stale));
  }

  /// Of a pod in whose place a new one would get the proxy of `wanted` (empty: of none). `known`
  /// becomes false where that cannot be told.
  std::optional<StaleProxy> stale_of(const Object& pod, const Node& proxy,
                                     const std::string& made_by, const std::string& wanted,
                                     bool& known) {
    using Cause = StaleProxy::Cause;
    const auto tag = image_tag(proxy["image"].text());
    const auto* connection = view_ == nullptr ? nullptr : view_->find(pod.name_space, pod.name);
    const auto told =
        connection == nullptr ? std::string_view() : std::string_view(connection->proxy->version);
    StaleProxy out{.name_space = std::string(pod.name_space),
                   .pod = std::string(pod.name),
                   .maker = maker_of(pod),
                   .revision = made_by,
                   .version = std::string(told.empty() ? tag : told),
                   .new_revision = wanted};
    if (!wanted.empty()) out.new_version = tags_.of(revision(wanted).name);
    if (wanted.empty() || (!made_by.empty() && made_by != wanted)) {
      const bool gone = !made_by.empty() && out_.sees(Kind::deployment) && !is_installed(made_by);
      out.cause = gone ? Cause::revision_gone : wanted.empty() ? Cause::no_injection : Cause::moved;
      return out;
    }
    known = out_.sees(Kind::config_map);
    // Who names an image gets it again.
    if (!known || pod.annotation(kProxyImageAnnotation) ||
        !is_other_patch(tag, told, out.new_version))
      return std::nullopt;
    return out;
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
                        .revision = std::string(revision_of(*one)),
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

  /// Istio tells it of gateways that it makes for a Gateway in their pods' annotations alone.
  static std::string_view revision_of(const Object& deployment) {
    const auto label = deployment.label(kRevisionLabel).text();
    if (!label.empty()) return label;
    return deployment.spec().at("template", "metadata", "annotations", kRevisionLabel).text();
  }

  /// One Service serves the Deployments of all revisions, whose names go on behind its own.
  [[nodiscard]] const Object* service_of(const Object& deployment) const {
    const Object* out = nullptr;
    for (const auto* one : facts_.all(Kind::service))
      if (one->name_space == deployment.name_space && deployment.name.starts_with(one->name) &&
          (deployment.name.size() == one->name.size() ||
           deployment.name[one->name.size()] == '-') &&
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
  const ProxyView* view_;
  MeshStatus out_;
  std::map<std::string, RevisionStatus> revisions_;
  std::map<std::string, std::string> by_tag_;
  std::map<std::string, NamespaceStatus> namespaces_;
};

}  // namespace

MeshStatus mesh_status(const Model& model, const ProxyView* view) {
  return Reader(model, view).read();
}

}  // namespace aksmesh::checks
