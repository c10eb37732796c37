// SPDX-License-Identifier: Apache-2.0
#include "mesh/model.hpp"

#include <algorithm>
#include <functional>

#include "mesh/istio_view.hpp"
#include "mesh/names.hpp"

namespace aksmesh::mesh {
namespace {

using namespace names;

std::string_view after(std::string_view text, std::string_view prefix) {
  return text.starts_with(prefix) ? text.substr(prefix.size()) : std::string_view{};
}

}  // namespace

bool Revisions::has(const VersionNumber& revision) const {
  return std::binary_search(installed.begin(), installed.end(), revision);
}

std::size_t ObjectKey::Hash::operator()(const ObjectKey& key) const noexcept {
  const std::hash<std::string_view> hash;
  return hash(key.name_space) * 31 + hash(key.name) * 131 + static_cast<std::size_t>(key.kind);
}

Model::Model(kube::Manifests manifests, Options options)
    : manifests_(std::move(manifests)), options_(std::move(options)) {
  if (options_.control_plane_namespace.empty())
    options_.control_plane_namespace =
        options_.flavour == Flavour::addon ? kSystemNamespace : kUpstreamNamespace;
  index();
  find_revisions();
}

Model::~Model() = default;

const IstioView& Model::istio() const {
  return istio_.get([&] { return std::make_unique<IstioView>(*this); });
}

void Model::index() {
  by_name_.reserve(manifests_.objects.size());
  for (const auto& object : manifests_.objects) {
    by_kind_[static_cast<std::size_t>(object.kind)].push_back(&object);
    // The last one of a name counts, as when all are applied in turn.
    if (const auto [at, is_new] = by_name_.insert(&object); !is_new)
      by_name_.insert(by_name_.erase(at), &object);
    covered_.insert(ObjectKey{object.kind, object.name_space, {}});
  }
  for (const auto& object : manifests_.objects) add_workload(object);
}

bool Model::owner_is_here(const Object& object) const {
  const auto owners = object.metadata()["ownerReferences"].items();
  return std::any_of(owners.begin(), owners.end(), [&](const data::Node& owner) {
    auto group = owner["apiVersion"].text();
    const auto slash = group.find('/');
    group = slash == std::string_view::npos ? std::string_view{} : group.substr(0, slash);
    const auto kind = kube::find_kind(group, owner["kind"].text());
    const auto* found = find(kind, object.name_space, owner["name"].text());
    return found != nullptr && found->kind_name == owner["kind"].text();
  });
}

void Model::add_workload(const Object& object) {
  // Plain Istio's analysis knows no pods of other kinds.
  if (object.kind == Kind::other && options_.flavour == Flavour::upstream) return;
  const auto [metadata, spec] = pod_parts(object);
  if ((!metadata && !spec) || owner_is_here(object)) return;
  workloads_.push_back({&object, metadata, spec});
}

const Object* Model::find(Kind kind, std::string_view name_space, std::string_view name) const {
  const auto found = by_name_.find(ObjectKey{kind, name_space, name});
  return found == by_name_.end() ? nullptr : *found;
}

bool Model::covers(Kind kind, std::string_view name_space) const {
  return manifests_.whole.has(kind) || covered_.contains(ObjectKey{kind, name_space, {}}) ||
         (!manifests_.whole_in.empty() &&
          manifests_.whole_in.contains({kind, std::string(name_space)}));
}

Meshed Model::meshed(std::string_view name_space) const {
  const auto* object = find(Kind::name_space, {}, name_space);
  if (object == nullptr) return Meshed::unknown;
  // The injection webhooks of a revision want istio.io/rev and refuse namespaces that carry
  // istio-injection.
  return object->label(kRevisionLabel) && !object->label(kInjectionLabel) ? Meshed::yes
                                                                          : Meshed::no;
}

void Model::find_revisions() {
  for (const auto* webhook : all(Kind::mutating_webhook_configuration))
    if (const auto tag = webhook->label(kTagLabel)) revisions_.tags.emplace_back(tag.text());
  auto& installed = revisions_.installed;
  installed = options_.revisions;
  // A cluster shows what is installed; what the user names is planned there.
  if (installed.empty() || manifests_.whole.has(Kind::deployment)) {
    for (const auto* deployment : all(Kind::deployment)) {
      if (deployment->name_space != kSystemNamespace) continue;
      if (const auto revision = parse_revision(after(deployment->name, kIstiodPrefix)))
        installed.push_back(*revision);
    }
    for (const auto* webhook : all(Kind::mutating_webhook_configuration)) {
      auto name = after(webhook->name, kInjectorConfigMapPrefix);
      if (!name.ends_with(kSystemSuffix)) continue;
      name.remove_suffix(kSystemSuffix.size());
      if (const auto revision = parse_revision(name)) installed.push_back(*revision);
    }
  }
  std::sort(installed.begin(), installed.end());
  installed.erase(std::unique(installed.begin(), installed.end()), installed.end());
  revisions_.known = !installed.empty();
}

const data::ReadResult& Model::embedded(const Object& object, const data::Node& value) const {
  const auto& slot = [&]() -> const auto& {
    const std::lock_guard lock(embedded_mutex_);
    return embedded_[{value.tree(), value.index()}];
  }
  ();
  return slot.get([&] {
    const auto path = object.file->tree->path(object.root, value);
    return std::make_unique<data::ReadResult>(data::read_embedded(value, path, options_.limits));
  });
}

const std::vector<MeshConfigDocument>& Model::mesh_configs() const {
  return mesh_configs_.get([&] { return read_mesh_configs(); });
}

std::unique_ptr<std::vector<MeshConfigDocument>> Model::read_mesh_configs() const {
  auto out = std::make_unique<std::vector<MeshConfigDocument>>();
  using Origin = MeshConfigDocument::Origin;
  const auto add_config_map = [&](Origin origin, const Object& object, std::string_view revision) {
    MeshConfigDocument document{.origin = origin,
                                .object = &object,
                                .holder = object.root.at("data", "mesh"),
                                .revision = revision};
    if (document.holder.is_string()) {
      const auto& read = embedded(object, document.holder);
      document.problems = &read.problems;
      if (read.tree->document_count() > 0) document.root = read.tree->document(0);
    }
    out->push_back(document);
  };
  for (const auto* object : all(Kind::config_map)) {
    const auto shared = after(object->name, kSharedConfigMapPrefix);
    const auto standard = after(object->name, kStandardConfigMapPrefix);
    const bool of_system = object->name_space == kSystemNamespace;
    if (of_system && !shared.empty())
      add_config_map(Origin::shared, *object, shared);
    else if (of_system && parse_revision(standard))
      add_config_map(Origin::standard, *object, standard);
    else if (object->name == "istio" && (object->name_space == kUpstreamNamespace ||
                                         object->name_space == options_.control_plane_namespace))
      add_config_map(Origin::source_mesh, *object, {});
  }
  for (const auto* object : all(Kind::istio_operator))
    if (const auto root = object->spec()["meshConfig"])
      out->push_back({.origin = Origin::istio_operator, .object = object, .root = root});
  for (const auto* object : all(Kind::mesh_config_file))
    out->push_back({.origin = Origin::file, .object = object, .root = object->root});
  return out;
}

}  // namespace aksmesh::mesh
