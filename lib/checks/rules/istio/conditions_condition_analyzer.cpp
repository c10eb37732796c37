// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "checks/check.hpp"

namespace aksmesh::checks {
namespace {

constexpr std::array<std::string_view, 1> kWaypointBound{"istio.io/WaypointBound"};
constexpr std::array<std::string_view, 2> kPolicyAccepted{"ZtunnelAccepted", "WaypointAccepted"};
constexpr std::array<std::string_view, 3> kGatewayReady{"Accepted", "Programmed", "ResolvedRefs"};

struct Subject {
  Kind kind;
  std::span<const std::string_view> types;  ///< of conditions that ought to hold
};
constexpr std::array<Subject, 6> kSubjects{{{Kind::service, kWaypointBound},
                                            {Kind::service_entry, kWaypointBound},
                                            {Kind::authorization_policy, kPolicyAccepted},
                                            {Kind::kube_gateway, kGatewayReady},
                                            {Kind::http_route, kGatewayReady},
                                            {Kind::grpc_route, kGatewayReady}}};

bool is_negative(const Node& condition) {
  return condition["status"].text() == "False" ||
         (condition["type"].text() == "WaypointAccepted" &&
          condition["reason"].text() == "PartiallyInvalid");
}

void check_conditions(const Object& object, const Node& conditions, const Subject& subject,
                      Findings& out) {
  for (const auto condition : conditions.items()) {
    const auto type = condition["type"];
    if (std::find(subject.types.begin(), subject.types.end(), type.text()) != subject.types.end() &&
        is_negative(condition))
      out.report("IST0171", object, type,
                 {std::string(type.text()), std::string(condition["reason"].text()),
                  std::string(condition["message"].text())});
  }
}

void run(const Facts& facts, Findings& out) {
  for (const auto& subject : kSubjects) {
    for (const auto* object : facts.all(subject.kind)) {
      const auto status = object->status();
      if (subject.kind != Kind::http_route && subject.kind != Kind::grpc_route)
        check_conditions(*object, status["conditions"], subject, out);
      else
        for (const auto parent : status["parents"].items())
          check_conditions(*object, parent["conditions"], subject, out);
    }
  }
}

constexpr std::array<std::string_view, 1> kCodes{"IST0171"};

}  // namespace

extern const Check conditions_condition_analyzer;
constinit const Check conditions_condition_analyzer{
    .slug = "conditions-condition-analyzer",
    .reads = {Kind::service, Kind::service_entry, Kind::authorization_policy, Kind::kube_gateway,
              Kind::http_route, Kind::grpc_route},
    .run = run,
    .codes = kCodes,
    .analyzer = "conditions.ConditionAnalyzer"};

}  // namespace aksmesh::checks
