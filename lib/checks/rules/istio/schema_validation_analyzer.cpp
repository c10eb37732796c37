// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <set>
#include <string>
#include <tuple>

#include "checks/check.hpp"
#include "istio/validation/validate.hpp"

namespace aksmesh::checks {
namespace {

using istio::validation::Coverage;
using istio::validation::Problem;
using istio::validation::Problems;
using istio::validation::Severity;
using istio::validation::Topic;

/// The deprecated form of mirrorPercentage, in range and alone.
bool is_mirror_percent(const Problem& problem) {
  const auto& node = problem.place.node;
  return problem.rule == "VS-31" && problem.severity == Severity::warning && node.key() &&
         node.key().text() == "mirrorPercent" && node.kind() == data::NodeKind::integer;
}

void report_problem(const Object& object, const Problem& problem, Findings& out) {
  const auto& node = problem.place.node;
  if (problem.topic == Topic::unreachable_rule)
    out.report("IST0130", object, node, problem.parameters);
  else if (problem.topic == Topic::ineffective_match)
    out.report("IST0131", object, node, problem.parameters);
  else
    out.report(problem.severity == Severity::error ? "IST0106" : "IST0133", object, node,
               {path_of(object, problem) + ": " + problem.text});
  if (is_mirror_percent(problem))
    out.offer_fix(object, node, {data::wrap_value(node, "mirrorPercentage", "value")});
}

/// istioctl does not tell where something is wrong, so it says once what is wrong twice in the same
/// field of two items.
class Said {
 public:
  bool is_new(const Problem& problem) {
    const auto& [node, missing] = problem.place;
    const auto name = missing.empty() && node.key() ? node.key().text() : missing;
    return seen_.emplace(problem.rule, name, problem.text).second;
  }

 private:
  std::set<std::tuple<std::string_view, std::string_view, std::string_view>> seen_{};
};

template <Kind kind>
void run(const Facts& facts, Findings& out) {
  const bool upstream = facts.is_upstream();
  for (const auto* object : facts.each(kind)) {
    Problems problems;
    validate(*object, problems, upstream ? Coverage::as_istio : Coverage::exact);
    Said said;
    for (const auto& problem : problems.all())
      if (!upstream || said.is_new(problem)) report_problem(*object, problem, out);
  }
}

constexpr std::array<std::string_view, 2> kCodes{"IST0106", "IST0133"};
constexpr std::array<std::string_view, 4> kRouteCodes{"IST0106", "IST0130", "IST0131", "IST0133"};

template <Kind kind>
constexpr Check validation_of(std::string_view slug, std::string_view analyzer) {
  return {.slug = slug,
          .reads = {kind},
          .run = run<kind>,
          .codes = kind == Kind::virtual_service ? std::span<const std::string_view>(kRouteCodes)
                                                 : std::span<const std::string_view>(kCodes),
          .analyzer = analyzer};
}

}  // namespace

extern const Check schema_validation_analyzer_authorization_policy;
constinit const Check schema_validation_analyzer_authorization_policy =
    validation_of<Kind::authorization_policy>("schema-validation-analyzer-authorization-policy",
                                              "schema.ValidationAnalyzer.AuthorizationPolicy");
extern const Check schema_validation_analyzer_destination_rule;
constinit const Check schema_validation_analyzer_destination_rule =
    validation_of<Kind::destination_rule>("schema-validation-analyzer-destination-rule",
                                          "schema.ValidationAnalyzer.DestinationRule");
extern const Check schema_validation_analyzer_envoy_filter;
constinit const Check schema_validation_analyzer_envoy_filter = validation_of<Kind::envoy_filter>(
    "schema-validation-analyzer-envoy-filter", "schema.ValidationAnalyzer.EnvoyFilter");
extern const Check schema_validation_analyzer_gateway;
constinit const Check schema_validation_analyzer_gateway = validation_of<Kind::istio_gateway>(
    "schema-validation-analyzer-gateway", "schema.ValidationAnalyzer.Gateway");
extern const Check schema_validation_analyzer_peer_authentication;
constinit const Check schema_validation_analyzer_peer_authentication =
    validation_of<Kind::peer_authentication>("schema-validation-analyzer-peer-authentication",
                                             "schema.ValidationAnalyzer.PeerAuthentication");
extern const Check schema_validation_analyzer_proxy_config;
constinit const Check schema_validation_analyzer_proxy_config = validation_of<Kind::proxy_config>(
    "schema-validation-analyzer-proxy-config", "schema.ValidationAnalyzer.ProxyConfig");
extern const Check schema_validation_analyzer_request_authentication;
constinit const Check schema_validation_analyzer_request_authentication =
    validation_of<Kind::request_authentication>("schema-validation-analyzer-request-authentication",
                                                "schema.ValidationAnalyzer.RequestAuthentication");
extern const Check schema_validation_analyzer_service_entry;
constinit const Check schema_validation_analyzer_service_entry = validation_of<Kind::service_entry>(
    "schema-validation-analyzer-service-entry", "schema.ValidationAnalyzer.ServiceEntry");
extern const Check schema_validation_analyzer_sidecar;
constinit const Check schema_validation_analyzer_sidecar = validation_of<Kind::sidecar>(
    "schema-validation-analyzer-sidecar", "schema.ValidationAnalyzer.Sidecar");
extern const Check schema_validation_analyzer_telemetry;
constinit const Check schema_validation_analyzer_telemetry = validation_of<Kind::telemetry>(
    "schema-validation-analyzer-telemetry", "schema.ValidationAnalyzer.Telemetry");
extern const Check schema_validation_analyzer_virtual_service;
constinit const Check schema_validation_analyzer_virtual_service =
    validation_of<Kind::virtual_service>("schema-validation-analyzer-virtual-service",
                                         "schema.ValidationAnalyzer.VirtualService");
extern const Check schema_validation_analyzer_wasm_plugin;
constinit const Check schema_validation_analyzer_wasm_plugin = validation_of<Kind::wasm_plugin>(
    "schema-validation-analyzer-wasm-plugin", "schema.ValidationAnalyzer.WasmPlugin");
extern const Check schema_validation_analyzer_workload_entry;
constinit const Check schema_validation_analyzer_workload_entry =
    validation_of<Kind::workload_entry>("schema-validation-analyzer-workload-entry",
                                        "schema.ValidationAnalyzer.WorkloadEntry");
extern const Check schema_validation_analyzer_workload_group;
constinit const Check schema_validation_analyzer_workload_group =
    validation_of<Kind::workload_group>("schema-validation-analyzer-workload-group",
                                        "schema.ValidationAnalyzer.WorkloadGroup");

}  // namespace aksmesh::checks
