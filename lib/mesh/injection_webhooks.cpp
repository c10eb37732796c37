// SPDX-License-Identifier: Apache-2.0
#include "mesh/injection_webhooks.hpp"

#include <algorithm>
#include <map>

#include "mesh/label_index.hpp"
#include "mesh/names.hpp"

namespace aksmesh::mesh {
namespace {

using namespace names;

constexpr std::string_view kIstioSuffix = "istio.io";
constexpr std::string_view kInjectionPath = "/inject";
/// Stands for a revision that a selector does not name; no label can have this value.
constexpr std::string_view kAnyOther = "*";

/// Positions of webhooks.
using Hooks = std::vector<std::size_t>;

void take_revisions(const data::Node& selector, std::set<std::string_view>& out) {
  for (const auto revision : revisions_in(selector)) out.insert(revision);
}

/// Instead of trying all combinations, the webhooks are sorted by the revisions that their
/// selectors name.
class Overlaps {
 public:
  explicit Overlaps(const InjectionWebhooks& webhooks)
      : hooks_(webhooks.hooks), revisions_(webhooks.revisions.size()) {}

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
  [[nodiscard]] bool takes(std::size_t hook, std::string_view selector, const Label& label,
                           std::string_view revision) const {
    Labels labels;
    if (!label.second.empty()) labels.push_back(label);
    if (!revision.empty()) labels.emplace_back(kRevisionLabel, revision);
    return match_labels(hooks_[hook].node[selector], {.supposed = labels}) == LabelMatch::yes;
  }

  /// The groups of several of `among` that take the label (none if its value is empty) together
  /// with no revision, or with one and the same.
  [[nodiscard]] std::set<Hooks> answers(const Hooks& among, std::string_view selector,
                                        const Label& label) const {
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

  const std::vector<InjectionWebhook>& hooks_;
  std::size_t revisions_;
};

}  // namespace

std::string_view InjectionWebhook::revision() const {
  return configuration->label(kRevisionLabel).text();
}

std::string_view InjectionWebhook::tag() const {
  return configuration->label(kTagLabel).text();
}

bool injects(const InjectionWebhook& webhook) {
  return webhook.node["name"].text().ends_with(kIstioSuffix) ||
         webhook.node.at("clientConfig", "service", "path").text().starts_with(kInjectionPath);
}

std::vector<std::string_view> revisions_in(const data::Node& selector) {
  std::vector<std::string_view> out;
  if (const auto label = selector.at("matchLabels", kRevisionLabel)) out.push_back(label.text());
  for (const auto expression : selector["matchExpressions"].items())
    if (expression["key"].text() == kRevisionLabel)
      for (const auto value : expression["values"].items()) out.push_back(value.text());
  return out;
}

InjectionWebhooks find_injection_webhooks(const std::vector<const Object*>& configurations) {
  InjectionWebhooks out;
  for (const auto* configuration : configurations) {
    std::set<std::string_view> named;
    if (const auto label = configuration->label(kRevisionLabel)) named.insert(label.text());
    bool is_istio = false;
    for (const auto hook : configuration->root["webhooks"].items()) {
      take_revisions(hook["namespaceSelector"], named);
      take_revisions(hook["objectSelector"], named);
      is_istio = is_istio || hook["name"].text().ends_with(kIstioSuffix);
    }
    if (named.empty() && !is_istio) continue;
    out.revisions.merge(named);
    for (const auto hook : configuration->root["webhooks"].items())
      out.hooks.push_back(
          {configuration, hook,
           std::string(configuration->name).append("/").append(hook["name"].text())});
  }
  return out;
}

std::set<std::vector<std::size_t>> overlaps_of(const InjectionWebhooks& webhooks) {
  return Overlaps(webhooks).find();
}

}  // namespace aksmesh::mesh
