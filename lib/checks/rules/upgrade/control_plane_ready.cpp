// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "checks/istiods.hpp"
#include "checks/replicas.hpp"

namespace aksmesh::checks {
namespace {

constexpr std::string_view kDown = "AKM4012";
constexpr std::string_view kDegraded = "AKM4013";
constexpr std::array kCodes{kDown, kDegraded};

void run(const Facts& facts, Findings& out) {
  for (const auto& [revision, istiod] : istiods(facts))
    report_readiness(*istiod, kDown, kDegraded, out);
}

}  // namespace

extern const Check control_plane_ready;
constinit const Check control_plane_ready{.slug = "control-plane-ready",
                                          .reads = {Kind::deployment},
                                          .run = run,
                                          .codes = kCodes,
                                          .concerns = has_istiods};

}  // namespace aksmesh::checks
