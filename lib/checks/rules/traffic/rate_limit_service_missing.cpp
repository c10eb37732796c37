// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/strings.hpp"
#include "checks/rate_limits.hpp"
#include "istio/host.hpp"

namespace aksmesh::checks {
namespace {

/// The cluster that a rate limit filter asks, in a plain or a wrapped configuration.
Node cluster_of(const Node& patch) {
  const auto config = patch.at("patch", "value", "typed_config");
  const auto plain = config["value"] ? config["value"] : config;
  return plain.at("rate_limit_service", "grpc_service", "envoy_grpc", "cluster_name");
}

void check_cluster(const Facts& facts, const Object& filter, const Node& cluster, Findings& out) {
  // `outbound|<port>|<subset>|<host>`; other names are of clusters that a filter adds.
  const auto parts = split(cluster.text(), '|');
  if (parts.size() != 4 || parts[0] != "outbound") return;
  const auto* host = facts.hosts().resolve(parts[3], {}, {});
  if (host != nullptr) {
    const auto has_port = std::any_of(
        host->ports.begin(), host->ports.end(),
        [&](const mesh::HostPort& port) { return std::to_string(port.number) == parts[1]; });
    if (!has_port)
      out.add(filter, cluster, "the rate limit service cannot be asked: {host} has no port {port}",
              {{"host", std::string(parts[3])}, {"port", std::string(parts[1])}});
    return;
  }
  const auto name_space = istio::service_name(parts[3], filter.name_space).name_space;
  if (facts.covers(Kind::service, name_space))
    out.add(filter, cluster, "the rate limit service cannot be asked: there is no host {host}",
            {{"host", std::string(parts[3])}});
  else
    out.unknown(filter, "the input holds no Services of namespace " + std::string(name_space) +
                            "; " + std::string(parts[3]) + " must be there");
}

void run(const Facts& facts, Findings& out) {
  visit_rate_limits(facts, [&](const Object& filter, const Node& patch, RateLimit limit) {
    if (limit == RateLimit::global) check_cluster(facts, filter, cluster_of(patch), out);
  });
}

}  // namespace

extern const Check rate_limit_service_missing;
constinit const Check rate_limit_service_missing{.slug = "rate-limit-service-missing",
                                                 .reads = kHostKinds | KindSet{Kind::envoy_filter},
                                                 .run = run};

}  // namespace aksmesh::checks
