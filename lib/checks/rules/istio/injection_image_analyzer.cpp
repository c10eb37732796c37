// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "checks/check.hpp"
#include "checks/injectors.hpp"
#include "checks/live_pods.hpp"
#include "checks/proxies.hpp"
#include "mesh/injection.hpp"
#include "mesh/selector_index.hpp"

namespace aksmesh::checks {
namespace {

constexpr std::string_view kConfigAnnotation = "proxy.istio.io/config";
constexpr std::string_view kImageTypeAnnotation = "sidecar.istio.io/proxyImageType";
constexpr std::string_view kNoVariant = "default";

using PodsByNamespace = std::unordered_map<std::string_view, std::vector<const Object*>>;

PodsByNamespace pods_by_namespace(const Facts& facts) {
  PodsByNamespace out;
  for (const auto* pod : facts.all(Kind::pod)) out[pod->name_space].push_back(pod);
  return out;
}

Node image_type_of(const Node& config) {
  return config.at("image", "imageType");
}

/// The variant of the proxy's image (`distroless`, ...) that the configuration asks for, pod by
/// pod.
class Variants {
 public:
  explicit Variants(const Facts& facts) : facts_(facts), of_mesh_(facts.settings().image_type) {
    const auto root = facts.root_namespace();
    for (const auto* config : facts.all(Kind::proxy_config)) {
      const auto type = image_type_of(config->spec()).text();
      if (type.empty()) continue;
      const auto selector = config->spec().at("selector", "matchLabels");
      if (config->name_space == root)
        of_mesh_ = type;
      else if (selector.size() == 0)
        of_namespace_[config->name_space] = type;
      else
        of_pods_[config->name_space].add(config, mesh::labels_of(selector));
    }
  }

  [[nodiscard]] std::string_view of(const Object& pod) const {
    auto variant = of_mesh_;
    if (const auto found = of_namespace_.find(pod.name_space); found != of_namespace_.end())
      variant = found->second;
    if (!of_pods_.empty()) {
      const auto labels = mesh::labels_of(pod.metadata()["labels"]);
      // istioctl compares only the beginning of the namespace.
      for (auto at = of_pods_.lower_bound(pod.name_space);
           at != of_pods_.end() && at->first.starts_with(pod.name_space); ++at)
        if (const auto configs = at->second.accepting(labels); !configs.empty())
          variant = image_type_of(configs.back()->spec()).text();
    }
    if (const auto text = pod.annotation(kConfigAnnotation); text.is_string()) {
      const auto& tree = *facts_.embedded(pod, text).tree;
      const auto type = tree.document_count() > 0 ? image_type_of(tree.document(0)) : Node{};
      if (!type.text().empty()) variant = type.text();
    }
    return variant == kNoVariant ? std::string_view{} : variant;
  }

