// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <map>

#include "checks/check.hpp"

namespace aksmesh::checks {
namespace {

using Services = std::vector<const Object*>;
using PortNumber = std::int64_t;

/// Reports what is wrong with a Deployment of the mesh; whether it is in the mesh may be unknown.
class Report {
 public:
  Report(const Facts& facts, const Object& deployment, Findings& out)
      : deployment_(deployment), out_(out), in_mesh_(facts.in_mesh(deployment)) {
    const auto choice = mesh::pod_parts(deployment).metadata;
    asked_ = !facts.is_upstream() && !in_mesh_ &&
             facts.meshed(deployment.name_space) == Meshed::unknown &&
             choice.at("labels", kPodInjectionLabel).text() != "false";
  }
  [[nodiscard]] bool wanted() const { return in_mesh_ || asked_; }
  void add(std::string_view code, const std::vector<std::string>& values) {
    if (in_mesh_)
      out_.report(code, deployment_, deployment_.metadata()["name"], values);
    else
      out_.unknown(code, deployment_,
                   "the input does not hold namespace " + std::string(deployment_.name_space) +
                       ", so that it cannot be told whether the pods get sidecars");
  }

 private:
  const Object& deployment_;
  Findings& out_;
  bool in_mesh_ = false;
  bool asked_ = false;
};

void check_protocols(const Facts& facts, const Object& deployment, const Services& services,
                     Report& report) {
  std::map<PortNumber, std::map<std::string_view, std::vector<std::string>>> by_port;
  for (const auto* service : services)
    for (const auto port : service->spec()["ports"].items()) {
      const auto number = port["port"].as_int();
      if (!number) continue;
      const auto protocol = port["protocol"].text();
      by_port[*number][protocol.empty() ? "TCP" : protocol].push_back(full_name(*service));
    }
  for (const auto& [number, protocols] : by_port) {
    if (protocols.size() < 2) continue;
    std::vector<std::string> names;
    for (const auto& [protocol, of_protocol] : protocols)
      names.insert(names.end(), of_protocol.begin(), of_protocol.end());
    std::sort(names.begin(), names.end());
    // One service may well offer a port for TCP and UDP, as those for DNS do.
    if (names.front() == names.back() && !facts.is_upstream()) continue;
    report.add("IST0116", {std::string(deployment.name), std::to_string(number), list_text(names)});
  }
}

void check_target_ports(const Object& deployment, const Services& services, Report& report) {
  // By target port, the last service for each port number.
  std::map<std::string, std::map<PortNumber, const Object*>> by_target;
  for (const auto* service : services)
    for (const auto port : service->spec()["ports"].items()) {
      const auto number = port["port"].as_int();
      if (!number) continue;
      std::string target(port["targetPort"].text());
      if (target.empty() || target == "0") target = std::to_string(*number);
      by_target[target][*number] = service;
    }
  for (const auto& [target, ports] : by_target) {
    if (ports.size() < 2) continue;
    std::vector<std::string> names;
    std::vector<std::string> numbers;
    for (const auto& [number, service] : ports) {
      names.push_back(full_name(*service));
      numbers.push_back(std::to_string(number));
    }
    std::sort(names.begin(), names.end());
    report.add("IST0137",
               {std::string(deployment.name), list_text(names), target, list_text(numbers)});
  }
}

void run(const Facts& facts, Findings& out) {
  std::unordered_map<std::string_view, mesh::LabelIndex> by_namespace;
  for (const auto* deployment : facts.all(Kind::deployment))
    by_namespace[deployment->name_space].add(
        deployment, mesh::labels_of(mesh::pod_parts(*deployment).metadata["labels"]));
  std::unordered_map<const Object*, Services> services_of;
  for (const auto* service : facts.all(Kind::service)) {
    const auto wanted = mesh::labels_of(service->spec()["selector"]);
    const auto here = by_namespace.find(service->name_space);
    if (wanted.empty() || here == by_namespace.end()) continue;
    for (const auto* deployment : here->second.matching(wanted))
      services_of[deployment].push_back(service);
  }
  for (const auto* deployment : facts.all(Kind::deployment)) {
    const auto services = services_of.find(deployment);
    if (services == services_of.end() ||
        deployment->label(kManagedLabel).text() == kWaypointController)
      continue;
    Report report(facts, *deployment, out);
    if (!report.wanted()) continue;
    check_protocols(facts, *deployment, services->second, report);
    check_target_ports(*deployment, services->second, report);
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
