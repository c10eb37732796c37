// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include "azure/preconditions.hpp"
#include "azure/table.hpp"
#include "azure/words.hpp"
#include "base/strings.hpp"

namespace aksmesh::azure {
namespace {

using data::Node;

std::string quoted(std::string_view text) {
  return '\'' + std::string(text) + '\'';
}

std::int64_t limit(std::string_view name) {
  return table("limits.json")[name]["value"].as_int().value_or(0);
}

bool is_gateway_name(std::string_view name) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  if (name.empty()) return false;
  for (const auto part : split(name, '.')) {
    if (part.empty() || !plain(part.front()) || !plain(part.back())) return false;
    if (!std::all_of(part.begin(), part.end(), [&](char c) { return plain(c) || c == '-'; }))
      return false;
  }
  return true;
}

/// Why a node pool of mode Gateway cannot carry egress gateways; empty when it can.
std::string fault_of(const Node& pool) {
  if (same_word(pool["osType"].text(), "Windows")) return "it runs Windows";
  if (pool["enableAutoScaling"].as_bool().value_or(false)) return "it scales by itself";
  const auto size = pool.at("gatewayProfile", "publicIPPrefixSize").as_int();
  if (!size) return {};  // the service chooses one
  if (*size < limit("gatewayPrefixShortest") || *size > limit("gatewayPrefixLongest"))
    return "its prefix of addresses has the size " + std::to_string(*size);
  const auto addresses = std::int64_t{1} << (32 - *size);
  if (const auto nodes = pool["count"].as_int().value_or(0); nodes > addresses)
    return std::to_string(nodes) + " nodes are more than its " + std::to_string(addresses) +
           " addresses";
  return {};
}

/// Which pool a gateway uses stands in the cluster, so one good pool is enough here.
void check_pools(const ManagedCluster& cluster, Obstacles& out) {
  std::vector<std::string> faults;
  bool good = false;
  for (const auto& pool : cluster.body.at({"properties", "agentPoolProfiles"}).items()) {
    if (!same_word(pool["mode"].text(), "Gateway")) continue;
    const auto fault = fault_of(pool);
    if (fault.empty())
      good = true;
    else
      faults.push_back("node pool " + std::string(pool["name"].text()) + ": " + fault);
  }
  if (!faults.empty())
    out.push_back({"egress-gateway-pool", join(faults, ", "), good});
  else if (!good)
    out.push_back({"egress-gateway-pool", "there is no node pool of mode Gateway"});
}

}  // namespace

void check_ingress(const ManagedCluster& cluster, Obstacles& out) {
  std::map<std::string, int> modes;
  for (const auto& one : cluster.mesh.ingress) ++modes[to_lower(one.mode)];
  for (const auto& [mode, count] : modes)
    if (count > limit("ingressGatewaysOfType"))
      out.push_back({"ingress-too-many", "the profile of " + cluster.name + " lists " +
                                             std::to_string(count) + ' ' + mode +
                                             " ingress gateways"});
}

void check_egress(const ManagedCluster& cluster, const EgressGateway& gateway, Obstacles& out) {
  const auto length = static_cast<std::int64_t>(gateway.name.size());
  if (!is_gateway_name(gateway.name) || length > limit("egressNameLongest"))
    out.push_back({"egress-name", quoted(gateway.name) + " is no name for an egress gateway"});
  else if (length > limit("egressNameAdvised"))
    out.push_back(
        {"egress-name", quoted(gateway.name) + " is so long that its release may fail", true});
  if (!cluster.has_static_egress())
    out.push_back({"egress-static-gateway", "static egress gateways are switched off"});
  check_pools(cluster, out);
  for (const auto& pool : cluster.body.at({"properties", "agentPoolProfiles"}).items())
    if (!pool["podSubnetID"].text().empty()) {
      out.push_back({"egress-pod-subnet", "the pods of pool " + std::string(pool["name"].text()) +
                                              " have a subnet of their own"});
      break;
    }
  for (const auto& family : cluster.body.at({"properties", "networkProfile", "ipFamilies"}).items())
    if (same_word(family.text(), "IPv6"))
      out.push_back({"egress-dual-stack", "the cluster has IPv6 addresses"});
  const auto others = std::count_if(
      cluster.mesh.egress.begin(), cluster.mesh.egress.end(), [&](const EgressGateway& one) {
        return one.enabled && (one.name != gateway.name || one.name_space != gateway.name_space);
      });
  if (others >= limit("egressGateways"))
    out.push_back({"egress-count", std::to_string(others) + " egress gateways are on"});
}

}  // namespace aksmesh::azure
