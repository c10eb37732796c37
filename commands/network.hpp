// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "context.hpp"
#include "net/trace.hpp"
#include "option_set.hpp"

namespace aksmesh::commands {

/// How a run talks to servers, whichever they are.
struct NetworkOptions {
  std::int64_t timeout = 0;          ///< milliseconds for the run; 0: none
  std::int64_t request_timeout = 0;  ///< milliseconds; 0: the usual one
  std::string trace_file{};
  net::Trace* listener = nullptr;  ///< is told of every exchange too; outlives the connections
};
void declare_network_options(OptionSet& set, NetworkOptions& options);

/// Makes the run's connections ready; what is returned must outlive them.
Result<std::unique_ptr<net::Trace>> set_up_network(const NetworkOptions& options,
                                                   const Context& context);

}  // namespace aksmesh::commands
