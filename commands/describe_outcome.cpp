// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/printable.hpp"
#include "base/strings.hpp"
#include "describe_text.hpp"
#include "description.hpp"

namespace aksmesh::commands {
namespace {

using Json = nlohmann::ordered_json;
using mesh::Object;

std::string clean(std::string_view text) {
  return to_valid_utf8(text);
}

Json named(const Object& object) {
  return {{"namespace", clean(object.name_space)}, {"name", clean(object.name)}};
}

Json texts(const std::vector<std::string>& list) {
  Json out = Json::array();
  for (const auto& one : list) out.push_back(clean(one));
  return out;
}

std::string_view word_of(DescribedPod::Proxy proxy) {
  switch (proxy) {
    case DescribedPod::Proxy::sidecar: return "sidecar";
    case DescribedPod::Proxy::native: return "native-sidecar";
    case DescribedPod::Proxy::none: break;
  }
  return "none";
}

Json json_of(const DescribedPod& pod) {
  auto out = named(*pod.object);
  if (!pod.phase.empty()) out["phase"] = clean(pod.phase);
  if (!pod.revision.empty()) out["revision"] = clean(pod.revision);
  out["proxy"] = word_of(pod.proxy);
  out["ports"] = Json::array();
  for (const auto& port : pod.ports)
    out["ports"].push_back({{"port", port.number},
                            {"protocol", clean(port.protocol)},
                            {"container", clean(port.container)}});
  out["warnings"] = texts(pod.warnings);
  return out;
}

void add_policy(const mesh::TrafficPolicy& policy, Json& out) {
  if (!policy.tls_mode.empty()) out["tlsMode"] = clean(policy.tls_mode);
  out["settings"] = texts(policy.parts);
}

/// What a proxy that was asked has of an object.
void add_mark(const Description& all, const Object& object, Json& out) {
  if (all.missing.contains(marked_name(object))) out["inProxy"] = false;
}

Json json_of(const Description& all, const mesh::DescribedRule& rule) {
  auto out = named(*rule.object);
  out["host"] = clean(rule.host);
  out["forOwnClients"] = rule.for_own_clients;
  out["matchingSubsets"] = texts(rule.matching);
  out["otherSubsets"] = texts(rule.others);
  add_policy(rule.policy, out);
  out["ports"] = Json::array();
  for (const auto& [port, policy] : rule.ports) {
    Json one{{"port", port}};
    add_policy(policy, one);
    out["ports"].push_back(std::move(one));
  }
  add_mark(all, *rule.object, out);
  return out;
}

Json json_of(const mesh::RouteTarget& target) {
  Json out{{"host", clean(target.host)}};
  if (!target.subset.empty()) out["subset"] = clean(target.subset);
  if (target.port) out["port"] = *target.port;
  out["weight"] = target.weight;
  out["reaches"] = target.reaches;
  if (!target.why.empty()) out["why"] = clean(target.why);
  return out;
}

Json json_of(const Description& all, const mesh::DescribedRoutes& routes) {
  auto out = named(*routes.object);
  out["sidecars"] = routes.for_sidecars;
  out["gateways"] = texts(routes.gateways);
  out["routes"] = Json::array();
  for (const auto& route : routes.routes) {
    Json one{{"family", route.family}};
    if (!route.match.empty()) one["match"] = clean(route.match);
    one["facts"] = texts(route.facts);
    one["targets"] = Json::array();
    for (const auto& target : route.targets) one["targets"].push_back(json_of(target));
    out["routes"].push_back(std::move(one));
  }
  out["elsewhere"] = routes.elsewhere;
  add_mark(all, *routes.object, out);
  return out;
}

Json json_of(const mesh::DescribedGateway& gateway) {
  const auto slash = gateway.name.find('/');
  Json out{{"namespace", clean(gateway.name.substr(0, slash))},
           {"name", clean(gateway.name.substr(slash + 1))},
           {"exists", gateway.object != nullptr},
           {"virtualServices", texts(gateway.routes)},
           {"urls", texts(gateway.urls)},
           {"pods", Json::array()}};
  for (const auto* pod : gateway.pods) out["pods"].push_back(named(*pod));
  return out;
}

Json json_of(const Description& all, const mesh::DescribedService& service) {
  auto out = named(*service.object);
  out["host"] = clean(service.host);
  if (!service.external_name.empty()) out["externalName"] = clean(service.external_name);
  if (service.is_headless) out["headless"] = true;
  out["warnings"] = texts(service.warnings);
  out["ports"] = Json::array();
  for (const auto& port : service.ports) {
    Json one;
    if (!port.name.empty()) one["name"] = clean(port.name);
    one["port"] = port.number;
    one["protocol"] = clean(port.protocol);
    if (port.target) one["targetPort"] = *port.target;
    out["ports"].push_back(std::move(one));
  }
  out["destinationRules"] = Json::array();
  for (const auto& rule : service.rules) out["destinationRules"].push_back(json_of(all, rule));
  out["virtualServices"] = Json::array();
  for (const auto& routes : service.routes) out["virtualServices"].push_back(json_of(all, routes));
  out["gateways"] = Json::array();
  for (const auto& gateway : service.gateways) out["gateways"].push_back(json_of(gateway));
  out["gatewayApiRoutes"] = texts(service.api_routes);
  return out;
}

Json json_of(const mesh::MutualTlsSetting& setting) {
  Json out{{"mode", mesh::mutual_tls_name(setting.mode)}};
  if (setting.source != nullptr) out["source"] = named(*setting.source);
  return out;
}

Json mutual_tls_of(const mesh::PodPolicies& policies) {
  auto out = json_of(policies.mutual_tls);
  out["ports"] = Json::array();
  for (const auto& [port, setting] : policies.ports) {
    Json one{{"port", port}};
    one.update(json_of(setting));
    out["ports"].push_back(std::move(one));
  }
  out["applied"] = Json::array();
  for (const auto* one : policies.peer_authentications) out["applied"].push_back(named(*one));
  return out;
}

Json policies_of(const Description& all) {
  Json out = Json::array();
  for (const auto& one : all.policies->others) {
    Json row{{"kind", clean(one.object->kind_name)}};
    row.update(named(*one.object));
    row["scope"] = mesh::word_of(one.scope);
    if (!one.note.empty()) row["note"] = one.note;
    add_mark(all, *one.object, row);
    out.push_back(std::move(row));
  }
  return out;
}

Json json_of(const envoy::AccessFilter& filter) {
  Json out;
  if (filter.port) out["port"] = *filter.port;
  out["protocol"] = filter.is_http ? "http" : "tcp";
  out["action"] = clean(filter.action);
  out["dryRun"] = filter.is_dry_run;
  out["policies"] = texts(filter.policies);
  return out;
}

class DescriptionOutcome final : public Outcome {
 public:
  explicit DescriptionOutcome(Description description) : all_(std::move(description)) {
    if (!all_.lost.empty() || !all_.model->manifests().unavailable.empty())
      verdict = Verdict::could_not_look;
    if (!all_.not_asked.empty()) notes.push_back("no proxy was asked: " + all_.not_asked);
    if (all_.policies && all_.pods.size() > 1)
      notes.push_back("policies and mutual TLS are those of pod " + all_.policies_of + ", one of " +
                      plural(all_.pods.size(), "pod"));
  }

