// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "checks/destinations.hpp"
#include "checks/name_list.hpp"
#include "istio/host.hpp"
#include "istio/number.hpp"

namespace aksmesh::checks {
namespace {

using Role = Destination::Role;

constexpr std::string_view kMesh = "mesh";

std::string ports_text(const mesh::HostEntry& host) {
  std::vector<std::string> numbers;
  for (const auto& port : host.ports) numbers.push_back(std::to_string(port.number));
  return list_text(numbers);
}

void check_host(const Facts& facts, const Object& service, const Destination& destination,
                Findings& out) {
  const std::string host(destination.host());
  const auto* found = find_host(facts, host, service);
  const auto place = destination.place(facts);
  if (found == nullptr) {
    // A route without a destination is for the schema to tell.
    if (host.empty() && !facts.is_upstream()) return;
    if (proves_missing(facts, host, service.name_space))
      out.report("IST0101", service, place,
                 {destination.is_mirror() ? "mirror host" : "host", host});
    else
      out.unknown("IST0101", service, missing_host_reason(host, service.name_space));
    return;
  }
  const auto port = destination.value["port"];
  if (!port.is_mapping()) {
    if (found->ports.size() > 1) out.report("IST0112", service, place, {host, ports_text(*found)});
    return;
  }
  const auto number = istio::number_of(port["number"]).value_or(0);
  if (std::none_of(found->ports.begin(), found->ports.end(),
                   [&](const mesh::HostPort& one) { return one.number == number; }))
    out.report("IST0101", service, place, {"host:port", host + ':' + std::to_string(number)});
}

/// VirtualServices that split the traffic of one of their own hosts by subset, by that host.
class Splits {
 public:
  explicit Splits(const Facts& facts) : facts_(facts) {
    for (const auto* service : facts.all(Kind::virtual_service)) add(*service);
  }

  /// Tells of routes for gateways that such a split, being for sidecars, does not reach.
  void check(const Object& service, const std::vector<Destination>& destinations,
             Findings& out) const {
    if (!has_gateway(service)) return;
    for (const auto& destination : destinations) {
      if (destination.role != Role::http || !destination.subset().empty()) continue;
      const auto found = by_host_.find(key(destination.host(), service));
      if (found == by_host_.end()) continue;
      for (const auto* split : found->second)
        if (split != &service || facts_.is_upstream())
          out.report("IST0140", service, destination.value["host"],
                     {full_name(*split), full_name(service)});
    }
  }

 private:
  /// istioctl compares hosts as they are written.
  [[nodiscard]] std::string key(std::string_view host, const Object& from) const {
    return facts_.is_upstream() ? std::string(host) : istio::fqdn(host, from.name_space);
  }
  [[nodiscard]] bool has_gateway(const Object& service) const {
    const auto names = service.spec()["gateways"].items();
    return std::any_of(names.begin(), names.end(), [&](const Node& name) {
      return facts_.is_upstream() || name.text() != kMesh;
    });
  }
  void add(const Object& service) {
    std::unordered_set<std::string_view> own;
    for (const auto host : service.spec()["hosts"].items()) own.insert(host.text());
    std::set<std::string> split;
    for (const auto& destination : destinations(service))
      if (destination.role == Role::http && !destination.subset().empty() &&
          own.contains(destination.host()))
        split.insert(key(destination.host(), service));
    for (const auto& host : split)
      if (auto& list = by_host_[host]; list.size() < kMostNames) list.push_back(&service);
  }

  const Facts& facts_;
  std::unordered_map<std::string, std::vector<const Object*>> by_host_;
};

void run(const Facts& facts, Findings& out) {
  const Splits splits(facts);
  for (const auto* service : facts.all(Kind::virtual_service)) {
    const auto all = destinations(*service);
    for (const auto& destination : all) check_host(facts, *service, destination, out);
    splits.check(*service, all, out);
  }
}

constexpr std::array<std::string_view, 3> kCodes{"IST0101", "IST0112", "IST0140"};

}  // namespace

extern const Check virtualservice_destination_host_analyzer;
constinit const Check virtualservice_destination_host_analyzer{
    .slug = "virtualservice-destination-host-analyzer",
    .reads = kHostKinds | KindSet{Kind::virtual_service},
    .run = run,
    .codes = kCodes,
    .analyzer = "virtualservice.DestinationHostAnalyzer"};

}  // namespace aksmesh::checks
