// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "azure/change.hpp"
#include "azure/preconditions.hpp"
#include "azure_session.hpp"
#include "command.hpp"

namespace aksmesh::commands {

/// A change of the mesh profile as a command describes it. Words complete sentences: "cannot GOAL",
/// "DOING goes on".
struct Change {
  std::string command{};  ///< its words, where it wants the name of the cluster: upgrade complete
  std::string goal{};     ///< enable the mesh on prod
  std::string doing{};    ///< enabling the mesh
  std::string done{};     ///< the mesh is enabled
  std::string already{};  ///< the mesh is enabled already
  azure::Edit edit{};
  /// Instead of `edit` where an earlier run of this command is under way.
  azure::Edit resumed_edit{};
  /// What must hold before; asked for once it is known that there is something to do.
  std::function<Result<std::vector<azure::Obstacle>>(const azure::ManagedCluster&)> obstacles{};
  /// What is told with the plan: what it takes away, what could not be verified.
  std::function<std::vector<std::string>(const azure::ManagedCluster&)> warnings{};
  Confirmation confirmation = Confirmation::yes_or_no;
  std::vector<std::string> next{};  ///< what to do afterwards, ready to paste
  /// Instead of `next`, where it depends on how the mesh came out.
  std::function<std::vector<std::string>(const azure::MeshProfile&)> next_of{};
};

/// Reads the cluster, plans, checks, asks, sends and waits, as the options say.
Result<OutcomePtr> run_change(const Change& change, const ClusterOptions& cluster,
                              const ChangeOptions& options, AzureSession& session,
                              const Context& context);

}  // namespace aksmesh::commands
