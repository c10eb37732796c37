// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "azure_options.hpp"
#include "command.hpp"

namespace aksmesh::commands {

/// What a gateway command is about.
struct GatewayWish {
  std::string kind{};  ///< external, internal or egress, case aside
  std::string egress_name{};
  std::string egress_namespace{};
  std::string egress_configuration{};
  bool on = true;
};

/// Turns a gateway on or off.
Result<OutcomePtr> change_gateway(const GatewayWish& wish, const ClusterOptions& cluster,
                                  const ChangeOptions& change, const Context& context);

}  // namespace aksmesh::commands
