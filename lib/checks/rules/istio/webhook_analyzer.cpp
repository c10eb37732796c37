// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "checks/check.hpp"
#include "mesh/label_selector.hpp"

namespace aksmesh::checks {
namespace {

constexpr std::string_view kIstioSuffix = "istio.io";

struct Hook {
  const Object* configuration = nullptr;
  Node node{};
  std::string name{};  ///< configuration/webhook
};
/// Positions of webhooks.
using Hooks = std::vector<std::size_t>;

void take_revisions(const Node& selector, std::set<std::string_view>& out) {
  if (const auto label = selector.at("matchLabels", kRevisionLabel)) out.insert(label.text());
  for (const auto expression : selector["matchExpressions"].items())
    if (expression["key"].text() == kRevisionLabel)
      for (const auto value : expression["values"].items()) out.insert(value.text());
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

/// Labels that decide about injection: none, the given key with either value, and each of these
/// with every revision.
std::vector<mesh::Labels> label_sets(std::string_view key,
                                     const std::array<std::string_view, 2>& values,
                                     const std::set<std::string_view>& revisions) {
  std::vector<mesh::Labels> sets{{}};
  for (const auto value : values) sets.push_back({{key, value}});
  for (std::size_t i = 0, plain = sets.size(); i < plain; ++i)
    for (const auto revision : revisions) {
      sets.push_back(sets[i]);
      sets.back().emplace_back(kRevisionLabel, revision);
    }
  return sets;
}

/// Which webhooks take objects with such labels, each answer once.
std::set<Hooks> answers(const std::vector<Hook>& hooks, std::string_view selector,
                        const std::vector<mesh::Labels>& sets) {
  std::set<Hooks> out;
  for (const auto& labels : sets) {
    Hooks taken;
    for (std::size_t i = 0; i < hooks.size(); ++i)
      if (mesh::match_labels(hooks[i].node[selector], {.supposed = labels}) ==
          mesh::LabelMatch::yes)
        taken.push_back(i);
    out.insert(std::move(taken));
  }
  return out;
}

/// Every set of webhooks that would all take one pod.
std::set<Hooks> find_overlaps(const std::vector<Hook>& hooks,
                              const std::set<std::string_view>& revisions) {
  const auto by_namespace = answers(
      hooks, "namespaceSelector", label_sets(kInjectionLabel, {"enabled", "disabled"}, revisions));
  const auto by_object = answers(hooks, "objectSelector",
                                 label_sets(kPodInjectionLabel, {"true", "false"}, revisions));
  std::vector<Hooks> answers_with(hooks.size());  // positions in by_object, by webhook
  std::size_t at = 0;
  for (const auto& taken : by_object) {
    for (const auto hook : taken) answers_with[hook].push_back(at);
    ++at;
  }
  std::set<Hooks> overlaps;
  for (const auto& taken : by_namespace) {
    std::map<std::size_t, Hooks> both;
    for (const auto hook : taken)
      for (const auto answer : answers_with[hook]) both[answer].push_back(hook);
    for (auto& [answer, together] : both)
      if (together.size() > 1) overlaps.insert(std::move(together));
  }
  return overlaps;
}

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
  for (const auto one : together) {
    if (!facts.is_upstream() && !all_managed && is_managed(*hooks[one].configuration)) continue;
    std::set<std::string> others;
    for (const auto other : together)
      if (hooks[other].name != hooks[one].name) others.insert(hooks[other].name);
    if (others.empty()) continue;  // two of one name in a configuration
    out.report("IST0139", *hooks[one].configuration, hooks[one].node["name"],
               {"Webhook overlaps with others: " +
                list_text(std::vector<std::string>(others.begin(), others.end())) +
                ". This may cause injection to occur twice."});
  }
}

void check_service(const Facts& facts, const Hook& hook, Findings& out) {
  const auto service = hook.node.at("clientConfig", "service");
  if (!service.is_mapping()) return;
  const auto name_space = service["namespace"].text();
  const auto name = service["name"].text();
  if (facts.find(Kind::service, name_space, name) != nullptr) return;
  if (facts.covers(Kind::service, name_space))
    out.report("IST0139", *hook.configuration, service["name"],
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
  for (const auto& together : find_overlaps(hooks, revisions))
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
