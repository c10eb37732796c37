// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>

#include "checks/check.hpp"

namespace aksmesh::checks {
namespace {

constexpr std::string_view kCode = "AKM7005";
constexpr std::string_view kDryRun = "istio.io/dry-run";
// Istio's own marks, which nobody else may set.
constexpr std::array<std::string_view, 3> kReserved{"internal.istio.io/webhook-always-reject",
                                                    "internal.istio.io/parents",
                                                    "internal.istio.io/parent-namespace"};
// What Go's strconv.ParseBool takes, which reads the annotation.
constexpr std::array<std::string_view, 12> kBooleans{"1", "t", "T", "true",  "True",  "TRUE",
                                                     "0", "f", "F", "false", "False", "FALSE"};

constexpr KindSet kKinds{Kind::istio_gateway,
                         Kind::virtual_service,
                         Kind::destination_rule,
                         Kind::service_entry,
                         Kind::sidecar,
                         Kind::envoy_filter,
                         Kind::proxy_config,
                         Kind::workload_entry,
                         Kind::workload_group,
                         Kind::authorization_policy,
                         Kind::peer_authentication,
                         Kind::request_authentication,
                         Kind::telemetry,
                         Kind::wasm_plugin};

void report(const Object& object, const Node& value, std::string_view annotation,
            const std::string& problem, Findings& out) {
  out.report(kCode, object, value, {std::string(annotation), problem});
}

void check_dry_run(const Object& object, Findings& out) {
  const auto value = object.annotation(kDryRun);
  if (!value) return;
  const auto action = object.spec()["action"].text();
  if (object.kind != Kind::authorization_policy)
    report(object, value, kDryRun, "is only for an AuthorizationPolicy", out);
  else if (!action.empty() && action != "ALLOW" && action != "DENY")
    report(object, value, kDryRun,
           "is only for the actions ALLOW and DENY, not for " + std::string(action), out);
  else if (std::find(kBooleans.begin(), kBooleans.end(), value.text()) == kBooleans.end())
    report(object, value, kDryRun,
           "must be true or false, not \"" + std::string(value.text()) + '"', out);
}

void check(const Object& object, Findings& out) {
  check_dry_run(object, out);
  for (const auto annotation : kReserved)
    if (const auto value = object.annotation(annotation))
      report(object, value, annotation, "is Istio's own; the webhook refuses an object with it",
             out);
}

void run(const Facts& facts, Findings& out) {
  for (std::size_t i = 0; i < static_cast<std::size_t>(Kind::count_); ++i)
    if (const auto kind = static_cast<Kind>(i); kKinds.has(kind))
      for (const auto* object : facts.as_read(kind)) check(*object, out);
}

}  // namespace

extern const Check refused_annotation;
constinit const Check refused_annotation{
    .slug = "refused-annotation", .reads = kKinds, .run = run, .runs = Runs::when_asked};

}  // namespace aksmesh::checks
