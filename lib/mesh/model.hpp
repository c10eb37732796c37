// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/lazy.hpp"
#include "base/version_number.hpp"
#include "data/reader.hpp"
#include "kube/manifests.hpp"
#include "mesh/policy.hpp"
#include "sys/clock.hpp"

namespace aksmesh::mesh {

using kube::Kind;
using kube::Object;

/// A pod or a pod template: Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, CronJob;
/// for the add-on also an object of any other kind that lists containers in spec.template, such as
/// Rollout. Those whose owner is in the input too are left out, so that nothing is told twice.
struct Workload {
  const Object* object = nullptr;
  data::Node template_metadata{};  ///< of the pod itself for a Pod
  data::Node pod_spec{};
  [[nodiscard]] bool is_pod() const { return object->kind == Kind::pod; }
  [[nodiscard]] data::Node label(std::string_view key) const {
    return template_metadata.at("labels", key);
  }
  [[nodiscard]] data::Node annotation(std::string_view key) const {
    return template_metadata.at("annotations", key);
  }
};

/// Whether a namespace gets sidecars, as far as the input tells.
enum class Meshed { no, yes, unknown };

/// Revisions of the control plane.
struct Revisions {
  bool known = false;                    ///< false: neither an option nor the input tells
  std::vector<VersionNumber> installed;  ///< ascending
  std::vector<std::string> tags;         ///< names of revision tags in the input
  [[nodiscard]] bool has(const VersionNumber& revision) const;
};

/// A mesh configuration of the input: the shared ConfigMap of the add-on, the default one, that of
/// a source mesh, an IstioOperator or a bare file.
struct MeshConfigDocument {
  enum class Origin { shared, standard, source_mesh, istio_operator, file };
  Origin origin = Origin::file;
  const Object* object = nullptr;
  data::Node holder{};  ///< the value that holds the text, for ConfigMaps
  data::Node root{};    ///< absent when the text is empty or broken
  const std::vector<data::Problem>* problems = nullptr;
  std::string_view revision{};  ///< the part behind istio-shared-configmap- or istio-
};

/// What an object is found by. Sets of objects hash and compare like sets of their keys.
struct ObjectKey {
  Kind kind = Kind::other;
  std::string_view name_space{};
  std::string_view name{};

  ObjectKey(Kind of_kind, std::string_view in_namespace, std::string_view of_name)
      : kind(of_kind), name_space(in_namespace), name(of_name) {}
  ObjectKey(const Object* object) : ObjectKey(object->kind, object->name_space, object->name) {}
  bool operator==(const ObjectKey&) const = default;

  struct Hash {
    using is_transparent = void;
    std::size_t operator()(const ObjectKey& key) const noexcept;
  };
  struct Equal {
    using is_transparent = void;
    bool operator()(const ObjectKey& a, const ObjectKey& b) const { return a == b; }
  };
};

class IstioView;

/// The mesh as the input shows it, with the indexes that rules need. Made once, read by every
/// check, by several at once; later also filled from a live cluster.
class Model {
 public:
  static constexpr int kUsualHorizon = 30;
  struct Options {
    std::vector<VersionNumber> revisions{};  ///< given by the user; else read off the input
    std::optional<VersionNumber> kubernetes_version{};
    sys::Date today{};
    data::Limits limits{};
    Flavour flavour = Flavour::addon;
    std::string control_plane_namespace{};  ///< empty: that of the flavour
    std::string cluster{};                  ///< the name of the cluster, where several are read
    /// Revision that an upgrade or rollback would remove; nothing: the older of two.
    std::optional<VersionNumber> leaving{};
    /// Days ahead within which an end (of support, of a certificate) is worth a word.
    int horizon_days = kUsualHorizon;
    /// The clusters of one mesh, this one among them; null when there is no other. Must outlive
    /// every check.
    const std::vector<const Model*>* clusters = nullptr;
  };
  Model(kube::Manifests manifests, Options options);
  ~Model();
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;

  [[nodiscard]] const kube::Manifests& manifests() const { return manifests_; }
  [[nodiscard]] const Options& options() const { return options_; }
  [[nodiscard]] const std::vector<const Object*>& all(Kind kind) const {
    return by_kind_[static_cast<std::size_t>(kind)];
  }
  [[nodiscard]] const Object* find(Kind kind, std::string_view name_space,
                                   std::string_view name) const;
  /// True when the input holds any object of the kind in the namespace, or all of the cluster, so
  /// that a missing one is really missing.
  [[nodiscard]] bool covers(Kind kind, std::string_view name_space) const;
  [[nodiscard]] const std::vector<Workload>& workloads() const { return workloads_; }
  [[nodiscard]] Meshed meshed(std::string_view name_space) const;
  [[nodiscard]] const Revisions& revisions() const { return revisions_; }
  [[nodiscard]] const std::vector<MeshConfigDocument>& mesh_configs() const;
  /// The same objects as Istio's own analysis takes them.
  [[nodiscard]] const IstioView& istio() const;
  /// The YAML inside a string value, read once. Nodes live as long as the model.
  const data::ReadResult& embedded(const Object& object, const data::Node& value) const;

 private:
  void index();
  void add_workload(const Object& object);
  void find_revisions();
  [[nodiscard]] std::unique_ptr<std::vector<MeshConfigDocument>> read_mesh_configs() const;
  [[nodiscard]] bool owner_is_here(const Object& object) const;

  kube::Manifests manifests_;
  Options options_;
  std::array<std::vector<const Object*>, static_cast<std::size_t>(Kind::count_)> by_kind_;
  std::unordered_set<const Object*, ObjectKey::Hash, ObjectKey::Equal> by_name_;
  std::unordered_set<ObjectKey, ObjectKey::Hash, ObjectKey::Equal> covered_;
  std::vector<Workload> workloads_;
  Revisions revisions_;
  mutable std::mutex embedded_mutex_;  ///< for the map, not for what it holds
  mutable std::map<std::pair<const data::Tree*, std::uint32_t>, Lazy<data::ReadResult>> embedded_;
  Lazy<std::vector<MeshConfigDocument>> mesh_configs_;
  Lazy<IstioView> istio_;
};

}  // namespace aksmesh::mesh
