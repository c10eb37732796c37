// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "mesh/injection_webhooks.hpp"
#include "mesh/label_index.hpp"
#include "mesh/model.hpp"

// Whether a new pod gets a sidecar, and from whom: first the API server asks the webhooks whose
// selectors match, then istiod decides for itself.
namespace aksmesh::mesh {

/// The name of the ConfigMap that tells the injector of a revision what to do; that of the default
/// one for an empty name or `default`.
std::string injector_config_map(std::string_view revision);

/// A pod before it is made, as the API server sees it.
struct NewPod {
  std::string_view name_space{};
  Labels namespace_labels{};
  /// False when nobody could see the namespace, so that a label that is not above may be there.
  bool namespace_known = true;
  Labels labels{};
  data::Node annotations{};
  data::Node spec{};
};
/// A pod of a workload.
NewPod new_pod(const Model& model, const Object& workload);
/// One without labels, annotations and host network, to see what a namespace does.
NewPod plain_pod(const Model& model, std::string_view name_space);

enum class InjectionVerdict : std::uint8_t {
  injected,
  not_injected,
  refused,  ///< the API server refuses the pod, because a webhook fails
  several,  ///< more than one webhook injects
  unknown
};
/// As in JSON: `injected`, `not-injected`, ...
std::string_view word_of(InjectionVerdict verdict);

enum class InjectionCause : std::uint8_t {
  namespace_label,
  pod_revision_label,
  other_label,
  host_network,
  ignored_namespace,
  pod_label,
  pod_annotation,
  never_selector,
  policy_disabled,
  no_webhook,
  namespace_unlabelled,
  unknown_revision,
  injection_label,
  no_default_revision,
  pod_names_unknown_revision,
  pod_label_alone,
  requirement,
  service_missing,
  istiod_not_ready,
  several_webhooks,
  namespace_unseen,
  webhooks_unseen,
  match_conditions
};
/// As in JSON: `namespace-label`, ...
std::string_view word_of(InjectionCause cause);

/// One webhook beside one pod.
struct WebhookMatch {
  const InjectionWebhook* webhook = nullptr;
  LabelMatch match = LabelMatch::no;
  std::string because{};  ///< `namespace label istio.io/rev=prod`; what is not met
};

/// What becomes of one pod, for one reason.
struct Injection {
  InjectionVerdict verdict = InjectionVerdict::unknown;
  InjectionCause cause = InjectionCause::webhooks_unseen;
  std::string reason{};    ///< one sentence without a full stop
  std::string revision{};  ///< whose sidecar it gets
  std::string tag{};       ///< through which it gets it, if any
  std::vector<WebhookMatch> webhooks{};
  std::vector<std::string> istiod{};   ///< what istiod looks at, in its order, up to what decides
  std::vector<std::string> assumed{};  ///< what could not be seen and is taken as usual
};

/// The injection webhooks of a cluster and what stands behind them.
class Injectors {
 public:
  /// The model must outlive this.
  explicit Injectors(const Model& model);
  /// As if the cluster had these webhooks instead of its own.
  Injectors(const Model& model, const std::vector<const Object*>& configurations);

  /// Looks at nothing but the model: the same question has the same answer.
  [[nodiscard]] Injection judge(const NewPod& pod) const;

  [[nodiscard]] const std::vector<InjectionWebhook>& webhooks() const { return webhooks_; }
  /// False when the webhooks of the cluster could not be seen.
  [[nodiscard]] bool known() const { return known_; }
  /// Installed ones, ascending: those with webhooks of their own.
  [[nodiscard]] const std::vector<std::string>& revisions() const { return revisions_; }
  [[nodiscard]] bool has_revision(std::string_view name) const;
  /// The revision that a tag leads to; empty for a name that is no tag.
  [[nodiscard]] std::string revision_of_tag(std::string_view tag) const;
  /// Of one of webhooks(): why it cannot answer; empty when it can, or nobody saw it.
  [[nodiscard]] std::string why_silent(const InjectionWebhook& webhook) const;

 private:
  struct Settings;
  enum class Reach : std::uint8_t { there, missing, not_ready, unseen };

  /// What stands behind a webhook.
  [[nodiscard]] Reach look_behind(const InjectionWebhook& webhook) const;
  /// That, as it was found once.
  [[nodiscard]] Reach reach(const InjectionWebhook& webhook) const {
    return reaches_[static_cast<std::size_t>(&webhook - webhooks_.data())];
  }
  [[nodiscard]] WebhookMatch match(const InjectionWebhook& webhook, const NewPod& pod) const;
  [[nodiscard]] bool would_match(const NewPod& pod) const;
  [[nodiscard]] Settings settings_of(const InjectionWebhook& webhook) const;
  bool ask_istiod(const InjectionWebhook& webhook, const NewPod& pod, Injection& out) const;
  [[nodiscard]] bool breaks_off(const WebhookMatch& called, Injection& out) const;
  static void taken(const std::vector<const WebhookMatch*>& taking, Injection& out);
  static bool refuses(const NewPod& pod, Injection& out);
  void without_webhook(const NewPod& pod, Injection& out) const;
  [[nodiscard]] bool names_revision(std::string_view name) const;
  void nearest(const NewPod& pod, Injection& out) const;

  const Model& model_;
  std::vector<InjectionWebhook> webhooks_;
  std::vector<Reach> reaches_;  // in the same order
  std::vector<std::string> revisions_;
  bool known_ = false;
};

}  // namespace aksmesh::mesh
