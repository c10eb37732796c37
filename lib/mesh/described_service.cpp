// SPDX-License-Identifier: Apache-2.0
#include "mesh/described_service.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>

#include "base/strings.hpp"
#include "istio/host.hpp"
#include "istio/protocol.hpp"
#include "mesh/described_match.hpp"
#include "mesh/destination_rules.hpp"
#include "mesh/gateway_api.hpp"
#include "mesh/istio_view.hpp"
#include "mesh/service_ports.hpp"
#include "mesh/virtual_service.hpp"

namespace aksmesh::mesh {
namespace {

using data::Node;

bool by_name(const Object* a, const Object* b) {
  return std::tie(a->name_space, a->name) < std::tie(b->name_space, b->name);
}

/// A selector selects nothing when it is empty.
bool selects(const Node& selector, const Labels& labels) {
  return selector.size() > 0 && carries(labels, labels_of(selector));
}

TrafficPolicy policy_of(const Node& policy) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kParts{
      {{"loadBalancer", "load balancer"},
       {"connectionPool", "connection pool"},
       {"outlierDetection", "outlier detection"},
       {"tunnel", "tunnel"},
       {"proxyProtocol", "proxy protocol"}}};
  TrafficPolicy out{.tls_mode = std::string(policy.at("tls", "mode").text())};
  for (const auto& [field, words] : kParts)
    if (policy[field]) out.parts.emplace_back(words);
  return out;
}

/// One service while it is described.
class Describing {
 public:
  Describing(const Model& model, const Object& service, const std::vector<const Object*>& pods)
      : model_(model),
        service_(service),
        pods_(pods),
        rules_(model.istio().all(Kind::destination_rule)) {
    for (const auto* pod : pods) labels_.push_back(labels_of(pod->metadata()["labels"]));
    out_.object = &service;
    out_.host = istio::fqdn(service.name, service.name_space);
    out_.external_name = service.spec()["externalName"].text();
    out_.is_headless = service.spec()["clusterIP"].text() == "None";
  }

  DescribedService run() {
    add_ports();
    add_warnings();
    add_rules();
    add_routes();
    add_gateways();
    add_api_routes();
    return std::move(out_);
  }

 private:
  void add_ports() {
    for (const auto port : service_.spec()["ports"].items()) {
      DescribedPort one{.name = std::string(port["name"].text()),
                        .number = port["port"].as_int().value_or(0),
                        .target_name = std::string(port["targetPort"].text())};
      const auto protocol = istio::service_port_protocol(port);
      for (const char c : istio::protocol_name(protocol))
        one.protocol += static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
      if (port["protocol"].text() == "UDP") one.protocol = "UDP";
      if (one.protocol.empty()) one.protocol = "auto-detect";
      for (const auto* pod : pods_)
        if (!one.target) one.target = target_port(port, pod->spec());
      if (pods_.empty() && out_.external_name.empty()) one.target = target_port(port, {});
      out_.ports.push_back(std::move(one));
    }
  }

  void add_warnings() {
    if (!out_.external_name.empty()) return;
    if (service_.spec()["selector"].size() == 0)
      out_.warnings.emplace_back("it has no selector: its endpoints are made by somebody else");
    else if (pods_.empty() && sees_pods())
      out_.warnings.emplace_back("no pod that runs has the labels of its selector");
    if (out_.ports.empty())
      out_.warnings.emplace_back("it has no ports, so Istio has no configuration for it");
  }

  [[nodiscard]] bool sees_pods() const {
    const auto& lost = model_.manifests().unavailable;
    return std::none_of(lost.begin(), lost.end(),
                        [](const auto& one) { return one.kind == Kind::pod; });
  }

  void add_rules() {
    const auto root = model_.istio().root_namespace();
    const HostRules* own = rules_.most_specific(service_.name_space, out_.host);
    const HostRules* of_root = rules_.most_specific(root, out_.host);
    for (const auto* group : rules_.covering(out_.host)) {
      const bool is_own = group->name_space == service_.name_space;
      // Istio looks into the client's namespace, then the service's, then the root one, and takes
      // the most specific host of the first that has any.
      if ((is_own && group != own) ||
          (!is_own && group->name_space == root && (own != nullptr || group != of_root)))
        continue;
      for (const auto* rule : group->rules) {
        auto one = described(*rule);
        one.for_own_clients = !is_own && group->name_space != root;
        out_.rules.push_back(std::move(one));
      }
    }
    std::stable_sort(out_.rules.begin(), out_.rules.end(), [](const auto& a, const auto& b) {
      return a.for_own_clients < b.for_own_clients;
    });
  }

