// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "checks/check.hpp"
#include "checks/live_pods.hpp"
#include "checks/proxies.hpp"
#include "mesh/label_selector.hpp"

namespace aksmesh::checks {
namespace {

constexpr std::string_view kPlaceholder = "auto";
constexpr std::string_view kDefaultNamespace = "default";

Node placeholder_in(const Node& pod_spec) {
  for (const auto container : pod_spec["containers"].items())
    if (container["name"].text() == kProxyContainer && container["image"].text() == kPlaceholder)
      return container["image"];
  return {};
}

/// The injection webhooks of the input.
std::vector<Node> injectors(const Facts& facts) {
  std::vector<Node> out;
  for (const auto* configuration : facts.all(Kind::mutating_webhook_configuration))
    for (const auto webhook : configuration->root["webhooks"].items())
      if (webhook["name"].text().ends_with("istio.io")) out.push_back(webhook);
  return out;
}

/// Whether a webhook of the input takes the pods of an object.
bool is_selected(const Facts& facts, const std::vector<Node>& webhooks, const Object& object) {
  const auto* name_space = facts.find(
      Kind::name_space, {}, object.name_space.empty() ? kDefaultNamespace : object.name_space);
  const auto around =
      name_space == nullptr ? mesh::Labels{} : mesh::labels_of(name_space->metadata()["labels"]);
  const auto own = mesh::labels_of(mesh::pod_parts(object).metadata["labels"]);
  return std::any_of(webhooks.begin(), webhooks.end(), [&](const Node& webhook) {
    const auto namespaces = webhook["namespaceSelector"];
    const bool chosen = !namespaces || namespaces.is_null() ||
                        (name_space != nullptr && mesh::selects(namespaces, around));
    return chosen && mesh::selects(webhook["objectSelector"], own);
  });
}

/// What the add-on's own webhooks do with the pods of an object. They are the same everywhere, so
/// that the input need not hold them.
Meshed is_injected_by_addon(const Facts& facts, const Object& object) {
  const auto [metadata, spec] = mesh::pod_parts(object);
  if (stays_outside_mesh(metadata, spec)) return Meshed::no;
  const auto* name_space = facts.find(Kind::name_space, {}, object.name_space);
  if (name_space == nullptr) return Meshed::unknown;
  if (name_space->label(kInjectionLabel)) return Meshed::no;
  const auto named_by_pod = metadata.at("labels", kRevisionLabel);
  return name_space->label(kRevisionLabel) || named_by_pod ? Meshed::yes : Meshed::no;
}

void check(const Facts& facts, const std::vector<Node>& webhooks, const Object& object,
           Findings& out) {
  const auto image = placeholder_in(mesh::pod_parts(object).spec);
  if (!image) return;
  const std::vector<std::string> values{std::string(object.kind_name), std::string(object.name)};
  // A Pod that exists was made without injection; one in a file is still to be made.
  const bool exists = facts.is_upstream() || object.status();
  if (object.kind == Kind::pod && exists) return out.report("IST0147", object, image, values);
  auto injected = is_selected(facts, webhooks, object) ? Meshed::yes : Meshed::no;
  if (injected == Meshed::no && !facts.is_upstream())
    injected = is_injected_by_addon(facts, object);
  const auto* code = object.kind == Kind::pod ? "IST0147" : "IST0146";
  if (injected == Meshed::no)
    out.report(code, object, image, values);
  else if (injected == Meshed::unknown)
    out.unknown(code, object, kNamespaceUnknown);
}

void run(const Facts& facts, Findings& out) {
  const auto webhooks = injectors(facts);
  for (const auto* pod : facts.all(Kind::pod)) check(facts, webhooks, *pod, out);
  for (const auto* deployment : facts.all(Kind::deployment))
    check(facts, webhooks, *deployment, out);
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
