// SPDX-License-Identifier: Apache-2.0
#include "checks/live_pods.hpp"

namespace aksmesh::checks {
namespace {

Node item_with(const Node& list, std::string_view key, std::string_view value) {
  for (const auto& item : list.items())
    if (item[key].text() == value) return item;
  return {};
}

/// The revision at the start of `asm-1-28-7c9d8f6b5-4kq2z`.
std::optional<VersionNumber> leading_revision(std::string_view text) {
  std::size_t end = 0;
  for (int dash = 0; dash < 3 && end != std::string_view::npos; ++dash)
    end = text.find('-', dash == 0 ? 0 : end + 1);
  return parse_revision(text.substr(0, end));
}

}  // namespace

Node item_named(const Node& list, std::string_view name) {
  return item_with(list, "name", name);
}

Node status_condition(const Object& object, std::string_view type) {
  return item_with(object.status()["conditions"], "type", type);
}

bool is_live_pod(const Object& pod) {
  const auto phase = pod.status()["phase"].text();
  const auto deleted = pod.metadata()["deletionTimestamp"];
  return !phase.empty() && phase != "Succeeded" && phase != "Failed" &&
         (!deleted || deleted.is_null());
}

Node find_container(const Node& pod_spec, std::string_view name) {
  const auto container = item_named(pod_spec["containers"], name);
  return container ? container : item_named(pod_spec["initContainers"], name);
}

bool has_proxy_container(const Object& pod) {
  return static_cast<bool>(find_container(pod.spec(), kProxyContainer));
}

bool is_addon_istiod_pod(const Object& pod) {
  if (pod.name_space != kSystemNamespace || pod.label("app").text() != kIstiod) return false;
  if (parse_revision(pod.label(kRevisionLabel).text())) return true;
  return pod.name.starts_with(kIstiodPrefix) &&
         leading_revision(pod.name.substr(kIstiodPrefix.size()));
}

}  // namespace aksmesh::checks
