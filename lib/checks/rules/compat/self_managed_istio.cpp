// SPDX-License-Identifier: Apache-2.0
#include <unordered_set>

#include "checks/injection.hpp"
#include "checks/live_pods.hpp"

namespace aksmesh::checks {
namespace {

void check_control_planes(const Facts& facts, Findings& out) {
  for (const auto* deployment : facts.all(Kind::deployment))
    if (deployment->name_space != kSystemNamespace && deployment->label("app").text() == kIstiod)
      out.add(*deployment,
              "Deployment {namespace}/{name} is an istiod that the add-on does not manage",
              {{"namespace", std::string(deployment->name_space)},
               {"name", std::string(deployment->name)}});
  for (const auto* name_space : facts.all(Kind::name_space))
    if (name_space->name == kUpstreamNamespace)
      out.add(*name_space,
              "namespace {namespace} belongs to an Istio that the add-on does not manage",
              {{"namespace", std::string(name_space->name)}});
}

void check_injectors(const Facts& facts, Findings& out) {
  for (const auto* configuration : facts.all(Kind::mutating_webhook_configuration)) {
    if (configuration->label("app").text() != kInjectorApp) continue;
    bool calls_addon = false;
    bool calls_url = false;
    Node foreign;
    for (const auto& webhook : configuration->root["webhooks"].items()) {
      const auto service = webhook.at("clientConfig", "service", "namespace");
      calls_addon = calls_addon || service.text() == kSystemNamespace;
      calls_url = calls_url || webhook.at("clientConfig", "url");
      if (!foreign) foreign = service;
    }
    if (calls_addon) continue;
    if (foreign)
      out.add(
          *configuration,
          "webhook configuration {name} injects sidecars of a control plane in namespace "
          "{namespace}",
          {{"name", std::string(configuration->name)}, {"namespace", std::string(foreign.text())}});
    else if (calls_url && !configuration->name.ends_with(kSystemSuffix))
      out.unknown(*configuration,
                  "its webhooks call URLs only, which do not tell whose control plane answers; a "
                  "clientConfig.service would");
  }
}

/// The image without digest and tag.
std::string_view repository_of(std::string_view image) {
  image = image.substr(0, image.find('@'));
  const auto tag = image.rfind(':');
  const auto slash = image.rfind('/');
  const bool tagged =
      tag != std::string_view::npos && (slash == std::string_view::npos || tag > slash);
  return tagged ? image.substr(0, tag) : image;
}

/// The repositories that the add-on's injectors of the input take the proxy from.
std::unordered_set<std::string> injector_repositories(const Facts& facts) {
  std::unordered_set<std::string> out;
  for (const auto* config : facts.all(Kind::config_map)) {
    if (config->name_space != kSystemNamespace ||
        !config->name.starts_with(kInjectorConfigMapPrefix))
      continue;
    const auto values = config->root.at("data", "values");
    if (!values.is_string()) continue;
    const auto& read = facts.embedded(*config, values);
    if (read.tree->document_count() == 0) continue;
    const auto global = read.tree->document(0)["global"];
    out.insert(std::string(global["hub"].text()) + '/' +
               std::string(global.at("proxy", "image").text()));
  }
  return out;
}

void check_proxies(const Facts& facts, Findings& out) {
  const auto known = injector_repositories(facts);
  visit_pods_and_templates(facts, [&](const Workload& workload) {
    const auto image = find_container(workload.pod_spec, kProxyContainer)["image"];
    if (!image || image.text() == "auto" || workload.annotation(kProxyImageAnnotation)) return;
    const auto repository = repository_of(image.text());
    if (repository.ends_with(kProxyRepositoryPath) || known.contains(std::string(repository)))
      return;
    out.add(
        *workload.object, image,
        "{kind} {name} runs istio-proxy from {repository}, which is not the proxy of the add-on",
        {{"kind", std::string(workload.object->kind_name)},
         {"name", std::string(workload.object->name)},
         {"repository", std::string(repository)}});
  });
}

void run(const Facts& facts, Findings& out) {
  check_control_planes(facts, out);
  check_injectors(facts, out);
  check_proxies(facts, out);
}

}  // namespace

extern const Check self_managed_istio;
constinit const Check self_managed_istio{
    .slug = "self-managed-istio",
    .reads = kPodKinds |
             KindSet{Kind::name_space, Kind::mutating_webhook_configuration, Kind::config_map},
    .run = run};

}  // namespace aksmesh::checks