  [[nodiscard]] std::string text(const report::Style& style) const override {
    return describe_text(all_, style);
  }

  [[nodiscard]] Json document() const override {
    Json out{{"schema", "aksmesh/describe/v1"}};
    if (!all_.place.empty()) out["place"] = clean(all_.place);
    out["subject"] = {{"kind", clean(all_.subject->kind_name)}};
    out["subject"].update(named(*all_.subject));
    out["pods"] = Json::array();
    for (const auto& pod : all_.pods) out["pods"].push_back(json_of(pod));
    out["services"] = Json::array();
    for (const auto& service : all_.services) out["services"].push_back(json_of(all_, service));
    if (all_.policies) {
      out["policiesOf"] = clean(all_.policies_of);
      out["mutualTls"] = mutual_tls_of(*all_.policies);
      out["policies"] = policies_of(all_);
    }
    if (!all_.proxy.empty()) {
      out["proxy"] = clean(all_.proxy);
      out["accessFilters"] = Json::array();
      for (const auto& filter : all_.filters) out["accessFilters"].push_back(json_of(filter));
      out["staleInProxy"] = Json::array();
      for (const auto& one : all_.stale) out["staleInProxy"].push_back(clean(one));
    }
    if (!all_.not_asked.empty()) out["notAsked"] = all_.not_asked;
    out["complete"] = verdict == Verdict::done;
    out["unavailable"] = Json::array();
    for (const auto& one : all_.model->manifests().unavailable)
      out["unavailable"].push_back({{"what", clean(one.what)}, {"why", clean(one.why)}});
    for (const auto& one : all_.lost)
      out["unavailable"].push_back({{"what", clean(one.what)}, {"why", clean(one.reason())}});
    return out;
  }

 private:
  Description all_;
};

}  // namespace

OutcomePtr description_outcome(Description description) {
  return std::make_unique<DescriptionOutcome>(std::move(description));
}

}  // namespace aksmesh::commands
