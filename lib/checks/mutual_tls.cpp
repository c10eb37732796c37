// SPDX-License-Identifier: Apache-2.0
#include "checks/mutual_tls.hpp"

#include <algorithm>

#include "istio/host.hpp"
#include "mesh/service_ports.hpp"

namespace aksmesh::checks {
namespace {

/// The settings of a policy or one of its ports; without a mode there are none.
ClientTls read_tls(const Node& settings, const mesh::Labels& subset) {
  const auto tls = settings["tls"];
  ClientTls out{.subset = subset};
  if (!tls.is_mapping()) return out;
  const auto mode = tls["mode"];
  out.mode = mode ? mode.text() : "DISABLE";  // the first of the modes
  out.place = mode ? mode : tls;
  return out;
}

void add_policy(std::vector<ClientTls>& out, const Node& policy, const mesh::Labels& subset) {
  auto general = read_tls(policy, subset);
  for (const auto settings : policy["portLevelSettings"].items()) {
    const auto number = settings.at("port", "number");
    if (const auto port = number.as_int()) general.other_ports.push_back(*port);
    auto own = read_tls(settings, subset);
    own.only_port = number;
    if (!own.mode.empty() && number) out.push_back(std::move(own));
  }
  if (!general.mode.empty()) out.push_back(std::move(general));
}

bool demands(const mesh::MutualTlsSetting& setting, mesh::MutualTls mode) {
  return setting.mode == mode && !setting.contested;
}

}  // namespace

bool shows_no_identity(std::string_view mode) {
  return mode == "DISABLE" || mode == "SIMPLE";
}

bool refuses_plain_text(const Server& server) {
  return server.sidecar == Meshed::yes && demands(server.accepts, mesh::MutualTls::strict);
}

bool may_refuse_plain_text(const Server& server) {
  return server.sidecar == Meshed::unknown && demands(server.accepts, mesh::MutualTls::strict);
}

bool cannot_answer_mutual_tls(const Server& server) {
  return server.sidecar == Meshed::no ||
         (server.sidecar == Meshed::yes && demands(server.accepts, mesh::MutualTls::disable));
}

bool ClientTls::is_for(std::int64_t service_port) const {
  if (only_port) return only_port.as_int() == service_port;
  return std::find(other_ports.begin(), other_ports.end(), service_port) == other_ports.end();
}

std::vector<ClientTls> client_tls(const Object& destination_rule) {
  std::vector<ClientTls> out;
  const auto spec = destination_rule.spec();
  add_policy(out, spec["trafficPolicy"], {});
  for (const auto subset : spec["subsets"].items())
    add_policy(out, subset["trafficPolicy"], mesh::labels_of(subset["labels"]));
  return out;
}

Servers::Servers(const Facts& facts)
    : facts_(facts),
      policies_(facts.all(Kind::peer_authentication), facts.root_namespace()),
      rules_(facts.all(Kind::destination_rule)) {
  for (const auto* service : facts.all(Kind::service)) {
    // Proxies do not reach istiod by the rules that they get from it.
    if (service->name_space == facts.control_plane_namespace()) continue;
    services_[service->name_space].push_back(service);
    services_[{}].push_back(service);
  }
}

const Object* Servers::service_of(const Object& rule) const {
  const auto spec = rule.spec();
  const auto* host = facts_.hosts().resolve(spec["host"].text(), rule.name_space, spec["exportTo"]);
  return host != nullptr && host->is_service() ? host->object : nullptr;
}

const std::vector<const Object*>& Servers::services_under(std::string_view wildcard) const {
  static const std::vector<const Object*> none;
  // `*.<namespace>.svc.cluster.local`, or one of its endings.
  auto rest = wildcard.substr(1);
  if (istio::kServiceSuffix.ends_with(rest))
    rest = {};
  else if (rest.size() > istio::kServiceSuffix.size() && rest.ends_with(istio::kServiceSuffix))
    rest = rest.substr(1, rest.size() - istio::kServiceSuffix.size() - 1);
  else
    return none;
  const auto found = services_.find(rest);
  return found == services_.end() ? none : found->second;
}

std::optional<Server> Servers::behind(const Object& service, const ClientTls& tls,
                                      Question question) const {
  std::optional<Server> found;
  const auto selector = mesh::labels_of(service.spec()["selector"]);
  if (selector.empty()) return found;
  facts_.pods(service.name_space).visit_matching(selector, [&](const auto& item) {
    if (!mesh::carries(item.labels, tls.subset) || is_gateway_pod(*item.object)) return true;
    const auto pod_spec = mesh::pod_parts(*item.object).spec;
    for (const auto service_port : service.spec()["ports"].items()) {
      if (!tls.is_for(service_port["port"].as_int().value_or(0))) continue;
      const auto port = mesh::target_port(service_port, pod_spec);
      if (!port || mesh::bypasses_sidecar(*item.object, *port)) continue;
      const Server server{.pods = item.object,
                          .sidecar = has_sidecar(facts_, *item.object),
                          .accepts = policies_.of_port(service.name_space, item.labels, *port),
                          .port = *port};
      if (question(server)) found = server;
      if (found) return false;
    }
    return true;
  });
  return found;
}

std::optional<Server> Servers::first(const Object& rule, const ClientTls& tls,
                                     Question question) const {
  const auto host = rule.spec()["host"].text();
  if (!istio::is_wildcard(host)) {
    const auto* service = service_of(rule);
    return service == nullptr ? std::nullopt : behind(*service, tls, question);
  }
  if (tls.only_port || !tls.subset.empty() || !tls.other_ports.empty()) return std::nullopt;
  const auto [at, is_new] = known_.try_emplace({question, std::string(host)});
  if (!is_new) return at->second;
  for (const auto* service : services_under(host)) {
    const auto nearer = rules_.covering(istio::fqdn(service->name, service->name_space));
    // The longest host comes first.
    if (nearer.empty() || nearer.front()->host != host) continue;
    at->second = behind(*service, tls, question);
    if (at->second) break;
  }
  return at->second;
}

std::optional<mesh::MutualTlsSetting> Servers::without_pods(const Object& rule) const {
  const auto* service = service_of(rule);
  if (service == nullptr || facts_.covers_pods(service->name_space)) return std::nullopt;
  return policies_.of_namespace(service->name_space);
}

std::string source_text(const mesh::MutualTlsSetting& setting) {
  return setting.source == nullptr ? "no PeerAuthentication"
                                   : "PeerAuthentication " + full_name(*setting.source);
}

}  // namespace aksmesh::checks
