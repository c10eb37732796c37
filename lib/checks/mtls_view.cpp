// SPDX-License-Identifier: Apache-2.0
#include "checks/mtls_view.hpp"

#include <algorithm>
#include <set>

#include "checks/live_pods.hpp"
#include "checks/made_pods.hpp"
#include "istio/host.hpp"
#include "mesh/mesh_settings.hpp"
#include "mesh/service_ports.hpp"
#include "mesh/unread.hpp"

namespace aksmesh::checks {
namespace {

/// The exportTo that counts: with a workloadSelector a rule is for its own namespace, whatever it
/// says.
std::set<std::string_view> scopes_of(const Object& rule) {
  const auto spec = rule.spec();
  if (spec["workloadSelector"]) return {"."};
  std::set<std::string_view> out;
  for (const auto scope : spec["exportTo"].items()) out.insert(scope.text());
  return out;
}

/// Whether callers beside it have the rule.
bool is_local(const Object& rule) {
  const auto scopes = scopes_of(rule);
  return scopes.empty() || scopes.contains("*") || scopes.contains(".") ||
         scopes.contains(rule.name_space);
}

/// Whether only they have it.
bool is_private(const Object& rule, bool by_default) {
  const auto scopes = scopes_of(rule);
  if (scopes.empty()) return by_default;
  return scopes.size() == 1 && (scopes.contains(".") || scopes.contains(rule.name_space));
}

/// Of the default of the mesh istiod minds these two words alone.
bool are_private_by_default(const mesh::Model& model) {
  bool out = false;
  for (const auto* config : mesh::counting_mesh_configs(model))
    if (const auto scopes = mesh::mesh_config_field(config->root, "defaultDestinationRuleExportTo",
                                                    "default_destination_rule_export_to");
        scopes)
      for (const auto scope : scopes.items()) out = scope.text() == ".";
  return out;
}

/// Of several for one host istiod merges the later ones into the oldest.
std::vector<const Object*> by_age(std::vector<const Object*> rules) {
  const auto key = [](const Object* rule) {
    return std::pair(rule->metadata()["creationTimestamp"].text(), rule->name);
  };
  std::stable_sort(rules.begin(), rules.end(),
                   [&](const Object* a, const Object* b) { return key(a) < key(b); });
  return rules;
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

MtlsView::MtlsView(const Facts& facts, const mesh::Model& model)
    : facts_(facts),
      model_(model),
      policies_(facts.all(Kind::peer_authentication), facts.root_namespace()),
      rules_(facts.all(Kind::destination_rule)),
      rules_are_private_(are_private_by_default(model)) {}

/// Whether policies of the namespace or of the whole mesh may be missing.
bool MtlsView::may_lack_policies(std::string_view name_space) const {
  return mesh::may_lack(model_, Kind::peer_authentication, name_space) ||
         mesh::may_lack(model_, Kind::peer_authentication, facts_.root_namespace());
}

WorkloadTls MtlsView::of(const Object& workload) const {
  const auto [metadata, spec] = mesh::pod_parts(workload);
  const auto labels = mesh::labels_of(metadata["labels"]);
  WorkloadTls out{.object = &workload,
                  .sidecar = has_sidecar(facts_, workload),
                  .is_gateway = is_gateway_pod(workload),
                  .is_known = !may_lack_policies(workload.name_space),
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
  // What a gateway takes on its ports its servers say, whoever calls.
  if (out.is_gateway) return out;
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
    Server server{.pods = out.object,
                  .sidecar = at->bypasses ? Meshed::no : out.sidecar,
                  .accepts = at->accepts,
                  .port = *target};
    // What is not known of either side leaves nothing known of both.
    if (!out.is_known) server.accepts.contested = true;
    for (auto& one : callers(service, *number, server, labels)) {
      // Rules of a caller's own namespace come first: everybody's are in all namespaces.
      if (one.rule == nullptr && mesh::may_lack(model_, Kind::destination_rule, one.callers_in))
        one.fit = TlsFit::unknown;
      at->callers.push_back(std::move(one));
    }
  }
}

/// Whether istiod has the rule among those for callers beside it. Those in the root namespace
/// look among the exported ones last, as everybody does.
bool MtlsView::is_for_own(const Object& rule) const {
  return rule.name_space == facts_.root_namespace() ? is_private(rule, rules_are_private_)
                                                    : is_local(rule);
}

/// Whether istiod has it among those for others, also when it names nobody who is there.
bool MtlsView::is_exported(const Object& rule) const {
  return !is_private(rule, rules_are_private_);
}

/// Of each namespace the groups that are the nearest ones to the host, which may be two: one among
/// the rules for callers beside them, one among those for others. The root namespace comes last.
std::vector<MtlsView::Nearest> MtlsView::nearest(const Object& service) const {
  std::vector<Nearest> out;
  for (const auto* group : rules_.covering(istio::fqdn(service.name, service.name_space))) {
    const auto has = [&](bool (MtlsView::*is_for)(const Object&) const) {
      return std::any_of(group->rules.begin(), group->rules.end(),
                         [&](const Object* rule) { return (this->*is_for)(*rule); });
    };
    const bool is_own = has(&MtlsView::is_for_own);
    // Those of other namespaces nobody elsewhere looks at.
    const bool is_looked_at =
        group->name_space == service.name_space || group->name_space == facts_.root_namespace();
    const bool is_others = is_looked_at && has(&MtlsView::is_exported);
    if (!is_own && !is_others) continue;
    auto at = std::find_if(out.begin(), out.end(),
                           [&](const Nearest& one) { return one.name_space == group->name_space; });
    if (at == out.end()) at = out.insert(out.end(), {.name_space = group->name_space});
    if (is_own && at->own == nullptr) at->own = group;
    if (is_others && at->exported == nullptr) at->exported = group;
  }
  std::stable_partition(out.begin(), out.end(), [&](const Nearest& one) {
    return one.name_space != facts_.root_namespace();
  });
  return out;
}

/// A caller takes the rule of its own namespace, else that of the Service's, else that of the root
/// namespace; within one namespace that of the longest host.
std::vector<CallerTls> MtlsView::callers(const Object& service, std::int64_t port,
                                         const Server& server, const mesh::Labels& labels) const {
  CallersOfPort out{.service = &service, .port = port};
  const auto is_one = [&](const Nearest& each) {
    return each.own != nullptr && each.own == each.exported &&
           each.name_space != facts_.root_namespace();
  };
  const auto all = nearest(service);
  for (const auto& each : all)
    if (each.own != nullptr && !is_one(each)) out.decided.insert(each.name_space);
  bool is_answered = false;
  for (const auto& each : all) {
    if (is_one(each)) {
      is_answered = add_rules(out, *each.own, Reach::all, server, labels) || is_answered;
      continue;
    }
    if (each.own != nullptr) add_rules(out, *each.own, Reach::own, server, labels);
    if (each.exported != nullptr && !is_answered)
      is_answered = add_rules(out, *each.exported, Reach::others, server, labels);
  }
  if (out.of_all)
    out.all.insert(out.all.end(), out.left_to_itself.begin(), out.left_to_itself.end());
  else
    out.all.insert(out.all.begin(),
                   {.service = &service, .service_port = port, .fit = fit({}, server)});
  return std::move(out.all);
}

MtlsView::Audience MtlsView::audience_of(const Object& rule, Reach reach,
                                         const CallersOfPort& known) const {
  Audience out;
  out.workloads = mesh::labels_of(rule.spec().at("workloadSelector", "matchLabels"));
  if (reach == Reach::own) {
    if (is_for_own(rule)) out.namespaces.insert(rule.name_space);
    return out;
  }
  const bool exported = is_exported(rule);
  if (reach == Reach::others && !exported) return out;
  const auto scopes = scopes_of(rule);
  out.everybody = exported && (scopes.empty() || scopes.contains("*"));
  if (out.everybody) return out;
  if (reach == Reach::all && is_local(rule)) out.namespaces.insert(rule.name_space);
  for (const auto scope : scopes)
    if (scope != "." && scope != "~" && !known.decided.contains(scope))
      out.namespaces.insert(scope);
  return out;
}

/// Adds what the rules of one namespace say; whether one of them is for everybody.
bool MtlsView::add_rules(CallersOfPort& out, const mesh::HostRules& group, Reach reach,
                         const Server& server, const mesh::Labels& labels) const {
  bool everybody = false;
  std::set<std::string_view> reached;
  std::set<std::string_view> told;  // what all callers there send
  std::set<std::pair<std::set<std::string_view>, mesh::Labels>> with_policy;
  for (const auto* rule : by_age(group.rules)) {
    const auto audience = audience_of(*rule, reach, out);
    everybody = everybody || audience.everybody;
    reached.insert(audience.namespaces.begin(), audience.namespaces.end());
    const bool alone = !audience.everybody;
    const auto places = alone ? audience.namespaces : std::set<std::string_view>{{}};
    if (places.empty()) continue;
    // The first policy of an audience counts; subsets of all do.
    const bool is_first =
        !with_policy.contains({places, audience.workloads}) && rule->spec()["trafficPolicy"];
    if (is_first) with_policy.insert({places, audience.workloads});
    for (const auto& tls : client_tls(*rule)) {
      if (!tls.is_for(out.port) || !mesh::carries(labels, tls.subset)) continue;
      if (tls.subset.empty() && !is_first) continue;
      out.of_all = out.of_all || (!alone && tls.subset.empty());
      for (const auto place : places) {
        if (audience.workloads.empty()) told.insert(place);
        out.all.push_back({.service = out.service,
                           .service_port = out.port,
                           .mode = tls.mode,
                           .rule = rule,
                           .callers_in = place,
                           .callers_with = mesh::selector_text(audience.workloads),
                           .subset = mesh::selector_text(tls.subset),
                           .fit = fit(tls.mode, server)});
      }
    }
  }
  out.decided.insert(reached.begin(), reached.end());
  if (everybody) return true;
  for (const auto place : reached)
    if (!told.contains(place))
      out.left_to_itself.push_back({.service = out.service,
                                    .service_port = out.port,
                                    .callers_in = place,
                                    .fit = fit({}, server)});
  return false;
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
