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

void run(const Facts& facts, Findings& out) {
  for (const auto* one : facts.as_read(Kind::deployment))
    if (one->name_space == kKubeSystemNamespace && one->name == kDns)
      report_readiness(*one, kDown, kDegraded, out);
}

}  // namespace

extern const Check coredns_ready;
constinit const Check coredns_ready{
    .slug = "coredns-ready", .reads = {Kind::deployment}, .run = run, .codes = kCodes};

}  // namespace aksmesh::checks
