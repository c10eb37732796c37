// SPDX-License-Identifier: Apache-2.0
#include "authz_world.hpp"

#include <algorithm>

#include "base/edit_distance.hpp"
#include "base/strings.hpp"
#include "base/version_number.hpp"
#include "checks/made_pods.hpp"
#include "checks/sidecars.hpp"
#include "istio/host.hpp"
#include "mesh/istio_view.hpp"
#include "mesh/names.hpp"
#include "mesh/unread.hpp"

namespace aksmesh::commands {
namespace {

using kube::Kind;
using kube::Object;

const kube::KindSet kKinds{Kind::authorization_policy,
                           Kind::peer_authentication,
                           Kind::request_authentication,
                           Kind::pod,
                           Kind::service,
                           Kind::name_space,
                           Kind::config_map,
                           Kind::istio_gateway,
                           Kind::deployment,
                           Kind::stateful_set,
                           Kind::daemon_set};

Peer peer_of(const Object& object) {
  const auto [metadata, spec] = mesh::pod_parts(object);
  return {.object = &object,
          .metadata = metadata,
          .spec = spec,
          .labels = mesh::labels_of(metadata["labels"])};
}

bool has_ended(const Object& pod) {
  const auto phase = pod.status()["phase"].text();
  return phase == "Succeeded" || phase == "Failed";
}

/// The pods of a namespace with the labels, else the workloads whose pods have them.
std::vector<Peer> selected(const mesh::Model& model, std::string_view name_space,
                           const data::Node& selector) {
  std::vector<Peer> out;
  const auto wanted = mesh::labels_of(selector);
  if (wanted.empty()) return out;
  for (const auto* pod : model.all(Kind::pod)) {
    if (pod->name_space != name_space || has_ended(*pod)) continue;
    if (auto peer = peer_of(*pod); mesh::carries(peer.labels, wanted))
      out.push_back(std::move(peer));
  }
  if (!out.empty()) return out;
  for (const auto& workload : model.workloads()) {
    if (workload.is_pod() || workload.object->name_space != name_space) continue;
    if (auto peer = peer_of(*workload.object); mesh::carries(peer.labels, wanted))
      out.push_back(std::move(peer));
  }
  return out;
}

Error not_found(const mesh::Model& model, const kube::PodWord& word, const std::string& kind) {
  std::vector<std::string> names;
  for (const auto& object : model.manifests().objects)
    if (object.name_space == word.name_space &&
        (object.kind == Kind::service || mesh::pod_parts(object).spec))
      names.emplace_back(object.name);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  const auto near = suggestions(word.name, names);
  const auto& lacks = model.manifests().unavailable;
  const bool is_whole = lacks.empty() && model.manifests().complete;
  return {.kind = is_whole ? ErrorKind::not_found : ErrorKind::could_not_look,
          .what = "there is no " + kind + " '" + word.name + "' in namespace " + word.name_space,
          .why = !lacks.empty() ? "not everything could be read: " + lacks.front().why
                 : !is_whole    ? "not everything could be read"
                 : near.empty() ? ""
                                : "did you mean " + join(near, " or ") + '?',
          .next = {"NAME.NAMESPACE", "service/NAME.NAMESPACE", "deployment/NAME.NAMESPACE"}};
}

}  // namespace

std::string Peer::name() const {
  return std::string(object->name_space) + '/' + std::string(object->name);
}

std::string Peer::principal(const std::string& trust_domain) const {
  const auto account = spec["serviceAccountName"].text();
  return trust_domain + "/ns/" + std::string(object->name_space) + "/sa/" +
         (account.empty() ? "default" : std::string(account));
}

bool Peer::is_gateway() const {
  if (metadata.at("labels", mesh::names::kGatewayNameLabel)) return true;
  if (metadata.at("annotations", "inject.istio.io/templates").text() == "gateway") return true;
  // A list of pods of a cluster has no arguments (kube/trimmed.cpp). Beside an application there is
  // another container.
  const auto containers = spec["containers"];
  return containers.size() == 1 && (*containers.items().begin())["name"].text() == "istio-proxy";
}

std::string Peer::revision() const {
  // The label may be a revision tag; the annotation is of the istiod that has injected the proxy.
  const auto written = metadata.at("annotations", mesh::names::kRevisionLabel).text();
  if (!written.empty()) return std::string(written);
  const auto label = metadata.at("labels", mesh::names::kRevisionLabel).text();
  return parse_revision(label) ? std::string(label) : std::string();
}

std::string Peer::address() const {
  return std::string(object->status()["podIP"].text());
}

Result<std::unique_ptr<mesh::Model>> read_authz(KubeSession* session,
                                                std::vector<std::string> namespaces,
                                                const std::string& own,
                                                const std::vector<std::string>& files,
                                                const Context& context) {
  kube::LiveObjects live;
  if (session != nullptr && (session->snapshot() != nullptr || namespaces.empty())) {
    AK_TRY(live, session->read({.kinds = kKinds}));
  } else if (session != nullptr) {
    namespaces.emplace_back(mesh::names::kSystemNamespace);
    std::sort(namespaces.begin(), namespaces.end());
    namespaces.erase(std::unique(namespaces.begin(), namespaces.end()), namespaces.end());
    AK_TRY(live, session->read_in(namespaces, kKinds));
  }
  kube::ReadOptions how;
  how.default_namespace = own;
  return std::make_unique<mesh::Model>(
      kube::read_manifests(context.files, files, how, std::move(live)),
      mesh::Model::Options{.today = context.clock.today()});
}

Result<Found> find_peers(const mesh::Model& model, const kube::PodWord& word) {
  const auto find = [&](Kind kind) { return model.find(kind, word.name_space, word.name); };
  const bool any = word.type == nullptr;
  if (any)
    if (const auto* pod = find(Kind::pod)) return Found{.peers = {peer_of(*pod)}};
  if (any || word.type->kind == Kind::service)
    if (const auto* service = find(Kind::service)) {
      Found out{.peers = selected(model, word.name_space, service->spec()["selector"]),
                .service = service};
      if (!out.peers.empty()) return out;
      return Error{.kind = ErrorKind::not_found,
                   .what = "Service " + word.name_space + '/' + word.name + " has no pods"};
    }
  for (const auto kind : {Kind::deployment, Kind::stateful_set, Kind::daemon_set}) {
    if (!any && word.type->kind != kind) continue;
    const auto* workload = find(kind);
    if (workload == nullptr) continue;
    Found out{.peers =
                  selected(model, word.name_space, workload->spec().at("selector", "matchLabels"))};
    if (out.peers.empty()) out.peers.push_back(peer_of(*workload));
    return out;
  }
  return not_found(model, word, any ? "pod, Service or workload" : std::string(word.type->name));
}

std::optional<Peer> find_by_address(const mesh::Model& model, const std::string& address) {
  for (const auto* pod : model.all(Kind::pod))
    if (pod->status()["podIP"].text() == address && !has_ended(*pod) &&
        pod->spec()["hostNetwork"].text() != "true")
      return peer_of(*pod);
  return std::nullopt;
}

Result<kube::PodWord> parse_peer_word(const std::string& typed, const std::string& own) {
  AK_TRY(auto word, kube::parse_pod_word(kube::without_domain(typed)));
  if (word.name_space.empty()) word.name_space = own;
  return word;
}

mesh::Meshed has_proxy(const mesh::Model& model, const Peer& peer) {
  const checks::Facts facts(model, nullptr, checks::kPodKinds | kube::KindSet{Kind::name_space});
  return checks::has_sidecar(facts, *peer.object);
}

std::vector<const Object*> last_of_each(const mesh::Model& model, Kind kind) {
  std::vector<const Object*> out;
  for (const auto* object : model.all(kind))
    if (model.find(kind, object->name_space, object->name) == object) out.push_back(object);
  return out;
}

bool may_lack_policies(const mesh::Model& model, Kind kind, std::string_view name_space) {
  return mesh::may_lack(model, kind, name_space) ||
         mesh::may_lack(model, kind, model.istio().root_namespace());
}

std::vector<const Object*> in_force(const mesh::Model& model, Kind kind,
                                    const mesh::AuthzTarget& target) {
  return mesh::policies_for(last_of_each(model, kind), model.istio().root_namespace(), target);
}

}  // namespace aksmesh::commands
