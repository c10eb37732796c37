// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <set>

#include "checks/check.hpp"
#include "checks/name_list.hpp"
#include "mesh/injection_webhooks.hpp"

namespace aksmesh::checks {
namespace {

using Hook = mesh::InjectionWebhook;
/// Positions of webhooks.
using Hooks = std::vector<std::size_t>;

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
  const auto found = mesh::find_injection_webhooks(facts.all(Kind::mutating_webhook_configuration));
  for (const auto& together : mesh::overlaps_of(found))
    report_overlap(facts, found.hooks, together, out);
  for (const auto& hook : found.hooks) check_service(facts, hook, out);
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
