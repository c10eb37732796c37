// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "context.hpp"
#include "kube/kubeconfig.hpp"
#include "option_set.hpp"

namespace aksmesh::commands {

/// Several clusters, each by its context of the kubeconfig.
struct ContextOptions {
  std::vector<std::string> lists{};  ///< as typed: names with commas between
  bool all = false;
  [[nodiscard]] bool any() const { return all || !lists.empty(); }
};
void declare_contexts(OptionSet& set, ContextOptions& options);

/// The contexts that are meant, each once: in the order in which they were typed, all of them by
/// name. Kind usage for a name that no kubeconfig has, and when there is none at all.
Result<std::vector<std::string>> chosen_contexts(const ContextOptions& options,
                                                 const kube::Kubeconfig& config,
                                                 const Context& context);

}  // namespace aksmesh::commands
