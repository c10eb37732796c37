// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <unordered_set>

#include "checks/addon_gateways.hpp"
#include "checks/check.hpp"
#include "mesh/label_index.hpp"

namespace aksmesh::checks {

/// The pods that Istio's Gateways select, and what to say where there are none. Reads
/// kGatewayPodKinds.
class GatewayPods {
 public:
  explicit GatewayPods(const Facts& facts) : facts_(facts) {}

  /// The first pod that carries the labels, in any namespace; null when there is none, which is
  /// reported.
  const mesh::LabelIndex::Item* first(const Object& gateway, const mesh::Labels& selector,
                                      Findings& out);
  /// Reports IST0101 for a selector without pods, or that this is unknown.
  void report_missing(const Object& gateway, const mesh::Labels& selector, Findings& out);

 private:
  /// What tells of pods that are not in the input.
  struct Surroundings {
    explicit Surroundings(const Facts& facts);
    mesh::LabelIndex services{};  ///< by what they select
    EgressGateways egress;
    HostSet external;  ///< hosts of services outside the mesh
  };

  const Facts& facts_;
  std::optional<Surroundings> around_;
};

inline constexpr KindSet kGatewayPodKinds = kPodKinds | kEgressGatewayKinds | kHostKinds;

/// Where istioctl places what it says of a selector: at its first label by name.
Node first_label(const Node& selector);

}  // namespace aksmesh::checks
