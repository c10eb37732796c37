// SPDX-License-Identifier: Apache-2.0
#include "checks/http_routes.hpp"

namespace aksmesh::checks {
namespace {

bool happens(const Node& fault) {
  return percentage_of(fault["percentage"]) > 0 || fault["percent"].as_double().value_or(0) > 0;
}

void run(const Facts& facts, Findings& out) {
  visit_http_rules(facts, [&](const Object& service, const Node& rule) {
    const auto fault = rule["fault"];
    if (!happens(fault["abort"]) && !happens(fault["delay"])) return;
    const auto retries = rule["retries"];
    const bool retried = retries.is_mapping() && retries["attempts"].as_int() != 0;
    for (const auto& policy : {retried ? retries : Node{}, rule["timeout"]})
      if (policy)
        out.add(
            service, policy,
            "{policy} is not used: the rule injects faults, and proxies then do without retries "
            "and timeouts",
            {{"policy", std::string(policy.key().text())}});
  });
}

}  // namespace

extern const Check fault_with_retries;
constinit const Check fault_with_retries{
    .slug = "fault-with-retries", .reads = {Kind::virtual_service}, .run = run};

}  // namespace aksmesh::checks
