// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "checks/check.hpp"
#include "mesh/label_selector.hpp"

namespace aksmesh::checks {
namespace {

using mesh::LabelMatch;

constexpr std::string_view kPlaceholder = "auto";
constexpr std::string_view kIstioSuffix = "istio.io";

/// The proxy's container that waits for the injector to fill in its image.
Node find_placeholder(const Node& pod_spec) {
  for (const auto container : pod_spec["containers"].items())
    if (container["name"].text() == kProxyContainer && container["image"].text() == kPlaceholder)
      return container["image"];
  return {};
}

std::vector<Node> injection_webhooks(const Facts& facts) {
  std::vector<Node> out;
  for (const auto* configuration : facts.all(Kind::mutating_webhook_configuration))
    for (const auto hook : configuration->root["webhooks"].items())
      if (hook["name"].text().ends_with(kIstioSuffix)) out.push_back(hook);
  return out;
}

/// What the webhooks of the input say.
LabelMatch selected_by(const std::vector<Node>& webhooks, const mesh::LabelSet& name_space,
                       const mesh::LabelSet& pod) {
  auto answer = LabelMatch::no;
  for (const auto& hook : webhooks) {
    const auto by_namespace = mesh::match_labels(hook["namespaceSelector"], name_space);
    const auto by_pod = mesh::match_labels(hook["objectSelector"], pod);
    if (by_namespace == LabelMatch::no || by_pod == LabelMatch::no) continue;
    if (by_namespace == LabelMatch::yes && by_pod == LabelMatch::yes) return LabelMatch::yes;
    answer = LabelMatch::undecided;
  }
  return answer;
}

/// What the add-on's webhooks do, where they are not in the input: they want a revision, of the
/// namespace or of the pod, and neither istio-injection nor a pod that refuses.
LabelMatch selected_by_addon(const Object* name_space, const Node& labels) {
  if (labels[kPodInjectionLabel].text() == "false") return LabelMatch::no;
  const bool own_revision = static_cast<bool>(labels[kRevisionLabel]);
  if (name_space == nullptr) return own_revision ? LabelMatch::yes : LabelMatch::undecided;
  if (name_space->label(kInjectionLabel)) return LabelMatch::no;
  return own_revision || name_space->label(kRevisionLabel) ? LabelMatch::yes : LabelMatch::no;
}

LabelMatch is_selected(const Facts& facts, const std::vector<Node>& webhooks,
                       const Object& deployment) {
  const auto* name_space = facts.find(Kind::name_space, {}, deployment.name_space);
  const auto labels = mesh::pod_parts(deployment).metadata["labels"];
  if (webhooks.empty() && !facts.is_upstream()) return selected_by_addon(name_space, labels);
  mesh::LabelSet of_namespace{.complete = name_space != nullptr || facts.is_upstream()};
  if (name_space != nullptr) of_namespace.labels = name_space->metadata()["labels"];
  if (!facts.is_upstream()) {
    of_namespace.sure_key = kNamespaceNameLabel;
    of_namespace.sure_value = deployment.name_space;
  }
  return selected_by(webhooks, of_namespace, {.labels = labels});
}

void run(const Facts& facts, Findings& out) {
  for (const auto* pod : facts.all(Kind::pod))
    if (const auto image = find_placeholder(pod->spec()))
      out.report("IST0147", *pod, image, {"Pod", std::string(pod->name)});
  const auto webhooks = injection_webhooks(facts);
  for (const auto* deployment : facts.all(Kind::deployment)) {
    const auto image = find_placeholder(mesh::pod_parts(*deployment).spec);
    if (!image) continue;
    switch (is_selected(facts, webhooks, *deployment)) {
      case LabelMatch::yes: break;
      case LabelMatch::no:
        out.report("IST0146", *deployment, image, {"Deployment", std::string(deployment->name)});
        break;
      case LabelMatch::undecided:
        out.unknown("IST0146", *deployment,
                    "the input does not hold namespace " + std::string(deployment->name_space) +
                        ", whose labels decide about injection");
    }
  }
}

constexpr std::array<std::string_view, 2> kCodes{"IST0146", "IST0147"};

}  // namespace

extern const Check injection_image_auto_analyzer;
constinit const Check injection_image_auto_analyzer{
    .slug = "injection-image-auto-analyzer",
    .reads = {Kind::name_space, Kind::pod, Kind::deployment, Kind::mutating_webhook_configuration},
    .run = run,
    .codes = kCodes,
    .analyzer = "injection.ImageAutoAnalyzer"};

}  // namespace aksmesh::checks
