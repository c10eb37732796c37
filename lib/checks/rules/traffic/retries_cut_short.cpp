// SPDX-License-Identifier: Apache-2.0
#include "checks/http_routes.hpp"
#include "istio/validation/syntax.hpp"

namespace aksmesh::checks {
namespace {

void run(const Facts& facts, Findings& out) {
  visit_http_rules(facts, [&](const Object& service, const Node& rule) {
    const auto retries = rule["retries"];
    const auto attempts = retries["attempts"];
    const auto one = istio::validation::parse_duration(retries["perTryTimeout"].text());
    const auto all = istio::validation::parse_duration(rule["timeout"].text());
    const auto count = attempts.as_int().value_or(0);
    // An attempt that takes as long as the whole request is another rule's matter.
    if (!one || !all || count < 2 || *one >= *all || *one <= *all / count) return;
    out.add(service, attempts,
            "{attempts} retries of slow attempts do not fit: each may take {perTry}, and the whole "
            "request ends after {timeout}",
            {{"attempts", std::string(attempts.text())},
             {"perTry", std::string(retries["perTryTimeout"].text())},
             {"timeout", std::string(rule["timeout"].text())}});
  });
}

}  // namespace

extern const Check retries_cut_short;
constinit const Check retries_cut_short{
    .slug = "retries-cut-short", .reads = {Kind::virtual_service}, .run = run};

}  // namespace aksmesh::checks
