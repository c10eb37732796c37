// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>

#include "checks/check.hpp"
#include "checks/destinations.hpp"
#include "istio/host.hpp"
#include "mesh/host_index.hpp"

namespace aksmesh::checks {
namespace {

using mesh::LabelIndex;
using mesh::Labels;

constexpr std::string_view kRegion = "topology.kubernetes.io/region";
constexpr std::string_view kZone = "topology.kubernetes.io/zone";
constexpr std::string_view kSubzone = "topology.istio.io/subzone";
constexpr std::string_view kHostname = "kubernetes.io/hostname";

bool is_of_node(std::string_view key) {
  return key == kRegion || key == kZone || key == kSubzone || key == kHostname;
}

/// The node that a pod runs on; empty for a pod that has none yet, and for templates.
std::string_view node_name(const Object& pod) {
  return mesh::pod_parts(pod).spec["nodeName"].text();
}

/// The labels by which a host finds its pods.
Labels selector_of(const mesh::HostEntry& host) {
  const auto spec = host.object->spec();
  return mesh::labels_of(host.is_service() ? spec["selector"]
                                           : spec.at("workloadSelector", "labels"));
}

/// Pods by their labels and those that Istio adds from their nodes.
class LocatedPods {
 public:
  explicit LocatedPods(const Facts& facts) : facts_(facts) {}

  [[nodiscard]] bool any_matches(const Labels& wanted) {
    if (std::none_of(wanted.begin(), wanted.end(),
                     [](const mesh::Label& label) { return is_of_node(label.first); }))
      return facts_.pods().any_matches(wanted);
    if (!index_) locate();
    return index_->any_matches(wanted);
  }
  /// True when a pod of the host matches but for labels of its node, and that is not known.
  [[nodiscard]] bool may_match(const mesh::HostEntry& host, const Labels& wanted) const {
    auto own = selector_of(host);
    for (const auto& label : wanted)
      if (!is_of_node(label.first)) own.push_back(label);
    std::sort(own.begin(), own.end());
    own.erase(std::unique(own.begin(), own.end()), own.end());
    bool open = false;
    facts_.pods(host.object->name_space).visit_matching(own, [&](const LabelIndex::Item& pod) {
      const auto node = node_name(*pod.object);
      open = node.empty() || facts_.find(Kind::node, {}, node) == nullptr;
      return !open;
    });
    return open && std::any_of(wanted.begin(), wanted.end(),
                               [](const mesh::Label& label) { return is_of_node(label.first); });
  }

 private:
  void locate() {
    index_.emplace();
    for (const auto& pod : facts_.pods().items())
      index_->add(pod.object, completed(*pod.object, pod.labels));
  }
  [[nodiscard]] Labels completed(const Object& pod, Labels labels) const {
    const auto name = node_name(pod);
    if (name.empty()) return labels;
    std::map<std::string_view, std::string_view> all(labels.begin(), labels.end());
    all[kHostname] = name;
    if (const auto* node = facts_.find(Kind::node, {}, name)) {
      const auto zone = node->label(kZone).text();
      for (const auto key : {kRegion, kZone, kSubzone})
        if (const auto value = node->label(key).text();
            !value.empty() && (key != kSubzone || !zone.empty()))
          all[key] = value;
    }
    return {all.begin(), all.end()};
  }

