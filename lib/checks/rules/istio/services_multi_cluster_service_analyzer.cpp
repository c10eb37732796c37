// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/strings.hpp"
#include "checks/check.hpp"

namespace aksmesh::checks {
namespace {

constexpr std::string_view kHeadless = "None";
constexpr std::array<std::string_view, 6> kPortFields{"name", "protocol",   "appProtocol",
                                                      "port", "targetPort", "nodePort"};

/// The ports in one spelling, sorted by name.
std::vector<std::string> ports_of(const Object& service) {
  std::vector<std::string> ports;
  for (const auto port : service.spec()["ports"].items()) {
    std::string text;
    for (const auto field : kPortFields) text.append(port[field].text()).append("\n");
    ports.push_back(std::move(text));
  }
  std::sort(ports.begin(), ports.end());
  return ports;
}

bool is_headless(const Object& service) {
  return service.spec()["clusterIP"].text() == kHeadless;
}

std::string differences(const std::vector<const Object*>& services) {
  const auto& first = *services.front();
  const auto any = [&](auto differs) {
    return std::any_of(services.begin() + 1, services.end(),
                       [&](const Object* other) { return differs(*other); });
  };
  std::vector<std::string> reasons;
  if (any([&](const Object& other) { return is_headless(other) != is_headless(first); }))
    reasons.emplace_back("service has mixed mode like headless and clusterIP");
  if (any([&](const Object& other) {
        return other.spec()["type"].text() != first.spec()["type"].text();
      }))
    reasons.emplace_back("service type is inconsistent");
  const auto ports = ports_of(first);
  if (any([&](const Object& other) { return ports_of(other) != ports; }))
    reasons.emplace_back("service ports are inconsistent");
  return join(reasons, "; ");
}

/// A mesh of several clusters of which the input shows one.
void ask_for_other_clusters(const Facts& facts, Findings& out) {
  for (const auto* secret : facts.all(Kind::secret))
    if (secret->label(kMultiClusterLabel).text() == "true")
      out.unknown("IST0170", *secret,
                  "the services of the cluster that it leads to are not in the input");
}

void run(const Facts& facts, Findings& out) {
  if (!facts.is_first_cluster()) return;
  const auto clusters = facts.in_each_cluster(Kind::service);
  if (clusters.size() == 1) return ask_for_other_clusters(facts, out);
  std::map<std::pair<std::string_view, std::string_view>, std::vector<const Object*>> by_name;
  for (const auto* services : clusters)
    for (const auto* service : *services)
      by_name[{service->name_space, service->name}].push_back(service);
  for (const auto& [name, services] : by_name) {
    if (services.size() < 2) continue;
    const auto reasons = differences(services);
    if (reasons.empty()) continue;
    std::vector<std::string> names;
    for (const auto* service : services) names.push_back(service->file->cluster);
    out.report("IST0170", *services.front(),
               {std::string(name.second), std::string(name.first), list_text(names), reasons});
  }
}

constexpr std::array<std::string_view, 1> kCodes{"IST0170"};

}  // namespace

extern const Check services_multi_cluster_service_analyzer;
constinit const Check services_multi_cluster_service_analyzer{
    .slug = "services-multi-cluster-service-analyzer",
    .reads = {Kind::service, Kind::secret},
    .run = run,
    .codes = kCodes,
    .analyzer = "services.MultiClusterServiceAnalyzer"};

}  // namespace aksmesh::checks
