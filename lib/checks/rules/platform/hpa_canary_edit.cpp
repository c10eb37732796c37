// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <unordered_map>

#include "checks/rules/platform/addon_autoscalers.hpp"

namespace aksmesh::checks {
namespace {

using Values = std::unordered_map<std::string_view, Node>;

constexpr std::string_view kTarget = "scaleTargetRef";  // names the revision, so it always differs

Values values_of(const Node& mapping) {
  Values out;
  for (const auto& [key, value] : mapping.entries()) out.emplace(key.text(), value);
  return out;
}

bool same(const Node& one, const Node& other) {
  if (one.kind() != other.kind() || one.size() != other.size()) return false;
  if (one.is_mapping()) {
    const auto values = values_of(other);
    const auto entries = one.entries();
    return std::all_of(entries.begin(), entries.end(), [&](const data::Entry& entry) {
      const auto found = values.find(entry.key.text());
      return found != values.end() && same(entry.value, found->second);
    });
  }
  if (one.is_sequence()) {
    const auto items = one.items();
    const auto others = other.items();
    return std::equal(items.begin(), items.end(), others.begin(), others.end(), same);
  }
  return one.text() == other.text();
}

/// The first field of the canary that the stable revision has not or has otherwise; the whole spec
/// when it only lacks some; absent when they are alike.
Node difference(const Node& canary, const Node& stable) {
  const auto before = values_of(stable);
  std::size_t shared = 0;
  for (const auto& [key, value] : canary.entries()) {
    if (key.text() == kTarget) continue;
    const auto found = before.find(key.text());
    if (found == before.end() || !same(value, found->second)) return value;
    ++shared;
  }
  return shared < before.size() - before.count(kTarget) ? canary : Node{};
}

void compare(const Object& canary, const Object& stable, Findings& out) {
  if (const auto place = difference(canary.spec(), stable.spec()))
    out.add(canary, place,
            "the spec of {canary} differs from that of {stable}; during a canary edits of the "
            "newer one are reverted",
            {{"canary", std::string(canary.name)}, {"stable", std::string(stable.name)}});
}

void run(const Facts& facts, Findings& out) {
  std::map<std::string_view, std::map<VersionNumber, const Object*>> components;
  for (const auto* autoscaler : facts.all(Kind::horizontal_pod_autoscaler)) {
    const auto at = autoscaler->name.rfind("-asm-");
    if (at == std::string_view::npos ||
        !is_scaled_by_addon(autoscaler->name_space, autoscaler->name))
      continue;
    if (const auto revision = parse_revision(autoscaler->name.substr(at + 1)))
      components[autoscaler->name.substr(0, at)].emplace(*revision, autoscaler);
  }
  for (const auto& [component, revisions] : components)
    if (revisions.size() > 1)
      compare(*revisions.rbegin()->second, *std::next(revisions.rbegin())->second, out);
}

}  // namespace

extern const Check hpa_canary_edit;
constinit const Check hpa_canary_edit{.slug = "hpa-canary-edit",
                                      .reads = {Kind::horizontal_pod_autoscaler},
                                      .run = run,
                                      .concerns = has_addon_autoscalers};

}  // namespace aksmesh::checks
