// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <unordered_map>

#include "base/strings.hpp"
#include "checks/check.hpp"

namespace aksmesh::checks {
namespace {

constexpr std::string_view kHeadless = "None";
constexpr std::array<std::string_view, 6> kPortFields{"name", "protocol",   "appProtocol",
                                                      "port", "targetPort", "nodePort"};

struct InstanceOf {
  std::string_view cluster{};
  const Object* service = nullptr;
};
using Instances = std::vector<InstanceOf>;

bool is_headless(const Object& service) {
  return service.spec()["clusterIP"].text() == kHeadless;
}

std::string_view type_of(const Object& service) {
  return service.spec()["type"].text();
}

/// Every field of every port, whatever the order of the ports.
std::vector<std::vector<std::string_view>> ports_of(const Object& service) {
  std::vector<std::vector<std::string_view>> ports;
  for (const auto port : service.spec()["ports"].items()) {
    auto& fields = ports.emplace_back();
    for (const auto name : kPortFields) fields.push_back(port[name].text());
  }
  std::sort(ports.begin(), ports.end());
  return ports;
}

/// Whether what `property` tells is not the same for all.
template <class Property>
bool differs(const Instances& instances, Property property) {
  const auto first = property(*instances.front().service);
  return std::any_of(instances.begin() + 1, instances.end(),
                     [&](const InstanceOf& other) { return property(*other.service) != first; });
}

std::vector<std::string> differences(const Instances& instances) {
  std::vector<std::string> out;
  if (differs(instances, is_headless))
    out.emplace_back("service has mixed mode like headless and clusterIP");
  if (differs(instances, type_of)) out.emplace_back("service type is inconsistent");
  if (differs(instances, ports_of)) out.emplace_back("service ports are inconsistent");
  return out;
}

void check(const Instances& instances, Findings& out) {
  if (instances.size() < 2) return;
  const auto reasons = differences(instances);
  if (reasons.empty()) return;
  std::vector<std::string> clusters;
  for (const auto& one : instances) clusters.emplace_back(one.cluster);
  const auto& service = *instances.front().service;
  out.report("IST0170", service,
             {std::string(service.name), std::string(service.name_space), list_text(clusters),
              join(reasons, "; ")});
}

/// A mesh of several clusters, of which the input shows one.
void ask_for_other_clusters(const Facts& facts, Findings& out) {
  for (const auto* secret : facts.all(Kind::secret))
    if (secret->label(kMultiClusterLabel).text() == "true")
      out.unknown("IST0170", *secret, "the input does not hold the cluster that it leads to");
}

void run(const Facts& facts, Findings& out) {
  const auto clusters = facts.in_each_cluster(Kind::service);
  if (clusters.size() == 1) return ask_for_other_clusters(facts, out);
  std::vector<Instances> services;  // in the order in which they were first met
  std::unordered_map<std::string, std::size_t> position;
  for (const auto& [cluster, objects] : clusters)
    for (const auto* service : *objects) {
      const auto [at, is_new] = position.try_emplace(full_name(*service), services.size());
      if (is_new) services.emplace_back();
      services[at->second].push_back({cluster, service});
    }
  for (const auto& instances : services) check(instances, out);
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
