// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "kube/manifests.hpp"

// Which DestinationRules proxies use for a host (istio.io, "DestinationRule" reference; 1.28).
namespace aksmesh::mesh {

/// The DestinationRules of a namespace for one host, which Istio merges as far as their exportTo
/// and workloadSelector agree.
struct HostRules {
  std::string host;  ///< fully qualified
  std::string_view name_space{};
  std::vector<const kube::Object*> rules{};  ///< in the order of the input

  /// Whether some rule without a workloadSelector defines the subset.
  [[nodiscard]] bool defines(std::string_view subset) const;
  /// True when every rule is for selected workloads only.
  [[nodiscard]] bool only_selected() const;
};

class DestinationRules {
 public:
  explicit DestinationRules(const std::vector<const kube::Object*>& rules);

  /// In the order of the input.
  [[nodiscard]] const std::vector<HostRules>& all() const { return groups_; }
  /// Those of any namespace for exactly this fully qualified host.
  [[nodiscard]] std::vector<const HostRules*> of_host(std::string_view host) const;
  /// Those of any namespace for this host or a wildcard that covers it.
  [[nodiscard]] std::vector<const HostRules*> covering(std::string_view host) const;
  /// The most specific one of a namespace for the host; null when there is none.
  [[nodiscard]] const HostRules* most_specific(std::string_view name_space,
                                               std::string_view host) const;
  /// The one for the longest wildcard of the namespace that covers the host, which is not itself.
  [[nodiscard]] const HostRules* more_general(std::string_view name_space,
                                              std::string_view host) const;

 private:
  [[nodiscard]] const HostRules* find(std::string_view name_space, std::string_view host) const;

  std::vector<HostRules> groups_;
  std::unordered_map<std::string, std::size_t> by_name_;  ///< `namespace/host`
  std::unordered_map<std::string, std::vector<std::size_t>> by_host_;
};

}  // namespace aksmesh::mesh
