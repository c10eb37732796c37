// SPDX-License-Identifier: Apache-2.0
#include "checks/http_routes.hpp"

namespace aksmesh::checks {
namespace {

/// What an abort answers with.
std::string answer_of(const Node& abort) {
  if (const auto status = abort["grpcStatus"]) return "gRPC status " + std::string(status.text());
  const auto status = abort["httpStatus"].text();
  return status.empty() ? std::string("an error") : "status " + std::string(status);
}

void run(const Facts& facts, Findings& out) {
  visit_http_rules(facts, [&](const Object& service, const Node& rule) {
    const auto abort = rule.at("fault", "abort");
    if (percentage_of(abort["percentage"]) > 0)
      out.add(service, abort,
              "{percentage} % of the requests of {route} are answered with {answer}",
              {{"percentage", std::string(abort.at("percentage", "value").text())},
               {"route", rule_text(rule)},
               {"answer", answer_of(abort)}});
    const auto delay = rule.at("fault", "delay");
    const auto share = delay["percentage"] ? delay.at("percentage", "value") : delay["percent"];
    const auto time = delay["fixedDelay"].text();
    if (share.as_double().value_or(0) > 0)
      out.add(service, delay, "{percentage} % of the requests of {route} are held back for {time}",
              {{"percentage", std::string(share.text())},
               {"route", rule_text(rule)},
               {"time", time.empty() ? std::string("some time") : std::string(time)}});
  });
}

}  // namespace

extern const Check fault_injection;
constinit const Check fault_injection{
    .slug = "fault-injection", .reads = {Kind::virtual_service}, .run = run};

}  // namespace aksmesh::checks
