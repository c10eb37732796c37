// SPDX-License-Identifier: Apache-2.0
// What istiod decides when a webhook has brought a pod before it.
#include "mesh/injection_parts.hpp"
#include "mesh/names.hpp"
#include "mesh/table.hpp"

namespace aksmesh::mesh {
namespace {

using namespace names;
using namespace injection;
using Verdict = InjectionVerdict;
using Cause = InjectionCause;

/// Any of several LabelSelectors; an empty one counts for nothing, as istiod takes it.
bool any_matches(const data::Node& selectors, const NewPod& pod) {
  for (const auto selector : selectors.items())
    if (selector.size() > 0 && match_labels(selector, pod_labels(pod)) == LabelMatch::yes)
      return true;
  return false;
}

bool is_ignored(std::string_view name_space) {
  static const auto ignored = table("injection.json")["ignoredNamespaces"];
  for (const auto item : ignored.items())
    if (item.text() == name_space) return true;
  return false;
}

}  // namespace

/// What the ConfigMap of an injector says.
struct Injectors::Settings {
  std::string config_map{};
  bool seen = false;
  std::string_view policy{};
  data::Node never{};
  data::Node always{};
};

Injectors::Settings Injectors::settings_of(const InjectionWebhook& webhook) const {
  const auto place = webhook.node.at("clientConfig", "service", "namespace").text();
  const auto name_space = place.empty() ? kSystemNamespace : place;
  const auto name = injector_config_map(webhook.revision());
  Settings out{.config_map = std::string(name_space) + '/' + name};
  const auto* object = model_.find(Kind::config_map, name_space, name);
  if (object == nullptr) return out;
  const auto text = object->root.at("data", "config");
  if (!text.is_string()) return out;
  const auto& tree = *model_.embedded(*object, text).tree;
  if (tree.document_count() == 0) return out;
  const auto root = tree.document(0);
  out.seen = static_cast<bool>(root["policy"]);
  out.policy = root["policy"].text();
  out.never = root["neverInjectSelector"];
  out.always = root["alwaysInjectSelector"];
  return out;
}

/// What every istiod declines, whatever its settings. True when it does.
bool Injectors::refuses(const NewPod& pod, Injection& out) {
  const auto no = [&](Cause cause, std::string reason) {
    out.istiod.push_back(reason);
    decide(out, Verdict::not_injected, cause, std::move(reason));
    return true;
  };
  if (pod.spec["hostNetwork"].as_bool().value_or(false))
    return no(Cause::host_network,
              "the pod shares the network of its node (hostNetwork), where Istio never injects");
  out.istiod.emplace_back("the pod has a network of its own");
  if (is_ignored(pod.name_space))
    return no(Cause::ignored_namespace,
              "Istio never injects in namespace " + std::string(pod.name_space));
  const auto label = value_of(pod.labels, kPodInjectionLabel);
  if (label == "false")
    return no(Cause::pod_label, "the pod label sidecar.istio.io/inject=false keeps sidecars out");
  if (!label && pod.annotations[kPodInjectionLabel].text() == "false")
    return no(Cause::pod_annotation,
              "the pod annotation sidecar.istio.io/inject=false keeps sidecars out");
  return false;
}

/// What the istiod behind a webhook decides by its settings, when it declines nothing by itself.
/// True when it injects.
bool Injectors::ask_istiod(const InjectionWebhook& webhook, const NewPod& pod,
                           Injection& out) const {
  const auto settings = settings_of(webhook);
  const auto revision = revision_or_default(webhook);
  const bool enabled = !settings.seen || settings.policy == "enabled";
  const bool off = settings.seen && settings.policy != "enabled" && settings.policy != "disabled";
  const auto label = value_of(pod.labels, kPodInjectionLabel);
  const auto choice = label ? *label : pod.annotations[kPodInjectionLabel].text();
  const auto no = [&](Cause cause, std::string reason) {
    out.istiod.push_back(reason);
    decide(out, Verdict::not_injected, cause, std::move(reason));
    return false;
  };
  const auto policy_says_no = [&] {
    return no(Cause::policy_disabled,
              "the injector of revision " + revision + " has policy " +
                  (settings.policy.empty() ? "" : std::string(settings.policy)) + " in ConfigMap " +
                  settings.config_map);
  };
  if (off) return policy_says_no();
  if (choice == "true") {
    out.istiod.emplace_back(std::string("the pod ") + (label ? "label" : "annotation") +
                            " sidecar.istio.io/inject=true asks for a sidecar");
    return true;
  }
  if (!settings.seen)
    out.assumed.push_back("ConfigMap " + settings.config_map +
                          " was not seen; policy enabled without selectors is assumed");
  if (any_matches(settings.never, pod))
    return no(Cause::never_selector,
              "the neverInjectSelector of ConfigMap " + settings.config_map + " takes the pod out");
  if (any_matches(settings.always, pod)) {
    out.istiod.push_back("the alwaysInjectSelector of ConfigMap " + settings.config_map +
                         " takes the pod in");
    return true;
  }
  if (!enabled) return policy_says_no();
  out.istiod.push_back("the policy of revision " + revision + " is enabled");
  return true;
}

}  // namespace aksmesh::mesh
