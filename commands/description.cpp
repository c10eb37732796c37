// SPDX-License-Identifier: Apache-2.0
#include "description.hpp"

#include <algorithm>
#include <array>

#include "base/strings.hpp"
#include "checks/live_pods.hpp"
#include "data/reader.hpp"
#include "mesh/authorization.hpp"
#include "mesh/names.hpp"
#include "mesh/virtual_service.hpp"

namespace aksmesh::commands {
namespace {

using mesh::Kind;
using mesh::Object;

// https://istio.io/latest/docs/ops/deployment/application-requirements/ reserves the user and
// names the labels (2026-11).
constexpr std::int64_t kProxyUser = 1337;
constexpr std::array<std::string_view, 3> kNameLabels{"service.istio.io/canonical-name",
                                                      "app.kubernetes.io/name", "app"};
constexpr std::array<std::string_view, 3> kVersionLabels{"service.istio.io/canonical-revision",
                                                         "app.kubernetes.io/version", "version"};

template <class Keys>
bool has_any(const Object& pod, const Keys& keys) {
  return std::any_of(keys.begin(), keys.end(),
                     [&](const auto key) { return static_cast<bool>(pod.label(key)); });
}

std::string revision_of(const Object& pod) {
  if (const auto revision = pod.annotation(mesh::names::kRevisionLabel))
    return std::string(revision.text());
  if (const auto status = pod.annotation(mesh::names::kProxyStatusAnnotation)) {
    const auto read = data::read_answer(std::string(status.text()));
    if (const auto revision = read.only_document()["revision"]) return std::string(revision.text());
  }
  return std::string(pod.label(mesh::names::kRevisionLabel).text());
}

void add_container(const data::Node& container, DescribedPod& out) {
  const auto name = container["name"].text();
  for (const auto port : container["ports"].items())
    if (const auto number = port["containerPort"].as_int())
      out.ports.push_back({.number = *number,
                           .protocol = std::string(
                               port["protocol"].text().empty() ? "TCP" : port["protocol"].text()),
                           .container = std::string(name)});
  if (name != mesh::names::kProxyContainer &&
      container.at("securityContext", "runAsUser").as_int() == kProxyUser)
    out.warnings.push_back("container " + std::string(name) +
                           " runs as user 1337, which is reserved for the sidecar");
}

void add_readiness(const data::Node& status, DescribedPod& out) {
  for (const auto container : status.items()) {
    const bool ready = container["ready"].as_bool().value_or(true);
    const bool is_done = container.at("state", "terminated", "reason").text() == "Completed";
    if (!ready && !is_done)
      out.warnings.push_back("container " + std::string(container["name"].text()) +
                             " is not ready");
  }
}

/// Rules that name nothing leave nothing by that name in a proxy.
bool has_rules(const Object& policy) {
  return policy.spec()["rules"].size() > 0;
}

using Names = envoy::HeldObjects::Names;

/// What a proxy holds for one host against what counts for it.
class Comparison {
 public:
  Comparison(const envoy::HeldObjects& held, Description& out) : held_(held), out_(out) {}

  void run() {
    for (const auto& service : out_.services) {
      compare_rules(service);
      compare_routes(service);
    }
    if (out_.policies && out_.knows_filters) compare_policies();
  }

 private:
  static std::string full(std::string_view kind, const std::string& name) {
    return std::string(kind) + ' ' + name;
  }

  void mark_stale(Kind kind, const Names& names) {
    if (!out_.model->manifests().whole.has(kind)) return;
    for (const auto& name : names) {
      const auto dot = name.rfind('.');
      if (dot == std::string::npos) continue;
      if (out_.model->find(kind, name.substr(dot + 1), name.substr(0, dot)) == nullptr)
        out_.stale.insert(full(kube::kind_name(kind), name));
    }
  }

  void compare_rules(const mesh::DescribedService& service) {
    const auto at = held_.rules().find(service.host);
    if (at == held_.rules().end()) return;
    mark_stale(Kind::destination_rule, at->second);
    std::vector<const Object*> wanted;
    for (const auto& rule : service.rules)
      if (!rule.for_own_clients && !rule.object->spec()["workloadSelector"])
        wanted.push_back(rule.object);
    // Of rules that were merged istiod notes one.
    if (std::any_of(wanted.begin(), wanted.end(), [&](const Object* one) {
          return at->second.contains(mesh::dotted_name(*one));
        }))
      return;
    for (const auto* one : wanted) out_.missing.insert(marked_name(*one));
  }

  void compare_routes(const mesh::DescribedService& service) {
    const auto at = held_.routes().find(service.host);
    if (at == held_.routes().end()) return;
    mark_stale(Kind::virtual_service, at->second);
    for (const auto& routes : service.routes) {
      const auto& object = *routes.object;
      const bool is_http = std::any_of(routes.routes.begin(), routes.routes.end(),
                                       [](const auto& one) { return one.family == "http"; });
      if (!routes.for_sidecars || !is_http || !routes.names_host ||
          !mesh::is_exported_to(object, service.object->name_space))
        continue;
      if (!at->second.contains(mesh::dotted_name(object))) out_.missing.insert(marked_name(object));
    }
  }

  void compare_policies() {
    Names held;
    for (const auto& filter : out_.filters)
      held.insert(filter.policies.begin(), filter.policies.end());
    mark_stale(Kind::authorization_policy, held);
    for (const auto& one : out_.policies->others)
      if (one.object->kind == Kind::authorization_policy && has_rules(*one.object) &&
          !held.contains(mesh::dotted_name(*one.object)))
        out_.missing.insert(marked_name(*one.object));
  }

  const envoy::HeldObjects& held_;
  Description& out_;
};

}  // namespace

std::string marked_name(const Object& object) {
  return std::string(object.kind_name) + ' ' + mesh::dotted_name(object);
}

DescribedPod describe_pod(const Object& pod) {
  using Proxy = DescribedPod::Proxy;
  DescribedPod out{.object = &pod,
                   .phase = std::string(pod.status()["phase"].text()),
                   .revision = revision_of(pod)};
  const auto proxy = mesh::names::kProxyContainer;
  if (checks::item_named(pod.spec()["containers"], proxy))
    out.proxy = Proxy::sidecar;
  else if (checks::item_named(pod.spec()["initContainers"], proxy))
    out.proxy = Proxy::native;
  for (const auto* list : {"containers", "initContainers"})
    for (const auto container : pod.spec()[list].items()) add_container(container, out);
  if (pod.spec().at("securityContext", "runAsUser").as_int() == kProxyUser)
    out.warnings.emplace_back("the pod runs as user 1337, which is reserved for the sidecar");
  if (out.phase == "Running")
    for (const auto* list : {"containerStatuses", "initContainerStatuses"})
      add_readiness(pod.status()[list], out);
  if (out.proxy != Proxy::none && !has_any(pod, kNameLabels))
    out.warnings.emplace_back("no label app tells telemetry what it is");
  if (out.proxy != Proxy::none && !has_any(pod, kVersionLabels))
    out.warnings.emplace_back("no label version tells telemetry which version it is");
  return out;
}

void compare(const envoy::HeldObjects& held, Description& out) {
  out.filters = held.filters();
  Comparison(held, out).run();
}

}  // namespace aksmesh::commands
