// SPDX-License-Identifier: Apache-2.0
#include "kube/trimmed.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>

#include "data/json_rewrite.hpp"
#include "kube/answers.hpp"

namespace aksmesh::kube {
namespace {

// Ways to members of one object, word by word and sorted; `[]` is each item of a list.

/// A third of a list, and mostly of no interest here.
constexpr std::array<std::string_view, 2> kBookkeeping{
    "metadata annotations kubectl.kubernetes.io/last-applied-configuration",
    "metadata managedFields",
};

/// With thousands of pods these are most of what a command would hold in memory. A law compares the
/// findings of all cases with and without them.
constexpr std::array<std::string_view, 52> kOfPods{
    "metadata annotations kubectl.kubernetes.io/last-applied-configuration",
    "metadata managedFields",
    "spec containers [] args",
    "spec containers [] command",
    "spec containers [] env",
    "spec containers [] envFrom",
    "spec containers [] imagePullPolicy",
    "spec containers [] lifecycle",
    "spec containers [] livenessProbe",
    "spec containers [] readinessProbe",
    "spec containers [] startupProbe",
    "spec containers [] terminationMessagePath",
    "spec containers [] terminationMessagePolicy",
    "spec containers [] volumeDevices",
    "spec containers [] volumeMounts",
    "spec containers [] workingDir",
    "spec dnsPolicy",
    "spec enableServiceLinks",
    "spec imagePullSecrets",
    "spec initContainers [] args",
    "spec initContainers [] command",
    "spec initContainers [] env",
    "spec initContainers [] envFrom",
    "spec initContainers [] imagePullPolicy",
    "spec initContainers [] lifecycle",
    "spec initContainers [] livenessProbe",
    "spec initContainers [] readinessProbe",
    "spec initContainers [] startupProbe",
    "spec initContainers [] terminationMessagePath",
    "spec initContainers [] terminationMessagePolicy",
    "spec initContainers [] volumeDevices",
    "spec initContainers [] volumeMounts",
    "spec initContainers [] workingDir",
    "spec preemptionPolicy",
    "spec schedulerName",
    "spec serviceAccount",
    "spec terminationGracePeriodSeconds",
    "spec topologySpreadConstraints",
    "spec volumes [] configMap",
    "spec volumes [] csi",
    "spec volumes [] downwardAPI",
    "spec volumes [] emptyDir",
    "spec volumes [] projected",
    "status conditions [] lastProbeTime",
    "status containerStatuses [] containerID",
    "status containerStatuses [] imageID",
    "status containerStatuses [] volumeMounts",
    "status hostIPs",
    "status initContainerStatuses [] containerID",
    "status initContainerStatuses [] imageID",
    "status initContainerStatuses [] volumeMounts",
    "status podIPs",
};

/// Definitions describe every field of what they define.
constexpr std::array<std::string_view, 3> kOfDefinitions{
    "metadata annotations kubectl.kubernetes.io/last-applied-configuration",
    "metadata managedFields",
    "spec versions [] schema",
};

static_assert(std::is_sorted(kBookkeeping.begin(), kBookkeeping.end()) &&
              std::is_sorted(kOfPods.begin(), kOfPods.end()) &&
              std::is_sorted(kOfDefinitions.begin(), kOfDefinitions.end()));

std::span<const std::string_view> unread(const ListWish& wish) {
  const std::string_view kind = wish.resource.kind;
  if (wish.depth == ListWish::Depth::lean && kind == "Pod") return kOfPods;
  if (wish.depth == ListWish::Depth::lean && kind == "CustomResourceDefinition")
    return kOfDefinitions;
  // Of these it is asked who wrote them.
  if (kind == "ConfigMap" || kind == "Namespace" || kind == "MutatingWebhookConfiguration" ||
      kind == "Service")
    return {};
  return kBookkeeping;
}

class Unread final : public data::Fates {
 public:
  explicit Unread(std::span<const std::string_view> ways) : ways_(ways) {}

  data::Fate of(const data::KeyPath& path, const data::Node&, const data::Node&) override {
    if (path.front() != "items") return data::Fate::keep;
    way_.clear();
    // Behind `items []`.
    for (std::size_t i = 2; i < path.size(); ++i)
      way_.append(way_.empty() ? "" : " ").append(path[i]);
    if (way_.empty()) return data::Fate::look;
    const auto next = std::lower_bound(ways_.begin(), ways_.end(), way_);
    if (next != ways_.end() && *next == way_) return data::Fate::drop;
    // What leads further sorts behind it at once: a space is less than all that names hold.
    const bool leads_on =
        next != ways_.end() && next->starts_with(way_) && (*next)[way_.size()] == ' ';
    return leads_on ? data::Fate::look : data::Fate::keep;
  }

 private:
  std::span<const std::string_view> ways_;
  std::string way_{};
};

}  // namespace

std::unique_ptr<data::Tree> trimmed(std::unique_ptr<data::Tree> list, const ListWish& wish) {
  const auto ways = unread(wish);
  if (ways.empty()) return list;
  Unread fates(ways);
  auto text = data::rewritten(list->document(0), fates);
  list.reset();
  return read_list(std::move(text)).tree;
}

}  // namespace aksmesh::kube
