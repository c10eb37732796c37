// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "data/tree.hpp"
#include "kube/manifests.hpp"
#include "mesh/selector_index.hpp"

// Which mutual TLS a workload demands of its callers (istio.io, "PeerAuthentication"
// reference; 1.28).
namespace aksmesh::mesh {

enum class MutualTls : std::uint8_t { disable, permissive, strict };
/// The word of the field `mode`.
std::string_view mutual_tls_name(MutualTls mode);

/// The mode in force somewhere, and what says so.
struct MutualTlsSetting {
  MutualTls mode = MutualTls::permissive;
  const kube::Object* source = nullptr;  ///< null when nothing says anything: Istio's default
  data::Node value{};                    ///< the `mode` of the source
  /// Objects of one scope differ, the oldest of them counts, and the input does not tell their age.
  bool contested = false;
};

/// All PeerAuthentications: for the whole mesh (in the root namespace), a namespace, a workload or
/// one of its ports. The narrowest one that says anything counts; of several with one scope the
/// oldest.
class PeerAuthentications {
 public:
  PeerAuthentications(const std::vector<const kube::Object*>& objects,
                      std::string_view root_namespace);

  [[nodiscard]] MutualTlsSetting of_mesh() const;
  [[nodiscard]] MutualTlsSetting of_namespace(std::string_view name_space) const;
  [[nodiscard]] MutualTlsSetting of_workload(std::string_view name_space,
                                             const Labels& labels) const;
  /// `port` is the workload's own, not that of a Service.
  [[nodiscard]] MutualTlsSetting of_port(std::string_view name_space, const Labels& labels,
                                         std::int64_t port) const;
  /// The ports of a workload that have a setting of their own, in the order of the object.
  [[nodiscard]] std::vector<std::int64_t> own_ports(std::string_view name_space,
                                                    const Labels& labels) const;
  /// Whether some workloads of the namespace have a PeerAuthentication of their own.
  [[nodiscard]] bool has_selectors(std::string_view name_space) const;
  /// Those without a selector, in the order of the input. With more than one only the oldest
  /// counts.
  [[nodiscard]] const std::vector<const kube::Object*>& of_scope(std::string_view name_space) const;

 private:
  struct Scope {
    std::vector<const kube::Object*> general;
    SelectorIndex selecting;
  };
  [[nodiscard]] const Scope& scope(std::string_view name_space) const;

  std::string_view root_namespace_;
  std::unordered_map<std::string_view, Scope> scopes_;
};

/// The port that a key of `portLevelMtls` names.
std::optional<std::int64_t> port_of_key(const data::Node& key);
/// True for a PeerAuthentication that selects workloads; an empty selector does not.
bool selects_workloads(const kube::Object& peer_authentication);

}  // namespace aksmesh::mesh
