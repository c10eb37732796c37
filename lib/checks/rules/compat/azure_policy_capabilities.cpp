// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string_view>
#include <vector>

#include "checks/check.hpp"
#include "mesh/table.hpp"

namespace aksmesh::checks {
namespace {

/// The capabilities that the init container of the sidecar needs.
const std::vector<std::string_view>& needed() {
  static const auto names = [] {
    std::vector<std::string_view> out;
    for (const auto name :
         mesh::table("thresholds.json").at("redirectionCapabilities", "names").items())
      out.push_back(name.text());
    return out;
  }();
  return names;
}

bool holds(const Node& list, std::string_view text) {
  const auto items = list.items();
  return std::any_of(items.begin(), items.end(),
                     [&](const Node& item) { return item.text() == text; });
}

bool matches_any(const Node& patterns, std::string_view name) {
  const auto items = patterns.items();
  return std::any_of(items.begin(), items.end(),
                     [&](const Node& item) { return wildcard_match(item.text(), name); });
}

using Namespaces = std::vector<const Object*>;

Namespaces meshed_namespaces(const Facts& facts) {
  Namespaces out;
  for (const auto* name_space : facts.all(Kind::name_space))
    if (facts.meshed(name_space->name) == Meshed::yes) out.push_back(name_space);
  return out;
}

void check_pod_security(const Namespaces& meshed, Findings& out) {
  for (const auto* name_space : meshed) {
    const auto standard = name_space->label(kPodSecurityLabel);
    if (standard.text() == "baseline" || standard.text() == "restricted")
      out.add(*name_space, standard,
              "Pod Security standard {standard} of meshed namespace {namespace} refuses pods with "
              "istio-init",
              {{"standard", std::string(standard.text())},
               {"namespace", std::string(name_space->name)}});
  }
}

/// A constraint on allowed capabilities (that of Azure Policy or of Gatekeeper's library) that
/// istio-init does not meet.
bool refuses_init_container(const Object& constraint) {
  if (!constraint.kind_name.ends_with("AllowedCapabilities") &&
      constraint.kind_name != "K8sPSPCapabilities")
    return false;
  const auto parameters = constraint.spec()["parameters"];
  const auto allowed = parameters["allowedCapabilities"];
  const bool allows = std::all_of(needed().begin(), needed().end(),
                                  [&](auto name) { return holds(allowed, name); });
  return !allows && !holds(allowed, "*") &&
         !holds(parameters["excludedContainers"], kRedirectingInitContainer);
}

void check_constraint(const Object& constraint, const Namespaces& meshed, Findings& out) {
  const auto action = constraint.spec()["enforcementAction"];
  if (action && action.text() != "deny") return;
  if (meshed.empty())
    return out.unknown(
        constraint, "it refuses istio-init, and the input has no meshed namespace to compare with");
  const auto match = constraint.spec()["match"];
  const auto reached = std::find_if(meshed.begin(), meshed.end(), [&](const Object* name_space) {
    return (!match["namespaces"] || matches_any(match["namespaces"], name_space->name)) &&
           !matches_any(match["excludedNamespaces"], name_space->name);
  });
  if (reached == meshed.end()) return;
  if (!action)
    return out.unknown(
        constraint,
        "it refuses istio-init, but names no enforcementAction: look at what its policy sets");
  if (match["namespaceSelector"] || match["labelSelector"])
    return out.unknown(constraint,
                       "it refuses istio-init, but chooses by labels: compare its selectors with "
                       "the meshed namespaces");
  out.add(constraint, action,
          "{kind} {name} refuses the capabilities that istio-init needs in meshed namespace "
          "{namespace}",
          {{"kind", std::string(constraint.kind_name)},
           {"name", std::string(constraint.name)},
           {"namespace", std::string((*reached)->name)}});
}

void check_events(const Facts& facts, Findings& out) {
  for (const auto* event : facts.all(Kind::event)) {
    const auto message = event->root["message"] ? event->root["message"] : event->root["note"];
    const auto says = [&](std::string_view words) {
      return message.text().find(words) != std::string_view::npos;
    };
    if (!says("Disallowed capabilities detected")) continue;
    if (says(kRedirectingInitContainer) || std::any_of(needed().begin(), needed().end(), says))
      out.add(*event, message,
              "admission refused a pod in namespace {namespace} for the capabilities that "
              "istio-init needs",
              {{"namespace", std::string(event->name_space)}});
  }
}

void run(const Facts& facts, Findings& out) {
  check_events(facts, out);
  // With Istio CNI no pod has istio-init.
  if (facts.find(Kind::daemon_set, kSystemNamespace, kCniDaemonSet) != nullptr) return;
  const auto meshed = meshed_namespaces(facts);
  check_pod_security(meshed, out);
  for (const auto* constraint : facts.all(Kind::gatekeeper_constraint))
    if (refuses_init_container(*constraint)) check_constraint(*constraint, meshed, out);
}

}  // namespace

extern const Check azure_policy_capabilities;
constinit const Check azure_policy_capabilities{
    .slug = "azure-policy-capabilities",
    .reads = {Kind::event, Kind::daemon_set, Kind::name_space, Kind::gatekeeper_constraint},
    .run = run};

}  // namespace aksmesh::checks
