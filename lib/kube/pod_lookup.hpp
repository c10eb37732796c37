// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kube/client.hpp"
#include "kube/workload_type.hpp"

// From what a user types to the pods that are meant.
namespace aksmesh::kube {

/// `NAME`, `NAME.NAMESPACE`, `TYPE/NAME` or both.
struct PodWord {
  const WorkloadType* type = nullptr;  ///< null: a pod
  std::string name{};
  std::string name_space{};  ///< empty: not told
};
/// `NAME.NAMESPACE` of a Service's whole name, as clients write it; anything else as it is.
std::string_view without_domain(std::string_view host);
/// The namespace is what follows the last dot. Kind usage for a type that leads to no pods.
Result<PodWord> parse_pod_word(std::string_view typed);

struct FoundPod {
  std::string name_space{};
  std::string name{};
  std::string phase{};
  bool is_ready = false;
  std::string ready_since{};  ///< RFC 3339
  std::int64_t restarts = 0;
  std::string created{};  ///< RFC 3339
};

/// The pods of a workload or service, those first that would be chosen to be looked into: running
/// ones, ready ones, longest ready, least restarted, oldest. Kind not_found when there are none, or
/// no such workload; its namespace must be told.
Result<std::vector<FoundPod>> pods_of(Client& client, const PodWord& word);
/// Pods that are there already, likewise.
std::vector<FoundPod> ranked_pods(const std::vector<data::Node>& pods);
/// Likewise of those that a label selector finds in a namespace.
Result<std::vector<FoundPod>> pods_with(Client& client, const std::string& selector,
                                        const std::string& name_space);

/// An error of kind not_found about what a word names, with the names that are near to it, or that
/// its very namespace is missing. Any other error, and one of who may not list them, stays as it
/// is.
Error with_near_names(Client& client, Error error, const PodWord& word);
/// Kind not_found, with near names, for a namespace that is not there; nothing where it is, or
/// where nobody tells.
std::optional<Error> missing_namespace(Client& client, const std::string& name);

}  // namespace aksmesh::kube