 private:
  const Facts& facts_;
  std::string_view of_mesh_;
  std::unordered_map<std::string_view, std::string_view> of_namespace_;
  std::map<std::string_view, mesh::SelectorIndex> of_pods_;
};

std::string image_of(const Node& values) {
  const auto global = values["global"];
  const std::string image(global.at("proxy", "image").text());
  if (image.find('/') != std::string::npos) return image;
  return std::string(global["hub"].text()) + '/' + image + ':' + std::string(global["tag"].text());
}

/// The images of the injectors by the names of their ConfigMaps.
std::unordered_map<std::string_view, std::string> injected_images(const Facts& facts) {
  const auto prefix = mesh::injector_config_map({});
  std::unordered_map<std::string_view, std::string> out;
  for (const auto* map : facts.all(Kind::config_map)) {
    if (!map->name.starts_with(prefix)) continue;
    if (const auto values = injector_values(facts, *map)) out[map->name] = image_of(values);
  }
  return out;
}

bool differs(const Object& pod, const std::string& image, std::string_view variant) {
  for (const std::string_view list : {"containers", "initContainers"})
    for (const auto container : pod.spec()[list].items()) {
      if (container["name"].text() != kProxyContainer) continue;
      const auto own = container["image"].text();
      if (own != image && own != image + '-' + std::string(variant)) return true;
    }
  return false;
}

void run_upstream(const Facts& facts, Findings& out) {
  const auto images = injected_images(facts);
  if (images.empty()) return;
  const Variants variants(facts);
  const auto pods = pods_by_namespace(facts);
  for (const auto* name_space : facts.all(Kind::name_space)) {
    const auto revision = name_space->label(kRevisionLabel);
    if (!revision && name_space->label(kInjectionLabel).text() != "enabled") continue;
    const auto image = images.find(mesh::injector_config_map(revision.text()));
    const auto found = pods.find(name_space->name);
    if (image == images.end() || found == pods.end()) continue;
    std::vector<std::string> names;
    for (const auto* pod : found->second)
      if (!pod->annotation(kProxyImageAnnotation) &&
          differs(*pod, image->second, variants.of(*pod)))
        names.emplace_back(pod->name);
    std::sort(names.begin(), names.end());
    if (!names.empty()) out.report("IST0158", *name_space, {list_text(names)});
  }
}

/// Revisions by the tags that point to them.
std::unordered_map<std::string_view, std::string_view> tagged_revisions(const Facts& facts) {
  std::unordered_map<std::string_view, std::string_view> out;
  for (const auto* webhook : facts.all(Kind::mutating_webhook_configuration))
    if (const auto tag = webhook->label(kTagLabel))
      out[tag.text()] = webhook->label(kRevisionLabel).text();
  return out;
}

void check_pod(const Object& pod, const std::string& tag, Findings& out) {
  const auto image = find_container(pod.spec(), kProxyContainer)["image"];
  const auto own = image_tag(image.text());
  const auto variant = pod.annotation(kImageTypeAnnotation).text();
  if (!is_live_pod(pod) || pod.annotation(kProxyImageAnnotation) || own.empty() || own == tag ||
      (!variant.empty() && own == tag + '-' + std::string(variant)))
    return;
  out.report("IST0158", pod, image, {list_text(std::vector<std::string>{std::string(pod.name)})});
}

/// For the add-on each pod is told by itself, so that it stands beside what else is known of its
/// proxy; registries do not count, because clusters may read images through a mirror.
void run_addon(const Facts& facts, Findings& out) {
  const auto pods = pods_by_namespace(facts);
  if (pods.empty()) return;
  const auto tags = tagged_revisions(facts);
  InjectedTags injected(facts);
  for (const auto* name_space : facts.all(Kind::name_space)) {
    const auto label = name_space->label(kRevisionLabel).text();
    const auto found = pods.find(name_space->name);
    if (label.empty() || found == pods.end() || is_addon_namespace(name_space->name)) continue;
    const auto tagged = tags.find(label);
    const auto& tag = injected.of(tagged == tags.end() ? label : tagged->second);
    if (tag.empty()) {
      const auto any = std::any_of(found->second.begin(), found->second.end(),
                                   [](const Object* pod) { return has_proxy_container(*pod); });
      if (any)
        out.unknown("IST0158", *name_space,
                    facts.of_cluster()
                        ? "which proxy image its revision injects: the cluster has no ConfigMap "
                          "istio-sidecar-injector-<revision> that names one"
                        : "which proxy image its revision injects; the ConfigMap "
                          "istio-sidecar-injector-<revision> tells");
      continue;
    }
    for (const auto* pod : found->second) check_pod(*pod, tag, out);
  }
}

void run(const Facts& facts, Findings& out) {
  if (facts.is_upstream())
    run_upstream(facts, out);
  else
    run_addon(facts, out);
}

constexpr std::array<std::string_view, 1> kCodes{"IST0158"};

}  // namespace

extern const Check injection_image_analyzer;
constinit const Check injection_image_analyzer{
    .slug = "injection-image-analyzer",
    .reads = kMeshConfigKinds | KindSet{Kind::name_space, Kind::pod, Kind::proxy_config,
                                        Kind::mutating_webhook_configuration},
    .run = run,
    .codes = kCodes,
    .analyzer = "injection.ImageAnalyzer"};

}  // namespace aksmesh::checks
