// SPDX-License-Identifier: Apache-2.0
#include "checks/injectors.hpp"

#include <algorithm>
#include <set>

#include "mesh/injection.hpp"

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
  const auto global = injector_values(facts, injector)["global"];
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

}  // namespace

Node injector_values(const Facts& facts, const Object& config_map) {
  const auto values = config_map.root.at("data", "values");
  if (!values.is_string()) return {};
  const auto& tree = *facts.embedded(config_map, values).tree;
  return tree.document_count() > 0 ? tree.document(0) : Node{};
}

std::string_view image_tag(std::string_view image) {
  image = image.substr(0, image.find('@'));
  const auto name = image.rfind('/');  // a registry may have a port
  const auto colon = image.find(':', name == std::string_view::npos ? 0 : name);
  return colon == std::string_view::npos ? std::string_view{} : image.substr(colon + 1);
}

bool is_same_patch(std::string_view tag, std::string_view other) {
  // https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#ProxyImage
  const auto patch = [](std::string_view text) {
    for (const std::string_view type : {"-distroless", "-debug"})
      if (text.ends_with(type)) text.remove_suffix(type.size());
    return text;
  };
  return patch(tag) == patch(other);
}

const std::string& InjectedTags::of(std::string_view revision) {
  const auto [found, is_new] = tags_.try_emplace(revision);
  if (is_new)
    found->second = injected_tag(facts_, facts_.find(Kind::config_map, kSystemNamespace,
                                                     mesh::injector_config_map(revision)));
  return found->second;
}

}  // namespace aksmesh::checks
