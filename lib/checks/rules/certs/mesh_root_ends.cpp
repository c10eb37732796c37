// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "checks/mesh_roots.hpp"

namespace aksmesh::checks {
namespace {

constexpr std::string_view kExpired = "AKM6009";
constexpr std::string_view kExpiring = "AKM6010";
constexpr std::array kCodes{kExpired, kExpiring};

void run(const Facts& facts, Findings& out) {
  for (const auto* config_map : facts.as_read(Kind::config_map)) {
    if (config_map->name != kRootConfigMap || config_map->name_space != kSystemNamespace) continue;
    const auto roots = roots_of(*config_map);
    if (roots.empty()) {
      out.unknown(kExpired, *config_map, "when the roots end: root-cert.pem holds none");
      continue;
    }
    // While roots are replaced, the one that lasts longest counts.
    const auto last = std::max_element(
        roots.begin(), roots.end(), [](const auto& a, const auto& b) { return a.until < b.until; });
    const auto left = sys::days_between(facts.today(), last->until);
    if (left < 0)
      out.report(kExpired, *config_map, config_map->root.at("data", kRootKey),
                 {last->until.text()});
    else if (left <= facts.horizon_days())
      out.report(kExpiring, *config_map, config_map->root.at("data", kRootKey),
                 {last->until.text(), std::to_string(left)});
  }
}

}  // namespace

extern const Check mesh_root_ends;
constinit const Check mesh_root_ends{
    .slug = "mesh-root-ends", .reads = {Kind::config_map}, .run = run, .codes = kCodes};

}  // namespace aksmesh::checks
