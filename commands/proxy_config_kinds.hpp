// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "option_set.hpp"
#include "proxy_config_kind.hpp"
#include "proxy_endpoints.hpp"

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

ConfigKindPtr bootstrap_kind(ListingForm form);
ConfigKindPtr cluster_kind(ClusterFilter filter, ListingForm form);
ConfigKindPtr listener_kind(ListenerFilter filter, ListingForm form);
ConfigKindPtr route_kind(RouteFilter filter, ListingForm form);
/// At a time in seconds since 1970.
ConfigKindPtr secret_kind(std::int64_t now, ListingForm form);
ConfigKindPtr eds_kind(EndpointFilter filter, ListingForm form);
ConfigKindPtr ecds_kind(ListingForm form);

}  // namespace aksmesh::commands
