// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "checks/check.hpp"
#include "checks/name_list.hpp"
#include "mesh/label_selector.hpp"

namespace aksmesh::checks {
namespace {

constexpr std::string_view kIstioSuffix = "istio.io";
/// Stands for a revision that a selector does not name; no label can have this value.
constexpr std::string_view kAnyOther = "*";

struct Hook {
  const Object* configuration = nullptr;
  Node node{};
  std::string name{};  ///< configuration/webhook
};
/// Positions of webhooks.
using Hooks = std::vector<std::size_t>;

/// The revisions that a selector names.
std::vector<std::string_view> revisions_in(const Node& selector) {
  std::vector<std::string_view> out;
  if (const auto label = selector.at("matchLabels", kRevisionLabel)) out.push_back(label.text());
  for (const auto expression : selector["matchExpressions"].items())
    if (expression["key"].text() == kRevisionLabel)
      for (const auto value : expression["values"].items()) out.push_back(value.text());
  return out;
}

void take_revisions(const Node& selector, std::set<std::string_view>& out) {
  for (const auto revision : revisions_in(selector)) out.insert(revision);
}

/// The webhooks of configurations that are about injection, and the revisions that these name.
std::vector<Hook> find_hooks(const Facts& facts, std::set<std::string_view>& revisions) {
  std::vector<Hook> hooks;
  for (const auto* configuration : facts.all(Kind::mutating_webhook_configuration)) {
    std::set<std::string_view> named;
    if (const auto label = configuration->label(kRevisionLabel)) named.insert(label.text());
    bool is_istio = false;
    for (const auto hook : configuration->root["webhooks"].items()) {
      take_revisions(hook["namespaceSelector"], named);
      take_revisions(hook["objectSelector"], named);
      is_istio = is_istio || hook["name"].text().ends_with(kIstioSuffix);
    }
    if (named.empty() && !is_istio) continue;
    revisions.merge(named);
    for (const auto hook : configuration->root["webhooks"].items())
      hooks.push_back({configuration, hook, full_name(configuration->name, hook["name"].text())});
  }
  return hooks;
}

/// Finds the sets of webhooks that would all take one pod: one whose namespace and itself carry the
/// labels that decide about injection, in any combination of their values and the revisions.
/// Instead of trying them all, the webhooks are sorted by the revisions that their selectors name.
class Overlaps {
 public:
  Overlaps(const std::vector<Hook>& hooks, const std::set<std::string_view>& revisions)
      : hooks_(hooks), revisions_(revisions.size()) {}

  std::set<Hooks> find() {
    Hooks all(hooks_.size());
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
    std::set<Hooks> by_namespace;
    for (const std::string_view choice : {"", "enabled", "disabled"})
      by_namespace.merge(answers(all, "namespaceSelector", {kInjectionLabel, choice}));
    std::set<Hooks> overlaps;
    for (const auto& group : by_namespace)
      for (const std::string_view choice : {"", "true", "false"})
        overlaps.merge(answers(group, "objectSelector", {kPodInjectionLabel, choice}));
    return overlaps;
  }

 private:
  [[nodiscard]] bool takes(std::size_t hook, std::string_view selector, const mesh::Label& label,
                           std::string_view revision) const {
    mesh::Labels labels;
    if (!label.second.empty()) labels.push_back(label);
    if (!revision.empty()) labels.emplace_back(kRevisionLabel, revision);
    return mesh::match_labels(hooks_[hook].node[selector], {.supposed = labels}) ==
           mesh::LabelMatch::yes;
  }

