// SPDX-License-Identifier: Apache-2.0
#include "mesh/injection.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "mesh/injection_parts.hpp"
#include "mesh/istio_view.hpp"
#include "mesh/names.hpp"

namespace aksmesh::mesh {
namespace {

using namespace names;
using namespace injection;
using Verdict = InjectionVerdict;
using Cause = InjectionCause;

constexpr std::array<std::string_view, 5> kVerdictWords{"injected", "not-injected", "refused",
                                                        "several", "unknown"};
constexpr std::array<std::string_view, 23> kCauseWords{
    "namespace-label",  "pod-revision-label",   "other-label",
    "host-network",     "ignored-namespace",    "pod-label",
    "pod-annotation",   "never-selector",       "policy-disabled",
    "no-webhook",       "namespace-unlabelled", "unknown-revision",
    "injection-label",  "no-default-revision",  "pod-names-unknown-revision",
    "pod-label-alone",  "requirement",          "service-missing",
    "istiod-not-ready", "several-webhooks",     "namespace-unseen",
    "webhooks-unseen",  "match-conditions"};

constexpr std::string_view kByNamespace = "namespace label ";
constexpr std::string_view kByPod = "pod label ";

LabelSet namespace_labels(const NewPod& pod) {
  return {.sure_key = kNamespaceNameLabel,
          .sure_value = pod.name_space,
          .supposed = pod.namespace_labels,
          .complete = pod.namespace_known};
}

Labels without(Labels labels, std::string_view key) {
  std::erase_if(labels, [&](const Label& one) { return one.first == key; });
  return labels;
}

bool holds(const data::Node& list, std::initializer_list<std::string_view> any_of) {
  for (const auto item : list.items())
    if (std::find(any_of.begin(), any_of.end(), item.text()) != any_of.end()) return true;
  return false;
}

/// Whether a webhook is asked when pods are made.
bool takes_new_pods(const data::Node& webhook) {
  for (const auto rule : webhook["rules"].items())
    if (rule["scope"].text() != "Cluster" && holds(rule["operations"], {"CREATE", "*"}) &&
        holds(rule["apiGroups"], {"", "*"}) && holds(rule["apiVersions"], {"v1", "*"}) &&
        holds(rule["resources"], {"pods", "*", "*/*"}))
      return true;
  return false;
}

bool fails_closed(const data::Node& webhook) {
  return webhook["failurePolicy"].text() != "Ignore";  // Kubernetes takes Fail where none is said
}

std::string label_text(std::string_view key, std::string_view value) {
  return std::string(key).append("=").append(value);
}

bool is_ready(const Object& pod) {
  for (const auto condition : pod.status()["conditions"].items())
    if (condition["type"].text() == "Ready") return condition["status"].text() == "True";
  return false;
}

}  // namespace

std::string_view word_of(InjectionVerdict verdict) {
  return kVerdictWords[static_cast<std::size_t>(verdict)];
}

std::string_view word_of(InjectionCause cause) {
  return kCauseWords[static_cast<std::size_t>(cause)];
}

std::string injector_config_map(std::string_view revision) {
  if (revision.empty() || revision == "default") {
    auto name = kInjectorConfigMapPrefix;
    name.remove_suffix(1);  // its dash
    return std::string(name);
  }
  return std::string(kInjectorConfigMapPrefix).append(revision);
}

NewPod plain_pod(const Model& model, std::string_view name_space) {
  const auto* object = model.find(Kind::name_space, {}, name_space);
  NewPod out{.name_space = name_space, .namespace_known = object != nullptr};
  if (object != nullptr) out.namespace_labels = labels_of(object->metadata()["labels"]);
  return out;
}

NewPod new_pod(const Model& model, const Object& workload) {
  auto out = plain_pod(model, workload.name_space);
  const auto [metadata, spec] = pod_parts(workload);
  out.labels = labels_of(metadata["labels"]);
  out.annotations = metadata["annotations"];
  out.spec = spec;
  return out;
}

Injectors::Injectors(const Model& model)
    : Injectors(model, model.all(Kind::mutating_webhook_configuration)) {}

Injectors::Injectors(const Model& model, const std::vector<const Object*>& configurations)
    : model_(model), webhooks_(find_injection_webhooks(configurations).hooks) {
  std::erase_if(webhooks_, [](const InjectionWebhook& one) { return !injects(one); });
  known_ = model.manifests().whole.has(Kind::mutating_webhook_configuration) || !webhooks_.empty();
  for (const auto& one : webhooks_) reaches_.push_back(look_behind(one));
  std::set<std::string> names;
  for (const auto& one : webhooks_)
    if (one.tag().empty() && !one.revision().empty()) names.emplace(one.revision());
  revisions_.assign(names.begin(), names.end());
  std::sort(revisions_.begin(), revisions_.end(), [](const auto& a, const auto& b) {
    const auto x = parse_revision(a), y = parse_revision(b);
    return x && y ? *x < *y : x.has_value() != y.has_value() ? x.has_value() : a < b;
  });
}

bool Injectors::has_revision(std::string_view name) const {
  return std::find(revisions_.begin(), revisions_.end(), name) != revisions_.end();
}

std::string Injectors::revision_of_tag(std::string_view tag) const {
  for (const auto& one : webhooks_)
    if (!tag.empty() && one.tag() == tag) return std::string(one.revision());
  return {};
}

Injectors::Reach Injectors::look_behind(const InjectionWebhook& webhook) const {
  const auto service = webhook.node.at("clientConfig", "service");
  if (!service) return Reach::unseen;  // a URL
  const auto name_space = service["namespace"].text();
  const auto* found = model_.find(Kind::service, name_space, service["name"].text());
  if (found == nullptr)
    return model_.covers(Kind::service, name_space) ? Reach::missing : Reach::unseen;
  const auto selector = found->spec()["selector"];
  const auto& manifests = model_.manifests();
  const bool sees_pods = manifests.whole.has(Kind::pod) ||
                         manifests.whole_in.contains({Kind::pod, std::string(name_space)});
  if (selector.size() == 0 || !sees_pods) return Reach::there;
  const auto& pods = model_.all(Kind::pod);
  const bool ready = std::any_of(pods.begin(), pods.end(), [&](const Object* pod) {
    return pod->name_space == name_space && carries_labels(pod->metadata()["labels"], selector) &&
           is_ready(*pod);
  });
  return ready ? Reach::there : Reach::not_ready;
}

std::string Injectors::why_silent(const InjectionWebhook& webhook) const {
  const auto service = webhook.node.at("clientConfig", "service");
  const auto name =
      std::string(service["namespace"].text()).append("/").append(service["name"].text());
  switch (reach(webhook)) {
    case Reach::missing: return "its service " + name + " is not there";
    case Reach::not_ready: return "no pod behind its service " + name + " is ready";
    default: return {};
  }
}

WebhookMatch Injectors::match(const InjectionWebhook& webhook, const NewPod& pod) const {
  WebhookMatch out{.webhook = &webhook};
  const auto& node = webhook.node;
  if (!takes_new_pods(node)) {
    out.because = "its rules do not name new pods";
    return out;
  }
  const auto by_namespace = match_labels(node["namespaceSelector"], namespace_labels(pod));
  const auto by_pod = match_labels(node["objectSelector"], pod_labels(pod));
  if (by_pod == LabelMatch::no) {
    out.because = "pod " + unmet_requirement(node["objectSelector"], pod_labels(pod));
  }
  if (by_namespace != LabelMatch::yes) {
    // What the namespace lacks says more than what the pod lacks.
    out.because =
        "namespace " + unmet_requirement(node["namespaceSelector"], namespace_labels(pod));
  }
  if (by_namespace == LabelMatch::no || by_pod == LabelMatch::no) return out;
  out.match = by_namespace == LabelMatch::yes ? by_pod : LabelMatch::undecided;
  if (out.match != LabelMatch::yes) return out;
  if (node["matchConditions"].size() > 0) {
    out.match = LabelMatch::undecided;
    out.because = "its matchConditions are expressions, which this program does not evaluate";
    return out;
  }
  const auto of_namespace = wanted_label(node["namespaceSelector"], namespace_labels(pod));
  const auto of_pod = wanted_label(node["objectSelector"], pod_labels(pod));
  out.because = !of_namespace.empty() ? std::string(kByNamespace) + of_namespace
                : !of_pod.empty()     ? std::string(kByPod) + of_pod
                                      : "nothing that it asks for is missing";
  return out;
}

bool Injectors::would_match(const NewPod& pod) const {
  return std::any_of(webhooks_.begin(), webhooks_.end(), [&](const InjectionWebhook& one) {
    return match(one, pod).match == LabelMatch::yes;
  });
}

/// A webhook that cannot answer decides by its failure policy, and istiod is not asked. True when
/// one keeps the pod from being made.
bool Injectors::breaks_off(const WebhookMatch& called, Injection& out) const {
  const auto& webhook = *called.webhook;
  const bool closed = fails_closed(webhook.node);
  decide(out, closed ? Verdict::refused : Verdict::not_injected,
         reach(webhook) == Reach::missing ? Cause::service_missing : Cause::istiod_not_ready,
         "webhook " + webhook.name + " cannot answer, because " + why_silent(webhook) +
             (closed ? ", and then the API server refuses the pod"
                     : ", and then lets the pod through without a sidecar"));
  if (!closed) return false;
  out.revision = revision_or_default(webhook);
  out.tag = webhook.tag();
  return true;
}

/// One webhook or more inject.
void Injectors::taken(const std::vector<const WebhookMatch*>& taking, Injection& out) {
  if (taking.size() > 1) {
    std::string names;
    for (const auto* one : taking) names += (names.empty() ? "" : ", ") + one->webhook->name;
    return decide(out, Verdict::several, Cause::several_webhooks,
                  std::to_string(taking.size()) + " webhooks inject one after the other: " + names);
  }
  const auto& one = *taking.front();
  out.revision = revision_or_default(*one.webhook);
  out.tag = one.webhook->tag();
  decide(out, Verdict::injected,
         one.because.starts_with(kByNamespace) ? Cause::namespace_label
         : one.because.starts_with(kByPod)     ? Cause::pod_revision_label
                                               : Cause::other_label,
         "webhook " + one.webhook->name + " takes it: " + one.because);
}

Injection Injectors::judge(const NewPod& pod) const {
  Injection out;
  std::vector<const WebhookMatch*> called;
  const WebhookMatch* undecided = nullptr;
  bool silent = false;
  for (const auto& one : webhooks_) out.webhooks.push_back(match(one, pod));
  for (const auto& one : out.webhooks) {
    if (one.match == LabelMatch::undecided && undecided == nullptr) undecided = &one;
    if (one.match != LabelMatch::yes) continue;
    if (why_silent(*one.webhook).empty()) {
      called.push_back(&one);
    } else {
      silent = true;
      if (breaks_off(one, out)) return out;
    }
  }
  if (refuses(pod, out)) return out;
  std::vector<const WebhookMatch*> taking;
  for (const auto* one : called) {
    if (reach(*one->webhook) == Reach::unseen)
      out.assumed.push_back("whether anybody answers to webhook " + one->webhook->name +
                            " was not seen");
    if (ask_istiod(*one->webhook, pod, out)) taking.push_back(one);
  }
  if (taking.size() > 1)
    taken(taking, out);
  else if (undecided != nullptr)
    decide(out, Verdict::unknown,
           pod.namespace_known ? Cause::match_conditions : Cause::namespace_unseen,
           pod.namespace_known
               ? "webhook " + undecided->webhook->name + ": " + undecided->because
               : "the labels of namespace " + std::string(pod.name_space) + " are not known");
  else if (taking.size() == 1)
    taken(taking, out);
  else if (called.empty() && !silent)
    without_webhook(pod, out);
  return out;
}

bool Injectors::names_revision(std::string_view name) const {
  return std::any_of(webhooks_.begin(), webhooks_.end(), [&](const InjectionWebhook& one) {
    const auto names = revisions_in(one.node["namespaceSelector"]);
    const auto more = revisions_in(one.node["objectSelector"]);
    return std::find(names.begin(), names.end(), name) != names.end() ||
           std::find(more.begin(), more.end(), name) != more.end();
  });
}

/// Why no webhook takes the pod: what is taken away until one does tells what keeps them off.
void Injectors::without_webhook(const NewPod& pod, Injection& out) const {
  const auto no = [&](Cause cause, std::string reason) {
    decide(out, Verdict::not_injected, cause, std::move(reason));
  };
  if (webhooks_.empty() && !known_)
    return decide(out, Verdict::unknown, Cause::webhooks_unseen,
                  "which injection webhooks the cluster has is not known");
  if (webhooks_.empty()) return no(Cause::no_webhook, "the cluster has no injection webhook");
  if (!pod.namespace_known)
    return decide(out, Verdict::unknown, Cause::namespace_unseen,
                  "the labels of namespace " + std::string(pod.name_space) + " are not known");
  const auto revision = value_of(pod.namespace_labels, kRevisionLabel);
  const auto injection = value_of(pod.namespace_labels, kInjectionLabel);
  const auto choice = value_of(pod.labels, kPodInjectionLabel);
  const auto own = value_of(pod.labels, kRevisionLabel);
  auto other = pod;
  other.labels = without(pod.labels, kPodInjectionLabel);
  if (choice && would_match(other))
    return no(Cause::pod_label,
              "the pod label " + label_text(kPodInjectionLabel, *choice) + " keeps sidecars out");
  other = pod;
  other.namespace_labels = without(pod.namespace_labels, kInjectionLabel);
  if (injection && would_match(other))
    return no(Cause::injection_label,
              "the label " + label_text(kInjectionLabel, *injection) +
                  " of its namespace keeps away the webhook that its label istio.io/rev asks for");
  if (revision && !names_revision(*revision)) {
    std::string more;
    if (own && names_revision(*own))
      more = "; the pod's own " + label_text(kRevisionLabel, *own) + " does not count beside it";
    return no(Cause::unknown_revision, "its namespace is labelled " +
                                           label_text(kRevisionLabel, *revision) +
                                           ", and no revision or tag of that name is there" + more);
  }
  if (revision) return nearest(pod, out);
  if (injection)
    return no(Cause::no_default_revision, "its namespace is labelled " +
                                              label_text(kInjectionLabel, *injection) +
                                              ", which the webhooks of revisions pass over");
  if (own && !names_revision(*own))
    return no(Cause::pod_names_unknown_revision,
              "the pod is labelled " + label_text(kRevisionLabel, *own) +
                  ", and no revision or tag of that name is there");
  if (own) return nearest(pod, out);
  if (choice == "true")
    return no(
        Cause::pod_label_alone,
        "the pod label sidecar.istio.io/inject=true does nothing by itself: its namespace has "
        "no label istio.io/rev");
  no(Cause::namespace_unlabelled, "its namespace has no label istio.io/rev");
}

/// A revision is named that is there, and still something is missing.
void Injectors::nearest(const NewPod& pod, Injection& out) const {
  const auto in_namespace = value_of(pod.namespace_labels, kRevisionLabel);
  const auto wanted = in_namespace ? in_namespace : value_of(pod.labels, kRevisionLabel);
  for (const auto& one : out.webhooks) {
    const auto names =
        revisions_in(one.webhook->node[in_namespace ? "namespaceSelector" : "objectSelector"]);
    if (std::find(names.begin(), names.end(), *wanted) == names.end()) continue;
    decide(out, Verdict::not_injected, Cause::requirement,
           "webhook " + one.webhook->name + " does not take it: " + one.because);
    return;
  }
  decide(out, Verdict::not_injected, Cause::requirement,
         "no webhook takes it, though " + label_text(kRevisionLabel, *wanted) +
             " is the name of a revision or tag");
}

}  // namespace aksmesh::mesh