  const Facts& facts_;
  std::optional<LabelIndex> index_;
};

/// What a subset asks of pods: its labels over those that select the ServiceEntry's workloads.
Labels wanted_labels(const mesh::HostEntry& host, const Node& subset) {
  std::map<std::string_view, std::string_view> all;
  if (!host.is_service())
    for (const auto [key, value] : host.object->spec().at("workloadSelector", "labels").entries())
      all[key.text()] = value.text();
  for (const auto [key, value] : subset["labels"].entries()) all[key.text()] = value.text();
  return {all.begin(), all.end()};
}

bool any_endpoint_matches(const mesh::HostEntry& host, const Node& subset) {
  const auto wanted = mesh::labels_of(subset["labels"]);
  if (host.is_service()) return false;
  for (const auto endpoint : host.object->spec()["endpoints"].items())
    if (mesh::carries(mesh::labels_of(endpoint["labels"]), wanted)) return true;
  return false;
}

/// Hosts that the input knows, for rules about all that match a wildcard.
class KnownHosts {
 public:
  explicit KnownHosts(const Facts& facts) : facts_(facts) {}
  [[nodiscard]] bool any_overlaps(std::string_view host) {
    if (!index_) {
      index_.emplace();
      for (const auto* entry : facts_.all(Kind::service_entry))
        for (const auto one : entry->spec()["hosts"].items()) index_->add(one.text(), 0);
    }
    bool found = false;
    index_->visit_overlapping(host, [&](std::uint32_t) {
      found = true;
      return false;
    });
    return found;
  }

 private:
  const Facts& facts_;
  std::optional<mesh::HostIndex> index_;
};

void report_unknown_host(const Facts& facts, const Object& rule, KnownHosts& known, Findings& out) {
  const auto node = rule.spec()["host"];
  const auto host = node.text();
  // A rule may be about every service that its wildcard matches, those to come included.
  const bool wildcard = !facts.is_upstream() && istio::is_wildcard(host);
  if (wildcard && (istio::kServiceSuffix.ends_with(host.substr(1)) ||
                   host.ends_with(istio::kServiceSuffix) || known.any_overlaps(host)))
    return;
  if (proves_missing(facts, host, rule.name_space))
    out.report("IST0174", rule, node, {std::string(host)});
  else
    out.unknown("IST0174", rule, missing_host_reason(host, rule.name_space));
}

/// Whether the input holds pods of a host at all; those of a ServiceEntry that selects none are
/// where the entry says.
bool shows_pods(const Facts& facts, const mesh::HostEntry& host) {
  const auto selector = selector_of(host);
  if (selector.empty()) return !host.is_service();
  return facts.pods(host.object->name_space).any_matches(selector);
}

void check_subset(const Facts& facts, const Object& rule, const mesh::HostEntry& host,
                  const Node& subset, LocatedPods& pods, Findings& out) {
  const std::string name(subset["name"].text());
  const auto wanted = wanted_labels(host, subset);
  if (pods.any_matches(wanted)) return;
  const bool addon = !facts.is_upstream();
  if (addon && (subset["labels"].size() == 0 || any_endpoint_matches(host, subset))) return;
  if (addon && !shows_pods(facts, host))
    out.unknown("IST0173", rule,
                "the input holds no pods of host " + std::string(rule.spec()["host"].text()));
  else if (addon && pods.may_match(host, wanted))
    out.unknown(
        "IST0173", rule,
        "subset " + name + " asks for labels of nodes, and where the pods run is not known");
  else
    out.report("IST0173", rule, subset["labels"], {name});
}

void run(const Facts& facts, Findings& out) {
  LocatedPods pods(facts);
  KnownHosts known(facts);
  for (const auto* rule : facts.all(Kind::destination_rule)) {
    const auto spec = rule->spec();
    const auto* host = find_host(facts, spec["host"].text(), *rule);
    if (host == nullptr) {
      report_unknown_host(facts, *rule, known, out);
      continue;
    }
    std::map<std::string_view, Node> subsets;  // the last one of a name counts
    for (const auto subset : spec["subsets"].items()) subsets[subset["name"].text()] = subset;
    for (const auto& [name, subset] : subsets) check_subset(facts, *rule, *host, subset, pods, out);
  }
}

constexpr std::array<std::string_view, 2> kCodes{"IST0173", "IST0174"};

}  // namespace

extern const Check destinationrule_subset_select_pod_analyzer;
constinit const Check destinationrule_subset_select_pod_analyzer{
    .slug = "destinationrule-subset-select-pod-analyzer",
    .reads = kPodKinds | kHostKinds | KindSet{Kind::destination_rule, Kind::node},
    .run = run,
    .codes = kCodes,
    .analyzer = "destinationrule.SubsetSelectPodAnalyzer"};

}  // namespace aksmesh::checks
