// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "checks/replicas.hpp"

namespace aksmesh::checks {
namespace {

constexpr std::string_view kDown = "AKM9107";
constexpr std::string_view kDegraded = "AKM9108";
constexpr std::array kCodes{kDown, kDegraded};

// The name of the Deployment in every AKS cluster (istio-about.md: scaled for the mesh).
constexpr std::string_view kDns = "coredns";

bool is_dns(const Object& deployment) {
  return deployment.name_space == kKubeSystemNamespace && deployment.name == kDns;
}

bool has_dns(const Facts& facts) {
  return facts.holds(Kind::deployment, is_dns);
}

void run(const Facts& facts, Findings& out) {
  for (const auto* one : facts.as_read(Kind::deployment))
    if (is_dns(*one)) report_readiness(*one, kDown, kDegraded, out);
}

}  // namespace

extern const Check coredns_ready;
constinit const Check coredns_ready{.slug = "coredns-ready",
                                    .reads = {Kind::deployment},
                                    .run = run,
                                    .codes = kCodes,
                                    .concerns = has_dns};

}  // namespace aksmesh::checks
