// SPDX-License-Identifier: Apache-2.0
#include "checks/mtls_view.hpp"

#include <algorithm>
#include <set>

#include "checks/live_pods.hpp"
#include "checks/made_pods.hpp"
#include "istio/host.hpp"
#include "mesh/service_ports.hpp"

namespace aksmesh::checks {
namespace {

bool speaks_only_in_own(const Object& rule) {
  const auto scopes = rule.spec()["exportTo"];
  const auto items = scopes.items();
  return scopes.size() > 0 && std::all_of(items.begin(), items.end(), [&](const Node& scope) {
           return scope.text() == "." || scope.text() == rule.name_space;
         });
}

}  // namespace

std::string_view word_of(TlsFit fit) {
  switch (fit) {
    case TlsFit::encrypted: return "mutual-tls";
    case TlsFit::plain: return "plain-text";
    case TlsFit::other: return "other-tls";
    case TlsFit::refused: return "refused";
    case TlsFit::unanswered: return "unanswered";
    case TlsFit::unknown: break;
  }
  return "unknown";
}

bool is_conflict(TlsFit fit) {
  return fit == TlsFit::refused || fit == TlsFit::unanswered;
}

std::string_view scope_of(const mesh::MutualTlsSetting& setting, std::string_view root_namespace) {
  if (setting.source == nullptr) return "default";
  if (!mesh::selects_workloads(*setting.source))
    return setting.source->name_space == root_namespace ? "mesh" : "namespace";
  const auto ports = setting.source->spec()["portLevelMtls"];
  for (const auto [key, value] : ports.entries())
    if (value["mode"].index() == setting.value.index()) return "port";
  return "workload";
}

MtlsView::MtlsView(const Facts& facts)
    : facts_(facts),
      policies_(facts.all(Kind::peer_authentication), facts.root_namespace()),
      rules_(facts.all(Kind::destination_rule)) {}

WorkloadTls MtlsView::of(const Object& workload) const {
  const auto [metadata, spec] = mesh::pod_parts(workload);
  const auto labels = mesh::labels_of(metadata["labels"]);
  WorkloadTls out{.object = &workload,
                  .sidecar = has_sidecar(facts_, workload),
                  .is_gateway = is_gateway_pod(workload),
                  .accepts = policies_.of_workload(workload.name_space, labels)};
  count_pods(out);
  std::set<std::int64_t> numbers;
  for (const auto port : policies_.own_ports(workload.name_space, labels)) numbers.insert(port);
  for (const auto container : spec["containers"].items())
    if (container["name"].text() != kProxyContainer)
      for (const auto port : container["ports"].items())
        if (const auto number = port["containerPort"].as_int()) numbers.insert(*number);
  const auto services = services_of(workload.name_space, labels);
  for (const auto* service : services)
    for (const auto port : service->spec()["ports"].items())
      if (const auto number = mesh::target_port(port, spec)) numbers.insert(*number);
  for (const auto number : numbers) add_port(out, number, labels);
  for (const auto* service : services) add_callers(out, *service, labels);
  return out;
}

/// Pods that run show better than their template whether they have a sidecar.
void MtlsView::count_pods(WorkloadTls& out) const {
  if (out.object->kind == Kind::pod) return;
  for (const auto* pod : running_pods(facts_, *out.object)) {
    ++out.pods;
    if (!has_proxy_container(*pod)) ++out.without;
  }
  if (out.pods > 0) out.sidecar = out.without == out.pods ? Meshed::no : Meshed::yes;
}

std::vector<const Object*> MtlsView::services_of(std::string_view name_space,
                                                 const mesh::Labels& labels) const {
  std::vector<const Object*> out;
  for (const auto* service : facts_.all(Kind::service)) {
    if (service->name_space != name_space) continue;
    const auto selector = mesh::labels_of(service->spec()["selector"]);
    if (!selector.empty() && mesh::carries(labels, selector)) out.push_back(service);
  }
  std::sort(out.begin(), out.end(),
            [](const Object* a, const Object* b) { return a->name < b->name; });
  return out;
}

void MtlsView::add_port(WorkloadTls& out, std::int64_t number, const mesh::Labels& labels) const {
  const auto own = policies_.own_ports(out.object->name_space, labels);
  out.ports.push_back({.port = number,
                       .is_own = std::find(own.begin(), own.end(), number) != own.end(),
                       .bypasses = mesh::bypasses_sidecar(*out.object, number),
                       .accepts = policies_.of_port(out.object->name_space, labels, number)});
}

void MtlsView::add_callers(WorkloadTls& out, const Object& service,
                           const mesh::Labels& labels) const {
  const auto spec = mesh::pod_parts(*out.object).spec;
  for (const auto service_port : service.spec()["ports"].items()) {
    const auto target = mesh::target_port(service_port, spec);
    const auto number = service_port["port"].as_int();
    if (!target || !number) continue;
    const auto at = std::find_if(out.ports.begin(), out.ports.end(),
                                 [&](const PortTls& port) { return port.port == *target; });
    if (at == out.ports.end()) continue;
    const Server server{.pods = out.object,
                        .sidecar = at->bypasses ? Meshed::no : out.sidecar,
                        .accepts = at->accepts,
                        .port = *target};
    for (auto& one : callers(service, *number, server, labels))
      at->callers.push_back(std::move(one));
  }
}

/// A caller takes the rule of its own namespace, else that of the Service's, else that of the root
/// namespace; within one namespace that of the longest host.
std::vector<CallerTls> MtlsView::callers(const Object& service, std::int64_t port,
                                         const Server& server, const mesh::Labels& labels) const {
  std::vector<CallerTls> out;
  std::set<std::string_view> seen;
  bool of_all = false;
  const auto host = istio::fqdn(service.name, service.name_space);
  for (const auto* group : rules_.covering(host)) {
    if (!seen.insert(group->name_space).second) continue;  // the longest host comes first
    const bool at_home =
        group->name_space == service.name_space || group->name_space == facts_.root_namespace();
    for (const auto* rule : group->rules) {
      const bool alone = !at_home || speaks_only_in_own(*rule);
      for (const auto& tls : client_tls(*rule)) {
        if (!tls.is_for(port) || !mesh::carries(labels, tls.subset)) continue;
        of_all = of_all || (!alone && tls.subset.empty());
        out.push_back({.service = &service,
                       .service_port = port,
                       .mode = tls.mode,
                       .rule = rule,
                       .callers_in = alone ? rule->name_space : std::string_view(),
                       .subset = mesh::selector_text(tls.subset),
                       .fit = fit(tls.mode, server)});
      }
    }
  }
  if (!of_all)
    out.insert(out.begin(), {.service = &service, .service_port = port, .fit = fit({}, server)});
  return out;
}

TlsFit MtlsView::fit(std::string_view mode, const Server& server) const {
  if (server.sidecar == Meshed::unknown || server.accepts.contested) return TlsFit::unknown;
  const bool speaks = !cannot_answer_mutual_tls(server);
  // Without a rule proxies send what the workload understands.
  if (mode.empty() && facts_.settings().auto_mutual_tls)
    return speaks ? TlsFit::encrypted : TlsFit::plain;
  if (mode == "ISTIO_MUTUAL") return speaks ? TlsFit::encrypted : TlsFit::unanswered;
  if (mode == "MUTUAL") return TlsFit::other;
  if (refuses_plain_text(server)) return TlsFit::refused;
  return mode == "SIMPLE" ? TlsFit::other : TlsFit::plain;
}

}  // namespace aksmesh::checks
