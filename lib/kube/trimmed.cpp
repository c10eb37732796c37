// SPDX-License-Identifier: Apache-2.0
#include "kube/trimmed.hpp"

#include <functional>
#include <set>
#include <string>
#include <string_view>

#include "data/json_rewrite.hpp"
#include "data/reader.hpp"

namespace aksmesh::kube {
namespace {

using Ways = std::set<std::string, std::less<>>;

// Ways to members of one object, word by word; `[]` is each item of a list.

/// A third of a list, and mostly of no interest here.
const Ways& bookkeeping() {
  static const Ways ways{"metadata annotations kubectl.kubernetes.io/last-applied-configuration",
                         "metadata managedFields"};
  return ways;
}

/// With thousands of pods these are most of what a command would hold in memory. A law compares the
/// findings of all cases with and without them.
Ways of_pods() {
  auto ways = bookkeeping();
  ways.insert({"spec dnsPolicy", "spec enableServiceLinks", "spec imagePullSecrets",
               "spec preemptionPolicy", "spec schedulerName", "spec serviceAccount",
               "spec terminationGracePeriodSeconds", "spec topologySpreadConstraints",
               "spec volumes [] configMap", "spec volumes [] csi", "spec volumes [] downwardAPI",
               "spec volumes [] emptyDir", "spec volumes [] projected",
               "status conditions [] lastProbeTime", "status hostIPs", "status podIPs"});
  for (const std::string list : {"containers", "initContainers"})
    for (const char* member :
         {"args", "command", "env", "envFrom", "imagePullPolicy", "lifecycle", "livenessProbe",
          "readinessProbe", "startupProbe", "terminationMessagePath", "terminationMessagePolicy",
          "volumeDevices", "volumeMounts", "workingDir"})
      ways.insert("spec " + list + " [] " + member);
  for (const std::string list : {"containerStatuses", "initContainerStatuses"})
    for (const char* member : {"containerID", "imageID", "volumeMounts"})
      ways.insert("status " + list + " [] " + member);
  return ways;
}

/// Definitions describe every field of what they define.
Ways of_definitions() {
  auto ways = bookkeeping();
  ways.insert("spec versions [] schema");
  return ways;
}

const Ways& unread(const ListWish& wish) {
  static const Ways nothing;
  static const Ways pods = of_pods();
  static const Ways definitions = of_definitions();
  const std::string_view kind = wish.resource.kind;
  if (wish.depth == ListWish::Depth::lean && kind == "Pod") return pods;
  if (wish.depth == ListWish::Depth::lean && kind == "CustomResourceDefinition") return definitions;
  // Of these it is asked who wrote them.
  if (kind == "ConfigMap" || kind == "Namespace" || kind == "MutatingWebhookConfiguration" ||
      kind == "Service")
    return nothing;
  return bookkeeping();
}

class Unread final : public data::Fates {
 public:
  explicit Unread(const Ways& ways) : ways_(ways) {}

  data::Fate of(const data::KeyPath& path, const data::Node&, const data::Node&) override {
    if (path.front() != "items") return data::Fate::keep;
    way_.clear();
    // Behind `items []`.
    for (std::size_t i = 2; i < path.size(); ++i)
      way_.append(way_.empty() ? "" : " ").append(path[i]);
    if (way_.empty()) return data::Fate::look;
    const auto next = ways_.lower_bound(way_);
    if (next != ways_.end() && *next == way_) return data::Fate::drop;
    // What leads further sorts behind it at once: a space is less than all that names hold.
    const bool leads_on =
        next != ways_.end() && next->starts_with(way_) && (*next)[way_.size()] == ' ';
    return leads_on ? data::Fate::look : data::Fate::keep;
  }

 private:
  const Ways& ways_;
  std::string way_{};
};

}  // namespace

std::unique_ptr<data::Tree> trimmed(std::unique_ptr<data::Tree> list, const ListWish& wish) {
  const auto& ways = unread(wish);
  if (ways.empty()) return list;
  Unread fates(ways);
  auto text = data::rewritten(list->document(0), fates);
  list.reset();
  return data::read_answer(std::move(text)).tree;
}

}  // namespace aksmesh::kube
