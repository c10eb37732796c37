// SPDX-License-Identifier: Apache-2.0
#include "checks/http_routes.hpp"

namespace aksmesh::checks {
namespace {

void check_fault(const Object& service, const Node& fault, std::string_view what, Findings& out) {
  if (!fault.is_mapping()) return;
  const auto percentage = fault["percentage"];
  if (percentage && percentage_of(percentage) > 0) return;
  if (!percentage && fault["percent"].as_double().value_or(0) > 0) return;
  out.add(service, percentage ? percentage : fault,
          percentage ? "{what} of 0 % of the requests never happens"
                     : "{what} without a percentage never happens: left out it means 0",
          {{"what", std::string(what)}});
}

void check_mirror(const Object& service, const Node& percentage, Findings& out) {
  if (percentage && percentage_of(percentage) <= 0)
    out.add(service, percentage, "{what} of 0 % of the requests never happens",
            {{"what", "a copy"}});
}

void run(const Facts& facts, Findings& out) {
  visit_http_rules(facts, [&](const Object& service, const Node& rule) {
    check_fault(service, rule.at("fault", "abort"), "an abort", out);
    check_fault(service, rule.at("fault", "delay"), "a delay", out);
    if (rule["mirror"]) check_mirror(service, rule["mirrorPercentage"], out);
    for (const auto mirror : rule["mirrors"].items())
      check_mirror(service, mirror["percentage"], out);
  });
}

}  // namespace

extern const Check percentage_zero;
constinit const Check percentage_zero{
    .slug = "percentage-zero", .reads = {Kind::virtual_service}, .run = run};

}  // namespace aksmesh::checks
