// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "checks/check.hpp"
#include "checks/injectors.hpp"
#include "mesh/injection.hpp"

// What injection makes of namespaces and of the pods that run in them.
namespace aksmesh::checks {

/// What becomes of a pod when it is made anew.
enum class Renewal : std::uint8_t {
  same,
  joins,   ///< it has no sidecar and gets one
  leaves,  ///< it loses its sidecar
  other_revision,
  other_image,
  refused,  ///< it could not be made
  unknown
};

/// Pods of one workload that would come back otherwise than they are.
struct RestartNeed {
  std::string kind{};  ///< of what makes them: Deployment, ..., Pod for one that nothing makes
  std::string name{};
  Renewal renewal = Renewal::same;  ///< of the first of them
  std::size_t pods = 0;
  /// Whether `kubectl rollout restart` takes it.
  [[nodiscard]] bool can_restart() const;
  [[nodiscard]] std::string reference() const;  ///< deployment/web
};

struct NamespaceInjection {
  std::string name{};
  std::string revision_label{};   ///< of istio.io/rev; empty: none
  std::string injection_label{};  ///< of istio-injection; empty: none
  mesh::Injection plain{};        ///< what a pod gets that says nothing of injection itself
  std::size_t injected = 0;       ///< pods with a sidecar
  std::size_t outside = 0;        ///< pods without one
  std::map<std::string, std::size_t> sidecars{};  ///< by the revision that made them
  std::vector<RestartNeed> restarts{};            ///< by kind and name
  bool restarts_known = true;
  [[nodiscard]] std::size_t restart() const;
};

inline constexpr KindSet kInjectionKinds{Kind::name_space, Kind::pod, Kind::service,
                                         Kind::config_map, Kind::mutating_webhook_configuration};

/// Reads kInjectionKinds; the templates of workloads too, where they are in the input: a pod may
/// differ from them by what injection added.
class InjectionInventory {
 public:
  InjectionInventory(const Model& model, const mesh::Injectors& injectors);

  /// Of applications, and those of others that carry a label or sidecars; by name.
  [[nodiscard]] std::vector<std::string> namespaces() const;
  [[nodiscard]] NamespaceInjection of(std::string_view name);
  /// As if the namespace had these labels.
  [[nodiscard]] NamespaceInjection of(std::string_view name, const mesh::Labels& labels);

 private:
  NamespaceInjection count(mesh::NewPod plain);
  [[nodiscard]] Renewal renewal(const Object& pod, const mesh::Labels& labels, bool known);
  [[nodiscard]] std::string made_by(const Object& pod) const;

  const Model& model_;
  const mesh::Injectors& injectors_;
  Facts facts_;
  InjectedTags tags_;
  std::map<std::string_view, std::vector<const Object*>> pods_;
};

}  // namespace aksmesh::checks
