// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string>

#include "base/strings.hpp"
#include "checks/istio_kinds.hpp"
#include "istio/schema/schema.hpp"

namespace aksmesh::checks {
namespace {

using istio::schema::Known;
using Problem = istio::schema::Problem;

/// Of the kinds that no table has, the metadata is looked at. Nobody writes measurements.
constexpr KindSet every_kind() {
  KindSet out;
  for (std::size_t i = 0; i < static_cast<std::size_t>(Kind::count_); ++i)
    out.add(static_cast<Kind>(i));
  out.remove(Kind::pod_metrics);
  return out;
}

constexpr std::string_view kInvalidValue = "AKM7003";

std::string_view code_of(Problem::Kind kind) {
  switch (kind) {
    case Problem::Kind::unknown_field: return "AKM7001";
    case Problem::Kind::wrong_type: return "AKM7002";
    case Problem::Kind::rule: return "AKM7004";
    case Problem::Kind::invalid_value: break;
  }
  return kInvalidValue;
}

/// A kind or version that the tables do not have. Istio's are complete; of the Gateway API a
/// cluster may have definitions that are older or newer than the tables.
void report_stranger(const Object& object, const istio::schema::Result& result, Findings& out) {
  const bool version = result.known == Known::unknown_version;
  const auto names = join(result.instead, ", ");
  if (!object.group.ends_with(".istio.io"))
    return out.unknown(kInvalidValue, object,
                       version ? "its version is not in the tables, which have " + names
                               : "its kind is not in the tables");
  if (version)
    return out.report(kInvalidValue, object, object.root["apiVersion"],
                      {"apiVersion", "must be a version that is served (" + names + "), not " +
                                         std::string(object.version)},
                      "Write " + std::string(object.group) + '/' + result.instead.front() + '.');
  out.report(kInvalidValue, object, object.root["kind"],
             {"kind", "must be a kind of " + std::string(object.group) + ", not " +
                          std::string(object.kind_name)},
             names.empty() ? std::string{} : "Write " + names + '.');
}

/// A kind whose apiVersion lacks the group or the version, which istioctl passes over.
void report_wrong_group(const Object& object, const istio::schema::Result& result, Findings& out) {
  const auto names = join(result.instead, " or ");
  out.report(kInvalidValue, object, object.root["apiVersion"],
             {"apiVersion", "must be " + names + " for a " + std::string(object.kind_name) +
                                ", not " + std::string(object.api_version)},
             "Write " + names + '.');
}

void check(const Facts& facts, const Object& object, Findings& out) {
  const auto result = istio::schema::validate(object);
  if (result.known == Known::wrong_group) {
    if (!facts.is_upstream()) report_wrong_group(object, result, out);
    return;
  }
  if (result.known == Known::unknown_kind || result.known == Known::unknown_version)
    return report_stranger(object, result, out);
  for (const auto& problem : result.problems)
    out.report(code_of(problem.kind), object, problem.node, {problem.field, problem.what},
               problem.remedy);
}

void run(const Facts& facts, Findings& out) {
  for_each_kind(every_kind(), [&](Kind kind) {
    for (const auto* object : facts.as_read(kind)) check(facts, *object, out);
  });
}

constexpr std::array<std::string_view, 4> kCodes{"AKM7001", "AKM7002", kInvalidValue, "AKM7004"};

}  // namespace

extern const Check crd_schema;
constinit const Check crd_schema{
    .slug = "crd-schema", .reads = every_kind(), .run = run, .codes = kCodes, .one_by_one = true};

}  // namespace aksmesh::checks
