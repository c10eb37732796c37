// SPDX-License-Identifier: Apache-2.0
#include "checks/check.hpp"
#include "checks/proxies.hpp"
#include "checks/sidecars.hpp"
#include "istio/host.hpp"

namespace aksmesh::checks {
namespace {

/// Whether a proxy runs in the namespace. Of a namespace without workloads only the input of a
/// whole cluster tells, one that holds istiod.
Meshed has_proxies(const Facts& facts, std::string_view name_space) {
  const auto* object = facts.find(Kind::name_space, {}, name_space);
  // The gateways of the add-on and those made for Gateways are seldom part of the input.
  if (object == nullptr || is_addon_namespace(name_space) ||
      (!facts.is_upstream() && facts.covers(Kind::kube_gateway, name_space)))
    return Meshed::yes;
  const bool meshed = facts.is_upstream() ? object->label(kInjectionLabel).text() == "enabled"
                                          : facts.meshed(name_space) == Meshed::yes;
  if (meshed || object->label(kRevisionLabel)) return Meshed::yes;
  for (const auto& item : facts.pods(name_space).items())
    if (is_gateway_pod(*item.object) || has_sidecar(facts, *item.object) == Meshed::yes)
      return Meshed::yes;
  const bool sure =
      facts.covers_pods(name_space) || facts.covers_pods(facts.control_plane_namespace());
  return sure ? Meshed::no : Meshed::unknown;
}

void run(const Facts& facts, Findings& out) {
  const auto root = facts.root_namespace();
  for (const auto* rule : facts.all(Kind::destination_rule)) {
    const auto host = rule->spec()["host"];
    const auto* entry =
        istio::is_wildcard(host.text())
            ? nullptr
            : facts.hosts().resolve(host.text(), rule->name_space, rule->spec()["exportTo"]);
    if (entry == nullptr || rule->name_space == root ||
        rule->name_space == entry->object->name_space)
      continue;
    const auto proxies = has_proxies(facts, rule->name_space);
    if (proxies == Meshed::unknown)
      out.unknown(*rule, "proxies use it only if some run in namespace " +
                             std::string(rule->name_space) +
                             ", which is not labelled istio.io/rev; gateways there would");
    if (proxies != Meshed::no) continue;
    out.add(*rule, host,
            "no proxy uses this rule: none runs in namespace {namespace}, and others look for the "
            "rules of {host} in {own} and {root} only",
            {{"namespace", std::string(rule->name_space)},
             {"host", std::string(host.text())},
             {"own", std::string(entry->object->name_space)},
             {"root", std::string(root)}});
  }
}

}  // namespace

extern const Check destination_rule_out_of_reach;
constinit const Check destination_rule_out_of_reach{
    .slug = "destination-rule-out-of-reach",
    .reads = kPodKinds | kHostKinds | kMeshConfigKinds |
             KindSet{Kind::destination_rule, Kind::name_space, Kind::kube_gateway},
    .run = run};

}  // namespace aksmesh::checks
