// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "checks/injection_inventory.hpp"
#include "command.hpp"
#include "kube_session.hpp"

namespace aksmesh::commands {

/// What every command has that changes objects of a cluster.
struct LiveChangeOptions {
  bool dry_run = false;
  bool yes = false;
  bool no_input = false;
};
void declare_live_change_options(OptionSet& set, LiveChangeOptions& options);

/// One value of one object.
struct ObjectChange {
  std::string kind{};
  std::string name_space{};  ///< empty for kinds outside namespaces
  std::string name{};
  std::string path{};    ///< metadata.labels["istio.io/rev"]; empty: the object itself
  std::string before{};  ///< empty: it is not there
  std::string after{};   ///< empty: it goes
};

struct RestartOf {
  std::string name_space{};
  checks::RestartNeed need{};
};

/// A change of a cluster as a command describes it. Words complete sentences: "cannot GOAL".
struct LiveChange {
  std::string goal{};     ///< inject namespace shop from asm-1-29
  std::string done{};     ///< namespace shop is injected from asm-1-29
  std::string already{};  ///< the same, when nothing has to be done for it
  std::vector<ObjectChange> changes{};
  std::vector<kube::Write> writes{};   ///< in this order; the first that fails ends the run
  std::vector<std::string> effects{};  ///< what comes of it, for people
  std::vector<RestartOf> restarts{};   ///< pods that stay as they are until they are made anew
  std::vector<std::string> warnings{};
  std::vector<std::string> next{};  ///< commands to paste
  std::vector<std::string> undo{};  ///< those that take it back
};

/// Shows, asks and sends, as the options say.
Result<OutcomePtr> run_live_change(LiveChange change, const LiveChangeOptions& options,
                                   KubeSession& session, const Context& context);

/// As the member `restarts` of a document.
nlohmann::ordered_json restarts_document(const std::vector<checks::RestartNeed>& restarts);

/// `deployment/a deployment/b` as commands of kubectl, and what no command restarts in words.
std::vector<std::string> restart_commands(const std::vector<RestartOf>& restarts);

}  // namespace aksmesh::commands
