// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <chrono>
#include <optional>
#include <set>
#include <unordered_set>
#include <utility>

#include "checks/addon_gateways.hpp"
#include "mesh/table.hpp"

namespace aksmesh::checks {
namespace {

using Moment = std::chrono::sys_seconds;

/// How long Azure may take to give the configuration its prefix.
std::chrono::minutes provisioning() {
  static const auto minutes =
      mesh::table("thresholds.json").at("egressPrefix", "provisioningMinutes").as_int();
  return std::chrono::minutes{minutes.value_or(0)};
}

/// Reads the form in which Kubernetes writes times, `2026-08-03T09:00:00Z`.
std::optional<Moment> read_time(std::string_view text) {
  if (text.size() != std::string_view("2026-08-03T09:00:00Z").size() || text.back() != 'Z')
    return std::nullopt;
  const auto number = [&](std::size_t at, std::size_t length) {
    int value = -1;
    const auto* end = text.data() + at + length;
    const auto read = std::from_chars(text.data() + at, end, value);
    return read.ptr == end ? value : -1;
  };
  const std::chrono::year_month_day day{std::chrono::year(number(0, 4)),
                                        std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                        std::chrono::day(static_cast<unsigned>(number(8, 2)))};
  if (!day.ok()) return std::nullopt;
  return std::chrono::sys_days(day) + std::chrono::hours(number(11, 2)) +
         std::chrono::minutes(number(14, 2)) + std::chrono::seconds(number(17, 2));
}

std::optional<Moment> created(const Object& object) {
  return read_time(object.metadata()["creationTimestamp"].text());
}

/// When the input was taken at the earliest.
std::optional<Moment> newest_of_input(const Facts& facts) {
  std::optional<Moment> newest;
  for (const auto kind : {Kind::pod, Kind::deployment, Kind::static_gateway_configuration})
    for (const auto* object : facts.all(kind))
      if (const auto moment = created(*object); moment && (!newest || *moment > *newest))
        newest = moment;
  return newest;
}

/// The Deployments of egress gateways, also those that only the label of their Service tells.
std::vector<const Object*> egress_deployments(const Facts& facts) {
  const EgressGateways gateways(facts);
  std::set<std::pair<std::string_view, std::string_view>> labels;
  std::unordered_set<const Object*> marked;
  for (const auto* object : gateways.objects()) {
    if (object->kind == Kind::deployment)
      marked.insert(object);
    else if (const auto istio = object->label("istio"))
      labels.emplace(object->name_space, istio.text());
  }
  std::vector<const Object*> found;
  for (const auto* deployment : facts.all(Kind::deployment)) {
    const auto istio = deployment->spec().at("template", "metadata", "labels", "istio").text();
    if (marked.contains(deployment) || labels.contains({deployment->name_space, istio}))
      found.push_back(deployment);
  }
  return found;
}

void check_missing(const Facts& facts, const Object& deployment, const Node& named, Findings& out) {
  if (facts.covers(Kind::static_gateway_configuration, deployment.name_space))
    out.add(deployment, named,
            "pods of {name} wait: namespace {namespace} has no StaticGatewayConfiguration "
            "{configuration}",
            {{"name", std::string(deployment.name)},
             {"namespace", std::string(deployment.name_space)},
             {"configuration", std::string(named.text())}});
  else
    out.unknown(deployment, "the input holds no StaticGatewayConfiguration of this namespace; " +
                                std::string(named.text()) + " must be there");
}

void check_prefix(const Object& configuration, std::optional<Moment> newest, Findings& out) {
  const auto prefix = configuration.status()["egressIpPrefix"];
  const auto since = created(configuration);
  if (!prefix.text().empty() || !since) return;
  if (newest && *newest - *since > provisioning())
    out.add(
        configuration, prefix,
        "StaticGatewayConfiguration {name} got no egress prefix, so that pods of its gateway wait",
        {{"name", std::string(configuration.name)}});
  else
    out.unknown(configuration,
                "status.egressIpPrefix is empty, and the input does not tell that more than " +
                    std::to_string(provisioning().count()) + " minutes have passed");
}

void run(const Facts& facts, Findings& out) {
  const auto deployments = egress_deployments(facts);
  if (deployments.empty()) return;
  const auto newest = newest_of_input(facts);
  std::unordered_set<const Object*> judged;
  for (const auto* deployment : deployments) {
    const auto named =
        deployment->spec().at("template", "metadata", "annotations", kStaticGatewayAnnotation);
    if (named.text().empty()) continue;
    const auto* configuration =
        facts.find(Kind::static_gateway_configuration, deployment->name_space, named.text());
    if (configuration == nullptr)
      check_missing(facts, *deployment, named, out);
    else if (judged.insert(configuration).second)
      check_prefix(*configuration, newest, out);
  }
}

}  // namespace

extern const Check egress_sgc;
constinit const Check egress_sgc{
    .slug = "egress-sgc",
    .reads = kEgressGatewayKinds | KindSet{Kind::pod, Kind::static_gateway_configuration},
    .run = run,
    .concerns = has_egress_gateways};

}  // namespace aksmesh::checks
