// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "option_set.hpp"
#include "proxy_config_kind.hpp"

namespace aksmesh::commands {

// Which objects of a kind are shown. Each has the neighbour's meaning.

struct ClusterFilter {
  std::string fqdn{};
  std::string port{};
  std::string direction{};
  std::string subset{};
};
struct ListenerFilter {
  std::string address{};
  std::string port{};
  std::string type{};
};
struct RouteFilter {
  std::string name{};
};

// Their options, for the commands of one kind and the one that shows all.
void declare_fqdn(OptionSet& set, std::string& target);
void declare_port(OptionSet& set, std::string& target);
void declare_direction(OptionSet& set, std::string& target);
void declare_subset(OptionSet& set, std::string& target);
void declare_address(OptionSet& set, std::string& target);
void declare_type(OptionSet& set, std::string& target);
void declare_name(OptionSet& set, std::string& target);

ConfigKindPtr cluster_kind(ClusterFilter filter, ListingForm form);
ConfigKindPtr listener_kind(ListenerFilter filter, ListingForm form);
ConfigKindPtr route_kind(RouteFilter filter, ListingForm form);

}  // namespace aksmesh::commands
