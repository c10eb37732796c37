// SPDX-License-Identifier: Apache-2.0
#include "checks/live_pods.hpp"
#include "checks/rules/platform/addon_autoscalers.hpp"

namespace aksmesh::checks {
namespace {

/// The value of the status that shows the saturation; absent when there is room.
Node saturation(const Object& autoscaler) {
  const auto replicas = autoscaler.status()["currentReplicas"];
  const auto count = replicas.as_int();
  const auto most = autoscaler.spec()["maxReplicas"].as_int();
  if (count && most && *count >= *most) return replicas;
  const auto limited = status_condition(autoscaler, "ScalingLimited");
  // The same condition with TooFewReplicas is the normal state of an idle mesh.
  return limited["status"].text() == "True" && limited["reason"].text() == "TooManyReplicas"
             ? limited
             : Node{};
}

void run(const Facts& facts, Findings& out) {
  for (const auto* autoscaler : facts.all(Kind::horizontal_pod_autoscaler)) {
    if (!is_addon_autoscaler(*autoscaler)) continue;
    if (const auto place = saturation(*autoscaler))
      out.add(*autoscaler, place,
              "{name} is at its maximum of {most} replicas and cannot scale out further",
              {{"name", std::string(autoscaler->name)},
               {"most", std::string(autoscaler->spec()["maxReplicas"].text())}});
  }
}

}  // namespace

extern const Check hpa_saturated;
constinit const Check hpa_saturated{.slug = "hpa-saturated",
                                    .reads = {Kind::horizontal_pod_autoscaler},
                                    .run = run,
                                    .concerns = has_addon_autoscalers};

}  // namespace aksmesh::checks
