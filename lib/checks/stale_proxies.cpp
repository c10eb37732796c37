// SPDX-License-Identifier: Apache-2.0
#include "checks/stale_proxies.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "base/version_number.hpp"
#include "checks/injectors.hpp"

namespace aksmesh::checks {
namespace {

/// Whether a tag such as `v1.28.10-distroless` is of version 1.28.10.
bool is_of_version(std::string_view tag, std::string_view version) {
  if (tag.starts_with('v')) tag.remove_prefix(1);
  if (!tag.starts_with(version)) return false;
  return tag.size() == version.size() || tag[version.size()] == '-';
}

void add_once(std::vector<std::string>& to, const std::string& text) {
  if (const auto at = std::lower_bound(to.begin(), to.end(), text); at == to.end() || *at != text)
    to.insert(at, text);
}

}  // namespace

std::string_view word_of(StaleProxy::Cause cause) {
  switch (cause) {
    case StaleProxy::Cause::version: return "version";
    case StaleProxy::Cause::moved: return "moved";
    case StaleProxy::Cause::revision_gone: return "revision-gone";
    case StaleProxy::Cause::no_injection: break;
  }
  return "no-injection";
}

bool is_other_patch(std::string_view tag, std::string_view told, std::string_view fresh) {
  if (fresh.empty()) return false;
  if (!tag.empty() && !is_same_patch(tag, fresh)) return true;
  // A tag need not be a version.
  return parse_version(told) && parse_version(fresh) && !is_of_version(fresh, told);
}

std::vector<StaleWorkload> by_workload(const std::vector<StaleProxy>& proxies) {
  std::map<std::tuple<std::string, PodMaker, StaleProxy::Cause, std::string, std::string>,
           StaleWorkload>
      groups;
  for (const auto& one : proxies) {
    auto& group = groups[{one.name_space, one.maker, one.cause, one.revision, one.new_revision}];
    if (group.pods.empty()) group.first = one;
    add_once(group.pods, one.pod);
    if (!one.version.empty()) add_once(group.versions, one.version);
  }
  std::vector<StaleWorkload> out;
  for (auto& [key, group] : groups) out.push_back(std::move(group));
  return out;
}

}  // namespace aksmesh::checks
