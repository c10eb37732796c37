// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "checks/check.hpp"
#include "checks/short_list.hpp"
#include "mesh/label_selector.hpp"

namespace aksmesh::checks {
namespace {

using mesh::Label;
using mesh::Labels;

/// Stands for a revision that a selector does not name; no label can have this value.
constexpr std::string_view kAnyOther = "*";

struct Webhook {
  const Object* configuration = nullptr;
  Node node{};
  [[nodiscard]] std::string name() const {
    return full_name(configuration->name, node["name"].text());
  }
};
using Group = std::vector<std::size_t>;  // positions in the list of webhooks, ascending

/// The revisions that a selector names.
std::vector<std::string_view> revisions_in(const Node& selector) {
  std::vector<std::string_view> out;
  if (const auto revision = selector["matchLabels"][kRevisionLabel]) out.push_back(revision.text());
  for (const auto expression : selector["matchExpressions"].items())
    if (expression["key"].text() == kRevisionLabel)
      for (const auto value : expression["values"].items()) out.push_back(value.text());
  return out;
}

bool names_revisions(const Node& selector) {
  const auto expressions = selector["matchExpressions"].items();
  return selector["matchLabels"][kRevisionLabel] ||
         std::any_of(expressions.begin(), expressions.end(), [](const Node& expression) {
           return expression["key"].text() == kRevisionLabel;
         });
}

bool is_injector(const Object& configuration) {
  if (configuration.label(kRevisionLabel)) return true;
  const auto webhooks = configuration.root["webhooks"].items();
  return std::any_of(webhooks.begin(), webhooks.end(), [](const Node& webhook) {
    return webhook["name"].text().ends_with("istio.io") ||
           names_revisions(webhook["namespaceSelector"]) ||
           names_revisions(webhook["objectSelector"]);
  });
}

/// Finds the sets of webhooks that take one and the same pod. Instead of trying every pair of
/// namespace and pod labels, the webhooks are sorted by the revisions that they name.
class Overlaps {
 public:
  explicit Overlaps(const std::vector<Webhook>& webhooks) : webhooks_(webhooks) {
    for (const auto& webhook : webhooks) {
      if (const auto revision = webhook.configuration->label(kRevisionLabel))
        revisions_.insert(revision.text());
      for (const std::string_view selector : {"namespaceSelector", "objectSelector"})
        for (const auto revision : revisions_in(webhook.node[selector]))
          revisions_.insert(revision);
    }
  }

  std::set<Group> find() {
    Group all(webhooks_.size());
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
    for (const std::string_view choice : {"", "enabled", "disabled"})
      for (const auto& group : split(all, "namespaceSelector", {kInjectionLabel, choice}))
        if (seen_.insert(group).second) find_among(group);
    return found_;
  }

 private:
  void find_among(const Group& group) {
    for (const std::string_view choice : {"", "true", "false"})
      found_.merge(split(group, "objectSelector", {kPodInjectionLabel, choice}));
  }

