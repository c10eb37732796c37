// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "command.hpp"

namespace aksmesh::commands {

/// How the result of a command is shown anew as a cluster changes (--watch).
struct Watching {
  std::function<Result<OutcomePtr>()> look{};
  /// Waits until another look may find something else. An error ends it.
  std::function<Status()> wait{};
};
void declare_watch(OptionSet& set, bool& watch);

/// The first result, which leads to the others: each says something else than the one before.
Result<OutcomePtr> watch_results(const Watching& watching);

}  // namespace aksmesh::commands
