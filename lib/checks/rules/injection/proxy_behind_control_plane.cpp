// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>
#include <string>
#include <unordered_map>

#include "checks/live_pods.hpp"
#include "checks/present_revisions.hpp"
#include "checks/proxies.hpp"

namespace aksmesh::checks {
namespace {

/// The tags with which image proxyv2 is spelled out.
std::set<std::string_view> written_tags(const Object& injector) {
  constexpr std::string_view kImage = "proxyv2:";
  constexpr std::string_view kTagCharacters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
  std::set<std::string_view> tags;
  for (const auto entry : injector.root["data"].entries()) {
    const auto text = entry.value.text();
    for (auto at = text.find(kImage); at != std::string_view::npos; at = text.find(kImage, at)) {
      at += kImage.size();
      const auto end = std::min(text.find_first_not_of(kTagCharacters, at), text.size());
      if (end > at) tags.insert(text.substr(at, end - at));
    }
  }
  return tags;
}

/// The tag that the injector's values put behind the bare name of the image.
std::string composed_tag(const Facts& facts, const Object& injector) {
  const auto values = injector.root.at("data", "values");
  if (!values.is_string()) return {};
  const auto& tree = *facts.embedded(injector, values).tree;
  const auto global = tree.document_count() > 0 ? tree.document(0)["global"] : Node{};
  if (global.at("proxy", "image").text() != "proxyv2") return {};
  std::string tag(global["tag"].text());
  const auto variant = global["variant"].text();
  if (!variant.empty() && !tag.ends_with(variant)) tag.append("-").append(variant);
  return tag;
}

/// The one tag of image proxyv2 that the injector of a revision puts into pods; empty when it
/// cannot be told.
std::string injected_tag(const Facts& facts, const Object* injector) {
  if (injector == nullptr) return {};
  const auto tags = written_tags(*injector);
  if (tags.empty()) return composed_tag(facts, *injector);
  return tags.size() == 1 ? std::string(*tags.begin()) : std::string{};
}

/// The tag of an image; empty when it has none.
std::string_view image_tag(std::string_view image) {
  image = image.substr(0, image.find('@'));
  const auto name = image.rfind('/');  // a registry may have a port
  const auto colon = image.find(':', name == std::string_view::npos ? 0 : name);
  return colon == std::string_view::npos ? std::string_view{} : image.substr(colon + 1);
}

class Injectors {
 public:
  explicit Injectors(const Facts& facts) : facts_(facts) {}

  const std::string& tag_of(std::string_view revision) {
    const auto [found, is_new] = tags_.try_emplace(revision);
    if (is_new) {
      const auto name = std::string(kInjectorConfigMapPrefix).append(revision);
      found->second = injected_tag(facts_, facts_.find(Kind::config_map, kSystemNamespace, name));
    }
    return found->second;
  }

 private:
  const Facts& facts_;
  std::unordered_map<std::string_view, std::string> tags_;
};

std::string_view revision_of(const Facts& facts, const Object& pod) {
  const auto injected = proxy_revision(facts, pod);
  if (!injected.name.empty()) return injected.name;
  const auto* name_space = facts.find(Kind::name_space, {}, pod.name_space);
  return name_space == nullptr ? std::string_view{} : name_space->label(kRevisionLabel).text();
}

void check_proxy(const Object& pod, const Node& proxy, std::string_view revision,
                 std::string_view wanted, Findings& out) {
  const auto image = proxy["image"];
  const auto tag = image_tag(image.text());
  if (wanted.empty()) {
    out.unknown(pod,
                "which proxy image new pods get; a ConfigMap istio-sidecar-injector-<revision> "
                "that names one tells");
  } else if (tag.empty()) {
    out.unknown(pod, "which patch its proxy is, for the image names no tag");
  } else if (tag != wanted) {
    out.add(pod, image,
            "the sidecar of Pod {name} is {tag}, while new pods of {revision} get {wanted}",
            {{"name", std::string(pod.name)},
             {"tag", std::string(tag)},
             {"revision", std::string(revision)},
             {"wanted", std::string(wanted)}});
  }
}

void run(const Facts& facts, Findings& out) {
  const auto& pods = facts.all(Kind::pod);
  if (pods.empty()) return;
  const auto revisions = present_revisions(facts);
  Injectors injectors(facts);
  for (const auto* pod : pods) {
    if (!is_live_pod(*pod) || is_addon_namespace(pod->name_space)) continue;
    const auto proxy = find_container(pod->spec(), kProxyContainer);
    if (!proxy) continue;
    const auto name = revision_of(facts, *pod);
    const auto revision = parse_revision(name);
    if (name.empty())
      out.unknown(
          *pod,
          "the revision of its sidecar; annotation sidecar.istio.io/status or the Namespace tells");
    if (!revision || (revisions.known && !revisions.has(*revision))) continue;
    check_proxy(*pod, proxy, name, injectors.tag_of(name), out);
  }
}

}  // namespace

extern const Check proxy_behind_control_plane;
constinit const Check proxy_behind_control_plane{
    .slug = "proxy-behind-control-plane",
    .reads = kRevisionKinds | KindSet{Kind::pod, Kind::config_map, Kind::name_space},
    .run = run};

}  // namespace aksmesh::checks