  /// The groups of several of `among` that take the label (none if its value is empty) together
  /// with no revision, or with one and the same.
  [[nodiscard]] std::set<Hooks> answers(const Hooks& among, std::string_view selector,
                                        const mesh::Label& label) const {
    Hooks without;
    Hooks broad;  // take every revision but those that they name
    std::map<std::string_view, Hooks> named;
    std::map<std::string_view, std::set<std::size_t>> excepted;
    for (const auto hook : among) {
      if (takes(hook, selector, label, {})) without.push_back(hook);
      const bool takes_others = takes(hook, selector, label, kAnyOther);
      if (takes_others) broad.push_back(hook);
      for (const auto revision : revisions_in(hooks_[hook].node[selector])) {
        const bool taken = takes(hook, selector, label, revision);
        if (taken && !takes_others) named[revision].push_back(hook);
        if (!taken && takes_others) excepted[revision].insert(hook);
      }
    }
    std::set<Hooks> groups;
    const auto add = [&](Hooks group) {
      std::sort(group.begin(), group.end());
      group.erase(std::unique(group.begin(), group.end()), group.end());
      if (group.size() > 1) groups.insert(std::move(group));
    };
    add(std::move(without));
    for (const auto& [revision, gone] : excepted) named.try_emplace(revision);
    for (auto& [revision, group] : named) {
      group.insert(group.end(), broad.begin(), broad.end());
      if (const auto gone = excepted.find(revision); gone != excepted.end())
        std::erase_if(group, [&out = gone->second](auto hook) { return out.contains(hook); });
      add(std::move(group));
    }
    if (revisions_ > named.size()) add(std::move(broad));
    return groups;
  }

  const std::vector<Hook>& hooks_;
  std::size_t revisions_;
};

/// The add-on's own configuration of a revision, which its user cannot change.
bool is_managed(const Object& configuration) {
  return configuration.name.starts_with(kInjectorConfigMapPrefix) &&
         configuration.name.ends_with(kSystemSuffix);
}

void report_overlap(const Facts& facts, const std::vector<Hook>& hooks, const Hooks& together,
                    Findings& out) {
  const bool all_managed = std::all_of(together.begin(), together.end(), [&](std::size_t i) {
    return is_managed(*hooks[i].configuration);
  });
  std::set<std::string_view> names;
  for (const auto one : together) names.insert(hooks[one].name);
  if (names.size() < 2) return;  // two of one name in a configuration
  for (const auto one : together) {
    if (!facts.is_upstream() && !all_managed && is_managed(*hooks[one].configuration)) continue;
    std::vector<std::string> others;
    for (const auto name : names) {
      if (name == hooks[one].name) continue;
      // Each of them has such a list: together they would grow with the square of their number.
      if (others.size() == kMostNames) {
        others.emplace_back("...");
        break;
      }
      others.emplace_back(name);
    }
    out.report("IST0139", *hooks[one].configuration, hooks[one].node["name"],
               {"Webhook overlaps with others: " + list_text(others) +
                ". This may cause injection to occur twice."});
  }
}

void check_service(const Facts& facts, const Hook& hook, Findings& out) {
  const auto service = hook.node.at("clientConfig", "service");
  if (!service.is_mapping()) return;
  const auto name_space = service["namespace"].text();
  const auto name = service["name"].text();
  if (facts.find(Kind::service, name_space, name) != nullptr) return;
  // A tag names a revision, and the service is that of the revision.
  const auto revision = hook.configuration->label(kRevisionLabel);
  const bool is_tag = !facts.is_upstream() && hook.configuration->label(kTagLabel) && revision;
  if (facts.covers(Kind::service, name_space))
    out.report("IST0139", *hook.configuration, is_tag ? revision : service["name"],
               {"Injector refers to a control plane service that does not exist: " +
                full_name(name_space, name) + "."});
  else
    out.unknown("IST0139", *hook.configuration,
                "the input holds no Services of namespace " + std::string(name_space) +
                    "; the webhook needs " + std::string(name));
}

void run(const Facts& facts, Findings& out) {
  std::set<std::string_view> revisions;
  const auto hooks = find_hooks(facts, revisions);
  for (const auto& together : Overlaps(hooks, revisions).find())
    report_overlap(facts, hooks, together, out);
  for (const auto& hook : hooks) check_service(facts, hook, out);
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
