// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <unordered_set>

#include "istio/validation/kinds.hpp"
#include "istio/validation/traffic_policy.hpp"

namespace aksmesh::istio::validation {
namespace {

void check_tunnel(const Node& tunnel, Problems& out) {
  constexpr std::string_view kRule = "DR-10";
  if (!tunnel) return;
  const Place protocol{tunnel, "protocol"};
  if (!protocol.text().empty() && protocol.text() != "CONNECT" && protocol.text() != "POST")
    out.error(kRule, protocol, shown(protocol.text()) + " is neither CONNECT nor POST");
  const Place host{tunnel, "targetHost"};
  if (!is_ip(host.text())) check_domain(kRule, host, out);
  check_port(kRule, {tunnel, "targetPort"}, out);
}

void check_proxy_protocol(const Node& setting, Problems& out) {
  const Place version{setting, "version"};
  if (!version.text().empty() && version.text() != "V1" && version.text() != "V2")
    out.error("DR-10", version, shown(version.text()) + " is neither V1 nor V2");
}

/// What the whole policy and that of one port have in common.
void check_shared(const Node& policy, std::string_view name_space, Problems& out) {
  const auto outlier = field(policy, "outlierDetection");
  check_outlier_detection(outlier, out);
  check_connection_pool(field(policy, "connectionPool"), out);
  check_load_balancer(field(policy, "loadBalancer"), outlier, out);
  check_client_tls(field(policy, "tls"), name_space, out);
}

void check_port_policy(const Node& policy, std::string_view name_space, Problems& out) {
  constexpr std::string_view kRule = "DR-11";
  constexpr std::array<std::string_view, 4> kParts{"outlierDetection", "connectionPool",
                                                   "loadBalancer", "tls"};
  if (policy.is_null()) return out.error(kRule, policy, "the policy is null");
  if (!field(policy, "port")) out.error(kRule, {policy, "port"}, "a port is required");
  const bool any = std::any_of(kParts.begin(), kParts.end(), [&](std::string_view part) {
    return static_cast<bool>(field(policy, part));
  });
  if (!any)
    out.error(kRule, policy,
              "one of outlierDetection, connectionPool, loadBalancer and tls is required");
  check_shared(policy, name_space, out);
}

void check_traffic_policy(const Node& policy, std::string_view name_space, Problems& out) {
  if (!policy) return;
  const auto entries = policy.entries();
  const bool any = std::any_of(entries.begin(), entries.end(), [&](const data::Entry& entry) {
    return has(policy, entry.key.text());
  });
  if (!any) return out.error("DR-02", policy, "the policy is empty; remove it or set a field");
  const auto tunnel = field(policy, "tunnel");
  const auto proxy_protocol = field(policy, "proxyProtocol");
  if (tunnel && proxy_protocol)
    return out.error("DR-02", proxy_protocol, "proxyProtocol and tunnel exclude each other");
  check_shared(policy, name_space, out);
  for (const auto port : policy["portLevelSettings"].items())
    check_port_policy(port, name_space, out);
  check_tunnel(tunnel, out);
  check_proxy_protocol(proxy_protocol, out);
}

void check_subsets(const kube::Object& object, Problems& out) {
  constexpr std::string_view kRule = "DR-03";
  std::unordered_set<std::string_view> names;
  for (const auto subset : object.spec()["subsets"].items()) {
    if (subset.is_null()) {
      out.error(kRule, subset, "the subset is null");
      continue;
    }
    const Place name{subset, "name"};
    if (!names.insert(name.text()).second)
      out.error(kRule, name, "subset " + shown(name.text()) + " is defined twice");
    check_label(kRule, name, out);
    check_labels(kRule, field(subset, "labels"), out);
    check_traffic_policy(field(subset, "trafficPolicy"), object.name_space, out);
  }
}

}  // namespace

void validate_destination_rule(const kube::Object& object, Problems& out) {
  const auto spec = object.spec();
  check_wildcard_domain("DR-01", {spec, "host"}, out);
  check_traffic_policy(field(spec, "trafficPolicy"), object.name_space, out);
  check_subsets(object, out);
  check_export_to(object, out);
  check_selector(spec, "workloadSelector", out);
}

}  // namespace aksmesh::istio::validation
