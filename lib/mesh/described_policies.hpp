// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "mesh/model.hpp"
#include "mesh/peer_authentication.hpp"

// Which policies count for a pod, by their selectors.
namespace aksmesh::mesh {

struct AppliedPolicy {
  enum class Scope : std::uint8_t { mesh, name_space, workload };
  const Object* object = nullptr;
  Scope scope = Scope::workload;
  std::string note{};  ///< such as `DENY` or `ALLOW, dry run`; empty: nothing
};
std::string_view word_of(AppliedPolicy::Scope scope);

struct PodPolicies {
  MutualTlsSetting mutual_tls{};
  /// Ports where it is another.
  std::map<std::int64_t, MutualTlsSetting> ports{};
  /// That have a part in it, the widest first.
  std::vector<const Object*> peer_authentications{};
  /// AuthorizationPolicy, RequestAuthentication, Sidecar, Telemetry, EnvoyFilter and WasmPlugin, by
  /// kind, scope and name. Of Sidecars the one that counts.
  std::vector<AppliedPolicy> others{};
};

PodPolicies policies_of(const Model& model, const Object& pod);

}  // namespace aksmesh::mesh
