// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "base/strings.hpp"
#include "checks/rules/platform/istiod_use.hpp"
#include "mesh/table.hpp"

namespace aksmesh::checks {
namespace {

constexpr std::string_view kCode = "AKM9110";
constexpr std::array<std::string_view, 2> kResources{"cpu", "memory"};

/// `1850m` processors, or bytes in `Mi`.
std::string shown(std::string_view resource, std::int64_t thousandths) {
  constexpr std::int64_t kMebi = 1000LL << 20U;
  return resource == "cpu" ? std::to_string(thousandths) + 'm'
                           : std::to_string(thousandths / kMebi) + "Mi";
}

void compare_with_limits(const Object& pod, const Node& container, const Node& use,
                         std::int64_t percent, Findings& out) {
  for (const auto resource : kResources) {
    const auto limit = container.at("resources", "limits")[resource];
    const auto most = amount(limit);
    const auto used = amount(use[resource]);
    if (most <= 0 || percent_of(used, most) < percent) continue;
    out.report(kCode, pod, limit,
               {std::string(container["name"].text()), std::string(pod.name), shown(resource, used),
                shown(resource, most), resource == "cpu" ? "processor time" : "memory"});
  }
}

void run(const Facts& facts, Findings& out) {
  const Measured measured(facts);
  const auto percent =
      mesh::table("thresholds.json").at("controlPlaneUse", "ofLimitPercent").as_int().value_or(100);
  const Object* unmeasured = nullptr;
  std::size_t count = 0;
  for (const auto* pod : facts.as_read(Kind::pod)) {
    if (!is_running_istiod(*pod)) continue;
    for (const auto container : pod->spec()["containers"].items()) {
      if (container["name"].text() != kIstiodContainer) continue;
      if (const auto use = measured.use(*pod, kIstiodContainer))
        compare_with_limits(*pod, container, use, percent, out);
      else if (count++ == 0)
        unmeasured = pod;
    }
  }
  if (unmeasured != nullptr)
    out.unknown(kCode, *unmeasured,
                "how much it uses: PodMetrics (metrics.k8s.io) of aks-istio-system tell of " +
                    plural(count, "pod", "pods") + " of istiod nothing");
}

}  // namespace

extern const Check control_plane_near_limit;
constinit const Check control_plane_near_limit{.slug = "control-plane-near-limit",
                                               .reads = {Kind::pod, Kind::pod_metrics},
                                               .run = run,
                                               .runs = Runs::when_asked,
                                               .concerns = has_istiod_pods};

}  // namespace aksmesh::checks
