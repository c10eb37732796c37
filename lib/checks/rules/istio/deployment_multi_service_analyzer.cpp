// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "checks/check.hpp"
#include "checks/injection.hpp"
#include "checks/proxies.hpp"
#include "checks/short_list.hpp"
#include "mesh/namespaces.hpp"
#include "mesh/selector_index.hpp"

namespace aksmesh::checks {
namespace {

constexpr std::string_view kManagedLabel = "gateway.istio.io/managed";
constexpr std::string_view kWaypointController = "istio.io-mesh-controller";

/// A port of one of the services over a deployment.
struct Offer {
  const Object* service = nullptr;
  std::int64_t number = 0;
  std::string_view protocol{};
  std::string target{};
};

std::vector<Offer> offers_of(const std::vector<const Object*>& services) {
  std::vector<Offer> offers;
  for (const auto* service : services) {
    for (const auto port : service->spec()["ports"].items()) {
      Offer offer{.service = service, .number = port["port"].as_int().value_or(0)};
      offer.protocol = port["protocol"].text().empty() ? "TCP" : port["protocol"].text();
      offer.target = port["targetPort"].text();
      if (offer.target.empty() || offer.target == "0") offer.target = std::to_string(offer.number);
      offers.push_back(std::move(offer));
    }
  }
  return offers;
}

struct Conflict {
  std::string_view code{};
  std::vector<std::string> values{};
};

void find_protocol_conflicts(const Facts& facts, const Object& deployment,
                             const std::vector<Offer>& offers, std::vector<Conflict>& conflicts) {
  std::map<std::int64_t, std::vector<const Offer*>> by_number;
  for (const auto& offer : offers) by_number[offer.number].push_back(&offer);
  for (const auto& [number, same] : by_number) {
    std::set<std::string_view> protocols;
    std::set<const Object*> services;
    std::vector<std::string> names;
    for (const auto* offer : same) {
      protocols.insert(offer->protocol);
      services.insert(offer->service);
      names.push_back(full_name(*offer->service));
    }
    if (protocols.size() < 2) continue;
    // One service may well offer a port for TCP and UDP, as those for DNS do.
    if (services.size() == 1 && !facts.is_upstream()) continue;
    conflicts.push_back(
        {"IST0116",
         {std::string(deployment.name), std::to_string(number), short_list(std::move(names))}});
  }
}

void find_target_conflicts(const Object& deployment, const std::vector<Offer>& offers,
                           std::vector<Conflict>& conflicts) {
  // Of several services with one port number only the last is named, as istioctl does it.
  std::map<std::string_view, std::map<std::int64_t, const Object*>> by_target;
  for (const auto& offer : offers) by_target[offer.target][offer.number] = offer.service;
  for (const auto& [target, by_number] : by_target) {
    if (by_number.size() < 2) continue;
    std::vector<std::string> names;
    std::vector<std::string> numbers;
    for (const auto& [number, service] : by_number) {
      names.push_back(full_name(*service));
      numbers.push_back(std::to_string(number));
    }
    conflicts.push_back({"IST0137",
                         {std::string(deployment.name), short_list(std::move(names)),
                          std::string(target), list_text(numbers)}});
  }
}

void check_deployment(const Facts& facts, const Object& deployment,
                      const mesh::SelectorIndex& services, Findings& out) {
  const auto membership = mesh_membership(facts, deployment);
  if (membership == Meshed::no) return;
  const auto labels = mesh::labels_of(mesh::pod_parts(deployment).metadata["labels"]);
  const auto offers = offers_of(services.accepting(labels));
  std::vector<Conflict> conflicts;
  find_protocol_conflicts(facts, deployment, offers, conflicts);
  find_target_conflicts(deployment, offers, conflicts);
  for (const auto& [code, values] : conflicts) {
    if (membership == Meshed::yes)
      out.report(code, deployment, deployment.metadata()["name"], values);
    else
      out.unknown(code, deployment, kNamespaceUnknown);
  }
}

void run(const Facts& facts, Findings& out) {
  std::unordered_map<std::string_view, mesh::SelectorIndex> services;
  for (const auto* service : facts.all(Kind::service))
    if (const auto selector = service->spec()["selector"]; selector.size() > 0)
      services[service->name_space].add(service, mesh::labels_of(selector));
  for (const auto* deployment : facts.all(Kind::deployment)) {
    const auto found = services.find(deployment->name_space);
    if (found == services.end() || deployment->label(kManagedLabel).text() == kWaypointController ||
        (!facts.is_upstream() && mesh::is_platform_namespace(deployment->name_space)))
      continue;
    check_deployment(facts, *deployment, found->second, out);
  }
}

constexpr std::array<std::string_view, 2> kCodes{"IST0116", "IST0137"};

}  // namespace

extern const Check deployment_multi_service_analyzer;
constinit const Check deployment_multi_service_analyzer{
    .slug = "deployment-multi-service-analyzer",
    .reads = {Kind::service, Kind::deployment, Kind::name_space},
    .run = run,
    .codes = kCodes,
    .analyzer = "deployment.MultiServiceAnalyzer"};

}  // namespace aksmesh::checks
