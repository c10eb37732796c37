// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdint>
#include <set>
#include <string>
#include <unordered_map>

#include "checks/gateway_pods.hpp"
#include "istio/number.hpp"

namespace aksmesh::checks {
namespace {

using mesh::LabelIndex;
using mesh::Labels;
using Ports = std::set<std::int64_t>;

/// The Services of a namespace, found by pods that they select.
class Selecting {
 public:
  void add(const Object& service, const Labels& selector) {
    if (selector.empty())
      unconditional_.push_back(&service);
    else
      by_first_label_[mesh::selector_text({selector.front()})].push_back({&service, selector});
  }
  template <class Visit>
  void visit(const Labels& pod, Visit visit) const {
    for (const auto* service : unconditional_) visit(*service);
    for (const auto& label : pod) {
      const auto found = by_first_label_.find(mesh::selector_text({label}));
      if (found == by_first_label_.end()) continue;
      for (const auto& [service, selector] : found->second)
        if (mesh::carries(pod, selector)) visit(*service);
    }
  }

 private:
  struct Row {
    const Object* service = nullptr;
    Labels selector{};
  };
  std::vector<const Object*> unconditional_;
  std::unordered_map<std::string, std::vector<Row>> by_first_label_;
};

/// The port that a Service's port named `name` leads to in a pod; 0 when the pod does not tell.
std::int64_t named_port(const Object& pod, std::string_view name) {
  for (const auto container : mesh::pod_parts(pod).spec["containers"].items())
    for (const auto port : container["ports"].items())
      if (!name.empty() && port["name"].text() == name)
        return port["containerPort"].as_int().value_or(0);
  return 0;
}

/// Which ports of gateway pods some Service leads to.
class Reachable {
 public:
  explicit Reachable(const Facts& facts) : facts_(facts) {
    for (const auto* service : facts.all(Kind::service)) {
      const auto selector = mesh::labels_of(service->spec()["selector"]);
      // Istio's analysis takes a Service without a selector as one that selects every pod.
      if (!selector.empty() || facts.is_upstream())
        services_[service->name_space].add(*service, selector);
    }
  }
  /// Of all pods that carry the labels.
  const Ports& of(const Labels& selector) {
    const auto [at, is_new] = by_selector_.try_emplace(mesh::selector_text(selector));
    auto& ports = at->second;
    if (is_new)
      facts_.pods().visit_matching(selector, [&](const LabelIndex::Item& pod) {
        add(pod, ports);
        return true;
      });
    return ports;
  }

 private:
  void add(const LabelIndex::Item& pod, Ports& out) const {
    const auto found = services_.find(pod.object->name_space);
    if (found == services_.end()) return;
    found->second.visit(pod.labels, [&](const Object& service) {
      for (const auto port : service.spec()["ports"].items()) add(*pod.object, port, out);
    });
  }
  void add(const Object& pod, const Node& port, Ports& out) const {
    const auto protocol = port["protocol"].text();
    // A missing protocol is TCP; in files istioctl does not see that.
    if (protocol != "TCP" && (facts_.is_upstream() || !protocol.empty())) return;
    const auto target = port["targetPort"];
    auto number = istio::number_of(target).value_or(0);
    if (number == 0 && !facts_.is_upstream()) number = named_port(pod, target.text());
    if (number != 0) out.insert(number);
    out.insert(port["port"].as_int().value_or(0));
  }

  const Facts& facts_;
  std::unordered_map<std::string_view, Selecting> services_;
  std::unordered_map<std::string, Ports> by_selector_;
};

void check_servers(const Facts& facts, const Object& gateway, const Labels& selector,
                   const Ports& ports, Findings& out) {
  for (const auto server : gateway.spec()["servers"].items()) {
    const auto port = server["port"];
    const auto number = istio::number_of(port["number"]).value_or(0);
    if (!port.is_mapping() || ports.contains(number)) continue;
    out.report("IST0162", gateway,
               facts.is_upstream() ? first_label(gateway.spec()["selector"]) : port["number"],
               {std::to_string(number), mesh::selector_text(selector)});
  }
}

void run(const Facts& facts, Findings& out) {
  const auto& gateways = facts.all(Kind::istio_gateway);
  if (gateways.empty()) return;
  GatewayPods pods(facts);
  Reachable reachable(facts);
  for (const auto* gateway : gateways) {
    const auto selector = mesh::labels_of(gateway->spec()["selector"]);
    const auto* pod = pods.first(*gateway, selector, out);
    if (pod == nullptr) continue;
    const auto name_space = pod->object->name_space;
    if (facts.covers(Kind::service, name_space) || !reachable.of(selector).empty())
      check_servers(facts, *gateway, selector, reachable.of(selector), out);
    else
      out.unknown("IST0162", *gateway,
                  "the input holds no Services of namespace " + std::string(name_space) +
                      ", where the gateway's pods are");
  }
}

constexpr std::array<std::string_view, 2> kCodes{"IST0101", "IST0162"};

}  // namespace

extern const Check gateway_ingress_gateway_port_analyzer;
constinit const Check gateway_ingress_gateway_port_analyzer{
    .slug = "gateway-ingress-gateway-port-analyzer",
    .reads = kGatewayPodKinds | KindSet{Kind::istio_gateway},
    .run = run,
    .codes = kCodes,
    .analyzer = "gateway.IngressGatewayPortAnalyzer"};

}  // namespace aksmesh::checks
