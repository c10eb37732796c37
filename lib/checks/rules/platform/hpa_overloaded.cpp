// SPDX-License-Identifier: Apache-2.0
#include "checks/rules/platform/addon_autoscalers.hpp"
#include "checks/rules/platform/istiod_use.hpp"

namespace aksmesh::checks {
namespace {

constexpr std::string_view kCode = "AKM9111";

/// How much of what they request the pods of a Deployment use of a resource, in percent.
std::optional<std::int64_t> measured_share(const Facts& facts, const Measured& measured,
                                           std::string_view revision, std::string_view resource) {
  std::int64_t used = 0;
  std::int64_t wanted = 0;
  for (const auto* pod : facts.as_read(Kind::pod)) {
    if (!is_running_istiod(*pod) || pod->label(kRevisionLabel).text() != revision) continue;
    const auto container = item_named(pod->spec()["containers"], kIstiodContainer);
    const auto use = measured.use(*pod, kIstiodContainer);
    if (!use) return std::nullopt;
    used += amount(use[resource]);
    wanted += amount(container.at("resources", "requests")[resource]);
  }
  if (wanted <= 0) return std::nullopt;
  return percent_of(used, wanted);
}

/// As the autoscaler last saw it; nothing when it tells none.
std::optional<std::int64_t> seen_share(const Object& autoscaler, std::string_view resource) {
  for (const auto metric : autoscaler.status()["currentMetrics"].items())
    if (metric.at("resource", "name").text() == resource)
      return metric["resource"].at("current", "averageUtilization").as_int();
  return std::nullopt;
}

/// The value of the status that shows that there can be no more pods; absent when there can.
Node at_maximum(const Object& autoscaler) {
  const auto replicas = autoscaler.status()["currentReplicas"];
  const auto most = autoscaler.spec()["maxReplicas"].as_int();
  return replicas.as_int() && most && *replicas.as_int() >= *most ? replicas : Node{};
}

void check_autoscaler(const Facts& facts, const Measured& measured, const Object& autoscaler,
                      Findings& out) {
  const auto place = at_maximum(autoscaler);
  if (!place) return;
  const auto target_name = autoscaler.spec().at("scaleTargetRef", "name").text();
  const auto revision = target_name.starts_with(kIstiodPrefix)
                            ? target_name.substr(kIstiodPrefix.size())
                            : std::string_view{};
  for (const auto metric : autoscaler.spec()["metrics"].items()) {
    const auto resource = metric.at("resource", "name").text();
    const auto target = metric["resource"].at("target", "averageUtilization").as_int();
    if (!target) continue;
    auto share = seen_share(autoscaler, resource);
    if (!share && !revision.empty()) share = measured_share(facts, measured, revision, resource);
    if (!share)
      out.unknown(kCode, autoscaler,
                  "how much of the " + std::string(resource) +
                      " that they request its pods use: neither its status nor PodMetrics "
                      "(metrics.k8s.io) tell");
    else if (*share > *target)
      return out.report(kCode, autoscaler, place,
                        {std::string(autoscaler.name), std::string(place.text()),
                         std::to_string(*share), std::string(resource), std::to_string(*target)});
  }
}

void run(const Facts& facts, Findings& out) {
  const Measured measured(facts);
  for (const auto* autoscaler : facts.as_read(Kind::horizontal_pod_autoscaler))
    if (is_addon_autoscaler(*autoscaler)) check_autoscaler(facts, measured, *autoscaler, out);
}

}  // namespace

extern const Check hpa_overloaded;
constinit const Check hpa_overloaded{
    .slug = "hpa-overloaded",
    .reads = {Kind::pod, Kind::horizontal_pod_autoscaler, Kind::pod_metrics},
    .run = run,
    .runs = Runs::when_asked,
    .concerns = has_addon_autoscalers,
    .does_without = {Kind::pod, Kind::pod_metrics}};

}  // namespace aksmesh::checks
