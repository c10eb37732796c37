// SPDX-License-Identifier: Apache-2.0
#include "checks/rules/upgrade/validators.hpp"

namespace aksmesh::checks {
namespace {

void check_policy(const Object& blocker, Findings& out) {
  for (const auto& webhook : blocker.root["webhooks"].items()) {
    const auto policy = webhook["failurePolicy"];
    if (policy.text() != "Ignore") continue;
    return out.add(
        blocker, policy,
        "while webhook {name} does not answer, the API server takes every blocked resource",
        {{"name", std::string(blocker.name)}});
  }
}

void run(const Facts& facts, Findings& out) {
  if (const auto* blocker =
          facts.find(Kind::validating_webhook_configuration, {}, kBlockingWebhook))
    return check_policy(*blocker, out);
  for (const auto* configuration : facts.all(Kind::validating_webhook_configuration)) {
    if (!validator_revision(*configuration)) continue;
    return out.add(
        *configuration,
        "the input has the add-on's {name} but not {blocker}, which refuses blocked resources",
        {{"name", std::string(configuration->name)}, {"blocker", std::string(kBlockingWebhook)}});
  }
}

}  // namespace

extern const Check webhook_fail_open;
constinit const Check webhook_fail_open{
    .slug = "webhook-fail-open", .reads = {Kind::validating_webhook_configuration}, .run = run};

}  // namespace aksmesh::checks
