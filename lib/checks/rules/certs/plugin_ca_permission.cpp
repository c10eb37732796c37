// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <unordered_set>

#include "checks/live_pods.hpp"
#include "checks/rules/certs/ca_mount_events.hpp"
#include "mesh/table.hpp"

namespace aksmesh::checks {
namespace {

using Names = std::unordered_set<std::string_view>;

/// How many an istiod with a plug-in CA has.
std::size_t init_containers() {
  static const auto count =
      mesh::table("thresholds.json").at("pluginCa", "initContainers").as_int();
  return static_cast<std::size_t>(count.value_or(0));
}

/// Reports the events and returns the pods that any of them explains.
Names check_events(const Facts& facts, Findings& out) {
  Names explained;
  for (const auto* event : facts.all(Kind::event)) {
    const auto message = failed_ca_mount(*event);
    if (!message) continue;
    const auto regarding =
        event->root["involvedObject"] ? event->root["involvedObject"] : event->root["regarding"];
    const auto pod = regarding["name"].text();
    explained.insert(pod);
    if (mentions(message, "StatusCode=403"))
      out.add(
          *event, message,
          "the vault refuses istiod's volume {volume} with 403: the identity may not read secrets",
          {{"volume", std::string(kCaVolume)}, {"pod", std::string(pod)}});
  }
  return explained;
}

/// True for a scheduled pod that `kubectl get pods` shows as Init:0/2.
bool is_stuck(const Object& pod) {
  const auto spec = pod.spec();
  if (spec["initContainers"].size() != init_containers() || !item_named(spec["volumes"], kCaVolume))
    return false;
  if (pod.status()["phase"].text() != "Pending") return false;
  if (status_condition(pod, "PodScheduled")["status"].text() == "False") return false;
  const auto states = pod.status()["initContainerStatuses"];
  const auto items = states.items();
  return states.size() == init_containers() &&
         std::none_of(items.begin(), items.end(), [](const Node& status) {
           return status.at("state", "terminated", "exitCode").as_int() == 0;
         });
}

void run(const Facts& facts, Findings& out) {
  const auto explained = check_events(facts, out);
  for (const auto* pod : facts.all(Kind::pod)) {
    if (!is_addon_istiod_pod(*pod) || !is_live_pod(*pod)) continue;
    if (explained.contains(pod->name) || !is_stuck(*pod)) continue;
    out.add(*pod, pod->status()["initContainerStatuses"],
            "{pod} waits in Init:0/{count} with volume {volume}, as it does while the vault "
            "refuses its secrets",
            {{"pod", std::string(pod->name)},
             {"count", std::to_string(init_containers())},
             {"volume", std::string(kCaVolume)}});
  }
}

}  // namespace

extern const Check plugin_ca_permission;
constinit const Check plugin_ca_permission{
    .slug = "plugin-ca-permission", .reads = {Kind::event, Kind::pod}, .run = run};

}  // namespace aksmesh::checks
