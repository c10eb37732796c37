// SPDX-License-Identifier: Apache-2.0
#include "checks/pod_claims.hpp"

#include <set>
#include <unordered_map>
#include <utility>

#include "checks/proxies.hpp"
#include "checks/short_list.hpp"

namespace aksmesh::checks {
namespace {

/// Where istioctl places what it says of a selector: at its first label by name.
Node first_label(const Node& labels) {
  Node first;
  std::string_view name;
  for (const auto [key, value] : labels.entries()) {
    if (first && key.text() >= name) continue;
    first = value;
    name = key.text();
  }
  return first;
}

std::string names_of(const std::vector<const Object*>& objects) {
  std::vector<std::string> names;
  names.reserve(objects.size());
  for (const auto* object : objects) names.emplace_back(object->name);
  return short_list(std::move(names));
}

}  // namespace

std::vector<ClaimedPod> claimed_pods(const Facts& facts, const std::vector<PodClaim>& claims,
                                     Findings& out) {
  std::vector<ClaimedPod> pods;
  std::unordered_map<const Object*, std::size_t> known;
  for (const auto& claim : claims) {
    const auto wanted = mesh::labels_of(claim.labels);
    const auto name_space = claim.object->name_space;
    const auto found = facts.pods(name_space).matching(wanted);
    for (const auto* pod : found) {
      const auto [at, is_new] = known.try_emplace(pod, pods.size());
      if (is_new) pods.push_back({.pod = pod});
      pods[at->second].by.push_back(claim.object);
    }
    if (!found.empty() ||
        (!facts.is_upstream() && are_of_generated_gateway(facts, name_space, claim.labels)))
      continue;
    if (facts.covers_pods(name_space))
      out.report("IST0101", *claim.object, first_label(claim.labels),
                 {"selector", mesh::selector_text(wanted)});
    else
      out.unknown("IST0101", *claim.object,
                  "the input holds no workloads of namespace " + std::string(name_space));
  }
  return pods;
}

void report_shared_pods(const Facts& facts, std::string_view code,
                        const std::vector<ClaimedPod>& pods, Findings& out) {
  std::set<std::vector<const Object*>> told;
  for (const auto& [pod, by] : pods) {
    if (by.size() < 2 || (!facts.is_upstream() && !told.insert(by).second)) continue;
    const auto names = names_of(by);
    for (const auto* object : by)
      out.report(code, *object, object->metadata()["name"],
                 {names, std::string(object->name_space), std::string(pod->name)});
  }
}

void report_rivals(std::string_view code, const std::vector<const Object*>& objects,
                   Findings& out) {
  if (objects.size() < 2) return;
  const auto names = names_of(objects);
  for (const auto* object : objects)
    out.report(code, *object, object->metadata()["name"], {names, std::string(object->name_space)});
}

}  // namespace aksmesh::checks
