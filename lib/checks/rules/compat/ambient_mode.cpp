// SPDX-License-Identifier: Apache-2.0
#include "checks/check.hpp"

namespace aksmesh::checks {
namespace {

/// `labels` are those of a namespace, of a pod or of a template's pods.
void check_labels(const Object& object, const Node& labels, Findings& out) {
  const auto report = [&](const Node& label, std::string_view key) {
    out.add(object, label,
            "label {key}={value} of {kind} {name} asks for Istio without sidecars, which the "
            "add-on does not have",
            {{"key", std::string(key)},
             {"value", std::string(label.text())},
             {"kind", std::string(object.kind_name)},
             {"name", std::string(object.name)}});
  };
  if (const auto mode = labels[kDataplaneModeLabel]; mode.text() == "ambient")
    report(mode, kDataplaneModeLabel);
  if (const auto waypoint = labels[kWaypointLabel]; waypoint && waypoint.text() != "none")
    report(waypoint, kWaypointLabel);
}

void run(const Facts& facts, Findings& out) {
  for (const auto* name_space : facts.all(Kind::name_space))
    check_labels(*name_space, name_space->metadata()["labels"], out);
  for (const auto& workload : facts.workloads())
    check_labels(*workload.object, workload.template_metadata["labels"], out);
  for (const auto* daemon_set : facts.all(Kind::daemon_set))
    if (daemon_set->name == kAmbientProxy && daemon_set->name_space != kApplicationNetworkNamespace)
      out.add(*daemon_set,
              "DaemonSet {namespace}/{name} is the node proxy of ambient mode, which the add-on "
              "does not have",
              {{"namespace", std::string(daemon_set->name_space)},
               {"name", std::string(daemon_set->name)}});
  for (const auto* gateway : facts.all(Kind::kube_gateway))
    if (const auto name = gateway->spec()["gatewayClassName"]; name.text() == kWaypointGatewayClass)
      out.add(*gateway, name,
              "Gateway {name} is a waypoint of ambient mode, which the add-on does not have",
              {{"name", std::string(gateway->name)}});
}

}  // namespace

extern const Check ambient_mode;
constinit const Check ambient_mode{
    .slug = "ambient-mode",
    .reads = kPodKinds | KindSet{Kind::name_space, Kind::kube_gateway},
    .run = run};

}  // namespace aksmesh::checks
