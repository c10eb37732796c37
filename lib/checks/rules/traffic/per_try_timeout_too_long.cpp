// SPDX-License-Identifier: Apache-2.0
#include "checks/http_routes.hpp"
#include "istio/validation/syntax.hpp"

namespace aksmesh::checks {
namespace {

void run(const Facts& facts, Findings& out) {
  visit_http_rules(facts, [&](const Object& service, const Node& rule) {
    const auto per_try = rule.at("retries", "perTryTimeout");
    const auto one = istio::validation::parse_duration(per_try.text());
    const auto all = istio::validation::parse_duration(rule["timeout"].text());
    if (!one || !all || all->count() <= 0 || *one < *all) return;
    out.add(service, per_try,
            "an attempt may take {perTry}, and the whole request only {timeout}: none that is slow "
            "is ever tried again",
            {{"perTry", std::string(per_try.text())},
             {"timeout", std::string(rule["timeout"].text())}});
  });
}

}  // namespace

extern const Check per_try_timeout_too_long;
constinit const Check per_try_timeout_too_long{
    .slug = "per-try-timeout-too-long", .reads = {Kind::virtual_service}, .run = run};

}  // namespace aksmesh::checks