  [[nodiscard]] DescribedRule described(const Object& rule) const {
    DescribedRule out{.object = &rule, .host = std::string(rule.spec()["host"].text())};
    for (const auto subset : rule.spec()["subsets"].items()) {
      auto& list = reaches(subset["labels"]) ? out.matching : out.others;
      list.emplace_back(subset["name"].text());
    }
    const auto policy = rule.spec()["trafficPolicy"];
    out.policy = policy_of(policy);
    for (const auto level : policy["portLevelSettings"].items())
      if (const auto port = level.at("port", "number").as_int())
        out.ports.emplace(*port, policy_of(level));
    return out;
  }

  /// Some of the pods carry the labels of a subset; no labels are all pods.
  [[nodiscard]] bool reaches(const Node& labels) const {
    const auto wanted = labels_of(labels);
    return std::any_of(labels_.begin(), labels_.end(),
                       [&](const Labels& one) { return carries(one, wanted); });
  }

  void add_routes() {
    for (const auto* each : model_.istio().all(Kind::virtual_service)) {
      DescribedRoutes out{
          .object = each, .for_sidecars = serves_sidecars(*each), .names_host = names_host(*each)};
      for (const auto family : kRouteFamilies)
        for (const auto rule : each->spec()[family].items()) add_route(family, rule, out);
      if (out.routes.empty() && !out.names_host) continue;
      for (const auto gateway : each->spec()["gateways"].items())
        if (gateway.text() != "mesh")
          out.gateways.push_back(gateway_name(gateway.text(), each->name_space));
      out_.routes.push_back(std::move(out));
    }
    std::sort(out_.routes.begin(), out_.routes.end(),
              [](const auto& a, const auto& b) { return by_name(a.object, b.object); });
  }

  [[nodiscard]] bool names_host(const Object& virtual_service) const {
    for (const auto host : virtual_service.spec()["hosts"].items())
      if (istio::fqdn(host.text(), virtual_service.name_space) == out_.host) return true;
    return false;
  }

  void add_route(std::string_view family, const Node& rule, DescribedRoutes& out) const {
    DescribedRoute route{
        .family = family, .match = match_text(rule["match"]), .facts = route_facts(rule)};
    std::int64_t total = 0;
    for (const auto entry : rule["route"].items()) total += entry["weight"].as_int().value_or(0);
    const auto count = rule["route"].size();
    for (const auto entry : rule["route"].items()) {
      auto target = described_target(entry, out.object->name_space, count, total);
      if (!target) {
        ++out.elsewhere;
        continue;
      }
      if (!target->reaches) ++out.elsewhere;
      route.targets.push_back(std::move(*target));
    }
    if (!route.targets.empty()) out.routes.push_back(std::move(route));
  }

  /// Nothing for one of another service.
  [[nodiscard]] std::optional<RouteTarget> described_target(const Node& entry,
                                                            std::string_view name_space,
                                                            std::size_t count,
                                                            std::int64_t total) const {
    const auto destination = entry["destination"];
    RouteTarget out{.host = std::string(destination["host"].text()),
                    .subset = std::string(destination["subset"].text()),
                    .port = destination.at("port", "number").as_int()};
    if (istio::fqdn(out.host, name_space) != out_.host) return std::nullopt;
    // Weights are shares of their sum, which need not be 100.
    out.weight = entry["weight"].as_int().value_or(0);
    if (total > 0 && out.weight > 0)
      out.weight = std::max<std::int64_t>(1, (100 * out.weight + total / 2) / total);
    if (count == 1) out.weight = 100;
    out.why = hindrance(out);
    out.reaches = out.why.empty();
    return out;
  }

  [[nodiscard]] std::string hindrance(const RouteTarget& target) const {
    if (target.weight == 0) return "its weight is 0";
    if (target.port && std::none_of(out_.ports.begin(), out_.ports.end(),
                                    [&](const auto& port) { return port.number == *target.port; }))
      return "the service has no port " + std::to_string(*target.port);
    if (target.subset.empty()) return {};
    bool is_known = false;
    for (const auto& rule : out_.rules) {
      if (std::find(rule.matching.begin(), rule.matching.end(), target.subset) !=
          rule.matching.end())
        return {};
      is_known = is_known || std::find(rule.others.begin(), rule.others.end(), target.subset) !=
                                 rule.others.end();
    }
    if (is_known) return "subset " + target.subset + " does not have the labels";
    return "no DestinationRule has the subset " + target.subset;
  }

