// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/lazy.hpp"
#include "kube/manifests.hpp"
#include "mesh/host_table.hpp"
#include "mesh/label_index.hpp"
#include "mesh/mesh_settings.hpp"
#include "mesh/model.hpp"

namespace aksmesh::mesh {

/// The mesh as Istio's own analysis takes it: objects of the versions that it reads, the last one
/// of a name, without those of the system namespaces, and over the default gateways. Under
/// Flavour::addon it knows what the add-on changes: revision labels, the root namespace, pods that
/// only their templates show. Indexes are made when they are first asked for.
class IstioView {
 public:
  explicit IstioView(const Model& model);
  IstioView(const IstioView&) = delete;
  IstioView& operator=(const IstioView&) = delete;

  [[nodiscard]] Flavour flavour() const { return model_.options().flavour; }
  [[nodiscard]] const std::vector<const Object*>& all(Kind kind) const {
    return by_kind_[static_cast<std::size_t>(kind)];
  }
  /// For rules that look at each object by itself: for the add-on also those that a later one of
  /// the same name replaces, for people run the tool over a base and its overlays at once.
  [[nodiscard]] const std::vector<const Object*>& each(Kind kind) const {
    return flavour() == Flavour::upstream ? all(kind) : each_[static_cast<std::size_t>(kind)];
  }
  /// A look-up by name; sees the system namespaces too.
  [[nodiscard]] const Object* find(Kind kind, std::string_view name_space,
                                   std::string_view name) const;
  /// Whether a missing object of the kind is really missing. Plain Istio takes it so; for the
  /// add-on the input must hold another object of the kind there.
  [[nodiscard]] bool covers(Kind kind, std::string_view name_space) const;
  /// The same for pods, which templates may stand for.
  [[nodiscard]] bool covers_pods(std::string_view name_space) const;

  /// Where istiod and its configuration live.
  [[nodiscard]] std::string_view control_plane_namespace() const {
    return model_.options().control_plane_namespace;
  }
  [[nodiscard]] const MeshSettings& settings() const;
  [[nodiscard]] std::string_view root_namespace() const { return settings().root_namespace; }
  [[nodiscard]] const HostTable& hosts() const;
  /// Every pod; for the add-on also pod templates whose pods are not in the input.
  [[nodiscard]] const LabelIndex& pods() const;
  [[nodiscard]] const LabelIndex& pods(std::string_view name_space) const;

  /// Whether a Pod, or the pods of an object with a template, have or will get a sidecar.
  [[nodiscard]] bool in_mesh(const Object& object) const;
  [[nodiscard]] bool is_ambient_namespace(std::string_view name_space) const;
  [[nodiscard]] static bool is_ambient_pod(const Object& pod);

 private:
  void take(const Object& object);
  void add_default_gateways();
  [[nodiscard]] bool gets_sidecars(std::string_view name_space) const;

  struct Pods {
    LabelIndex all{};
    std::unordered_map<std::string_view, LabelIndex> by_namespace{};
  };
  [[nodiscard]] const Pods& indexed_pods() const;

  const Model& model_;
  using ByKind = std::array<std::vector<const Object*>, static_cast<std::size_t>(Kind::count_)>;
  ByKind by_kind_;
  ByKind each_;
  struct Slot {
    const Object* object = nullptr;
    std::uint32_t position = 0;  ///< in the list of its kind, if it is listed
  };
  std::unordered_map<const Object*, Slot, ObjectKey::Hash, ObjectKey::Equal> by_name_;
  kube::InputFile default_file_;
  std::vector<Object> default_objects_;
  Lazy<MeshSettings> settings_;
  Lazy<HostTable> hosts_;
  Lazy<Pods> pods_;
};

/// The metadata and spec of the pods that an object makes: of itself for a Pod, of its template
/// otherwise; absent for other kinds.
struct PodParts {
  data::Node metadata{};
  data::Node spec{};
};
PodParts pod_parts(const Object& object);

/// An object of the control plane, by the labels that Istio gives its own.
bool is_control_plane(const Object& object);

}  // namespace aksmesh::mesh