  /// The groups of several of `among` that take the label (none if its value is empty) together
  /// with no revision, or with one and the same.
  [[nodiscard]] std::set<Group> split(const Group& among, std::string_view selector,
                                      const Label& label) const {
    Group without;
    Group broad;  // take every revision but those that they name
    std::unordered_map<std::string_view, Group> named;
    std::unordered_map<std::string_view, std::unordered_set<std::size_t>> excepted;
    const auto takes = [&](std::size_t at, std::string_view revision) {
      Labels labels;
      if (!label.second.empty()) labels.push_back(label);
      if (!revision.empty()) labels.emplace_back(kRevisionLabel, revision);
      std::sort(labels.begin(), labels.end());
      return mesh::selects(webhooks_[at].node[selector], labels);
    };
    for (const auto at : among) {
      if (takes(at, {})) without.push_back(at);
      const bool takes_others = takes(at, kAnyOther);
      if (takes_others) broad.push_back(at);
      for (const auto revision : revisions_in(webhooks_[at].node[selector])) {
        const bool taken = takes(at, revision);
        if (taken && !takes_others) named[revision].push_back(at);
        if (!taken && takes_others) excepted[revision].insert(at);
      }
    }
    std::set<Group> groups;
    const auto add = [&](Group group) {
      std::sort(group.begin(), group.end());
      group.erase(std::unique(group.begin(), group.end()), group.end());
      if (group.size() > 1) groups.insert(std::move(group));
    };
    add(std::move(without));
    for (auto& [revision, group] : named) {
      group.insert(group.end(), broad.begin(), broad.end());
      if (excepted.contains(revision))
        std::erase_if(group, [&, &out = excepted[revision]](auto at) { return out.contains(at); });
      add(group);
    }
    auto told_apart = named.size();
    for (const auto& [revision, gone] : excepted) {
      if (named.contains(revision)) continue;
      ++told_apart;
      auto group = broad;
      std::erase_if(group, [&, &out = gone](auto at) { return out.contains(at); });
      add(std::move(group));
    }
    if (revisions_.size() > told_apart) add(std::move(broad));
    return groups;
  }

  const std::vector<Webhook>& webhooks_;
  std::unordered_set<std::string_view> revisions_;
  std::set<Group> seen_;
  std::set<Group> found_;
};

void report_overlap(const std::vector<Webhook>& webhooks, const Group& group, Findings& out) {
  std::vector<std::pair<std::string, std::size_t>> sorted;
  for (const auto at : group) sorted.emplace_back(webhooks[at].name(), at);
  std::sort(sorted.begin(), sorted.end());
  for (const auto own : group) {
    std::vector<std::string> others;
    for (const auto& [name, at] : sorted) {
      if (at != own) others.push_back(name);
      if (others.size() > kLongestList) break;
    }
    const auto& [configuration, node] = webhooks[own];
    out.report("IST0139", *configuration, node["name"],
               {"Webhook overlaps with others: " + short_list(std::move(others)) +
                ". This may cause injection to occur twice."});
  }
}

void check_service(const Facts& facts, const Webhook& webhook, Findings& out) {
  const auto service = webhook.node.at("clientConfig", "service");
  const auto name = service["name"].text();
  const auto name_space = service["namespace"].text();
  if (!service || facts.find(Kind::service, name_space, name) != nullptr) return;
  const auto& configuration = *webhook.configuration;
  const auto full = full_name(name_space, name);
  if (!facts.covers(Kind::service, name_space))
    return out.unknown("IST0139", configuration,
                       "the input holds no Services of namespace " + std::string(name_space) +
                           "; " + full + " must be there");
  // A tag names a revision, and the service is that of the revision.
  const auto revision = configuration.label(kRevisionLabel);
  out.report("IST0139", configuration,
             configuration.label(kTagLabel) && revision ? revision : service["name"],
             {"Injector refers to a control plane service that does not exist: " + full + '.'});
}

void run(const Facts& facts, Findings& out) {
  std::vector<Webhook> webhooks;
  for (const auto* configuration : facts.all(Kind::mutating_webhook_configuration))
    if (is_injector(*configuration))
      for (const auto node : configuration->root["webhooks"].items())
        webhooks.push_back({configuration, node});
  for (const auto& group : Overlaps(webhooks).find()) report_overlap(webhooks, group, out);
  for (const auto& webhook : webhooks) check_service(facts, webhook, out);
}

constexpr std::array<std::string_view, 1> kCodes{"IST0139"};

}  // namespace

extern const Check webhook_analyzer;
constinit const Check webhook_analyzer{
    .slug = "webhook-analyzer",
    .reads = {Kind::mutating_webhook_configuration, Kind::service},
    .run = run,
    .codes = kCodes,
    .analyzer = "webhook.Analyzer"};

}  // namespace aksmesh::checks
