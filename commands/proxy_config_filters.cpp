// SPDX-License-Identifier: Apache-2.0
#include "proxy_config_kinds.hpp"

namespace aksmesh::commands {

void declare_fqdn(OptionSet& set, std::string& target) {
  set.value("--fqdn", target, "TEXT").help("Only clusters whose name has this in it");
}

void declare_port(OptionSet& set, std::string& target) {
  auto& spec = set.value("--port", target, "PORT").help("Only of this port");
  spec.set = [take = spec.set](const std::string& text) -> Status {
    if (text.find_first_not_of("0123456789") != std::string::npos)
      return Error{.kind = ErrorKind::usage,
                   .what = '\'' + text + "' is no port",
                   .why = "a port is a number",
                   .next = {"9080"}};
    return take(text);
  };
}

void declare_direction(OptionSet& set, std::string& target) {
  set.value("--direction", target, "DIRECTION")
      .help("Only clusters with this in their name, as in inbound and outbound");
}

void declare_subset(OptionSet& set, std::string& target) {
  set.value("--subset", target, "TEXT").help("Only clusters with this in their name, as in v1");
}

void declare_address(OptionSet& set, std::string& target) {
  set.value("--address", target, "ADDRESS").help("Only of this address");
}

void declare_type(OptionSet& set, std::string& target) {
  set.value("--type", target, "TYPE")
      .choices({"HTTP", "TCP", "HTTP+TCP", "UNKNOWN"})
      .in_any_case()
      .help("Only listeners of this type");
}

void declare_name(OptionSet& set, std::string& target) {
  set.value("--name", target, "NAME").help("Only the route configuration of this name");
}

}  // namespace aksmesh::commands
