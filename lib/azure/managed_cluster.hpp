// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "azure/cluster_id.hpp"
#include "base/result.hpp"
#include "data/json_edit.hpp"

namespace aksmesh::azure {

struct IngressGateway {
  std::string mode{};  ///< External or Internal
  bool enabled = false;
  bool operator==(const IngressGateway&) const = default;
};

struct EgressGateway {
  std::string name{};
  std::string name_space{};     ///< where the service was told none: aks-istio-egress
  std::string configuration{};  ///< the StaticGatewayConfiguration; may be empty
  bool enabled = false;
  bool operator==(const EgressGateway&) const = default;
};

struct PluginCa {
  std::string key_vault_id{};
  std::string cert_object{};
  std::string key_object{};
  std::string root_cert_object{};
  std::string cert_chain_object{};
  bool operator==(const PluginCa&) const = default;
};

/// `properties.serviceMeshProfile`. When the mesh is off everything else is left-over and of no
/// meaning.
struct MeshProfile {
  bool enabled = false;
  std::vector<std::string> revisions{};  ///< ascending by number
  std::vector<IngressGateway> ingress{};
  std::vector<EgressGateway> egress{};
  std::optional<PluginCa> plugin_ca{};
  std::string redirection{};  ///< InitContainers or CNIChaining; empty: the service's default
  [[nodiscard]] bool upgrading() const { return revisions.size() > 1; }
  bool operator==(const MeshProfile&) const = default;
};

struct AgentPool {
  std::string name{};
  std::string mode{};  ///< System, User or Gateway
  std::string os_type{};
  std::string kubernetes_version{};
  std::string power_state{};  ///< Running or Stopped; empty when it is not told
};

/// A managed cluster as the Resource Manager tells it.
struct ManagedCluster {
  data::JsonDocument body;
  std::string id{};
  std::string name{};
  std::string location{};
  std::string etag{};
  std::string provisioning_state{};
  std::string power_state{};
  std::string kubernetes_version{};  ///< the one that runs
  std::string support_plan{};        ///< KubernetesOfficial or AKSLongTermSupport
  std::string fqdn{};
  std::string private_fqdn{};
  MeshProfile mesh{};
  std::vector<AgentPool> pools{};

  /// Whether an add-on is on; nothing is known of one that is not mentioned, which means off.
  [[nodiscard]] bool has_addon(std::string_view addon) const;
  [[nodiscard]] bool has_static_egress() const;
  /// No operation runs on it.
  [[nodiscard]] bool is_settled() const;
  /// Why the last operation failed, as far as the cluster tells.
  [[nodiscard]] data::Node provisioning_error() const;
  /// Its last operation came to a good end.
  [[nodiscard]] bool has_succeeded() const;
};

Result<ManagedCluster> read_cluster(std::string json);
MeshProfile read_profile(const data::Node& profile);
/// What of `wanted` a profile does not have, in words; what the service may choose when it is told
/// nothing is not compared then.
std::vector<std::string> what_lacks(const MeshProfile& profile, const MeshProfile& wanted);

/// A state that an operation ends in, case aside.
bool is_final_state(std::string_view state);

/// The body of a PUT: what the service only tells is left out, and what would act by being there.
data::JsonDocument writable(const data::JsonDocument& body);

}  // namespace aksmesh::azure