  void add_gateways() {
    std::map<std::string, std::vector<std::string>> routes;
    for (const auto& each : out_.routes)
      for (const auto& gateway : each.gateways)
        routes[gateway].push_back(dotted_name(*each.object));
    for (auto& [name, by] : routes) {
      const auto slash = name.find('/');
      DescribedGateway out{.name = name, .routes = std::move(by)};
      out.object = model_.find(Kind::istio_gateway, name.substr(0, slash), name.substr(slash + 1));
      if (out.object != nullptr) add_entry(out);
      out_.gateways.push_back(std::move(out));
    }
  }

  /// The pods of a Gateway, and where they are reached from outside.
  void add_entry(DescribedGateway& out) const {
    const auto selector = out.object->spec()["selector"];
    std::set<std::string> addresses;
    for (const auto* pod : model_.all(Kind::pod)) {
      const auto labels = labels_of(pod->metadata()["labels"]);
      if (!carries(labels, labels_of(selector))) continue;
      out.pods.push_back(pod);
      for (const auto* service : services_of(model_, *pod)) add_addresses(*service, addresses);
    }
    std::sort(out.pods.begin(), out.pods.end(), by_name);
    for (const auto server : out.object->spec()["servers"].items())
      for (const auto& address : addresses) out.urls.push_back(url_of(server["port"], address));
    std::sort(out.urls.begin(), out.urls.end());
    out.urls.erase(std::unique(out.urls.begin(), out.urls.end()), out.urls.end());
  }

  static void add_addresses(const Object& service, std::set<std::string>& out) {
    for (const auto one : service.status().at("loadBalancer", "ingress").items()) {
      const auto text = one["ip"].text().empty() ? one["hostname"].text() : one["ip"].text();
      if (!text.empty()) out.emplace(text);
    }
  }

  static std::string url_of(const Node& port, const std::string& address) {
    const auto protocol = to_lower(port["protocol"].text());
    const auto number = port["number"].as_int().value_or(0);
    const bool is_tls = protocol == "https" || protocol == "tls";
    const bool is_web = is_tls || protocol.starts_with("http") || protocol.starts_with("grpc");
    const bool is_usual = is_web && number == (is_tls ? 443 : 80);
    auto out = is_web ? std::string(is_tls ? "https://" : "http://") + address : "tcp " + address;
    return is_usual ? out : out + ':' + std::to_string(number);
  }

  void add_api_routes() {
    for (const auto kind : {Kind::http_route, Kind::grpc_route, Kind::tcp_route, Kind::tls_route})
      for (const auto* route : model_.all(kind)) {
        const auto backends = backend_refs(*route);
        if (std::none_of(backends.begin(), backends.end(), [&](const Reference& one) {
              return one.is_service() && one.name == service_.name &&
                     one.name_space == service_.name_space;
            }))
          continue;
        std::vector<std::string> parents;
        for (const auto& parent : parent_refs(*route))
          parents.push_back(std::string(parent.kind) + ' ' + std::string(parent.name_space) + '/' +
                            std::string(parent.name));
        out_.api_routes.push_back(std::string(route->kind_name) + ' ' + dotted_name(*route) +
                                  " by " + join(parents, ", "));
      }
    std::sort(out_.api_routes.begin(), out_.api_routes.end());
  }

  const Model& model_;
  const Object& service_;
  const std::vector<const Object*>& pods_;
  DestinationRules rules_;
  std::vector<Labels> labels_{};
  DescribedService out_{};
};

}  // namespace

bool DescribedRoute::reaches() const {
  return std::any_of(targets.begin(), targets.end(), [](const auto& one) { return one.reaches; });
}

bool has_ended(const Object& pod) {
  const auto phase = pod.status()["phase"].text();
  return phase == "Succeeded" || phase == "Failed";
}

std::string dotted_name(const Object& object) {
  return std::string(object.name) + '.' + std::string(object.name_space);
}

DescribedService describe_service(const Model& model, const Object& service,
                                  const std::vector<const Object*>& pods) {
  return Describing(model, service, pods).run();
}

std::vector<const Object*> services_of(const Model& model, const Object& pod) {
  const auto labels = labels_of(pod.metadata()["labels"]);
  std::vector<const Object*> out;
  for (const auto* service : model.all(Kind::service))
    if (service->name_space == pod.name_space && selects(service->spec()["selector"], labels))
      out.push_back(service);
  std::sort(out.begin(), out.end(), by_name);
  return out;
}

std::vector<const Object*> pods_behind(const Model& model, const Object& service) {
  std::vector<const Object*> out;
  for (const auto* pod : model.all(Kind::pod))
    if (pod->name_space == service.name_space && !has_ended(*pod) &&
        selects(service.spec()["selector"], labels_of(pod->metadata()["labels"])))
      out.push_back(pod);
  std::sort(out.begin(), out.end(), by_name);
  return out;
}

}  // namespace aksmesh::mesh
