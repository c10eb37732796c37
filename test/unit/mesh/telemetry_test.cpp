// SPDX-License-Identifier: Apache-2.0
#include "mesh/telemetry.hpp"

#include <doctest/doctest.h>

#include "support/live_model.hpp"

namespace aksmesh::test {
namespace {

using mesh::Signal;
using mesh::SignalPlan;
using mesh::TrafficSide;

/// A mesh configuration of the add-on; `shared` for the user's part.
std::string mesh_config(const std::string& name, const std::string& text) {
  return "{apiVersion: v1, kind: ConfigMap, metadata: {name: " + name +
         ", namespace: aks-istio-system}, data: {mesh: '" + text + "'}}\n---\n";
}

std::string telemetry(const std::string& name_space, const std::string& name,
                      const std::string& spec, const std::string& made = "2026-01-01T00:00:00Z") {
  return "{apiVersion: telemetry.istio.io/v1, kind: Telemetry, metadata: {name: " + name +
         ", namespace: " + name_space + ", creationTimestamp: '" + made + "'}, spec: " + spec +
         "}\n---\n";
}

SignalPlan plan_of(const std::string& yaml, Signal signal, TrafficSide side = TrafficSide::client,
                   const std::string& revision = "asm-1-28") {
  const auto model = live_model(yaml);
  const mesh::Telemetries all(*model, revision);
  auto out = all.plan({.name_space = "shop", .labels = {{"app", "web"}}}, signal, side);
  for (auto& source : out.sources) source.object = nullptr;  // they end here
  return out;
}

std::vector<std::string> fields_of(const SignalPlan& plan) {
  std::vector<std::string> out;
  for (const auto& one : plan.sources)
    out.push_back(std::string(word_of(one.scope)) + ' ' + one.field);
  return out;
}

const std::string kLogs = mesh_config("istio-asm-1-28", "accessLogFile: /dev/stdout");
constexpr auto kAccess = Signal::access_logging;

}  // namespace

TEST_CASE("telemetry: without any Telemetry the mesh configuration of the revision decides") {
  const auto other = mesh_config("istio-asm-1-29", "accessLogFile: /dev/stderr");
  const auto own = plan_of(kLogs + other, kAccess);
  CHECK(own.is_on);
  CHECK(own.details.front().second == "/dev/stdout");
  CHECK(fields_of(own) == std::vector<std::string>{"mesh-config accessLogFile"});
  CHECK(plan_of(kLogs + other, kAccess, TrafficSide::client, "asm-1-29").details.front().second ==
        "/dev/stderr");
  const auto off = mesh_config("istio-shared-configmap-asm-1-28", R"(accessLogFile: "")");
  CHECK_FALSE(plan_of(kLogs + off, kAccess).is_on);
  CHECK_FALSE(plan_of("", kAccess).is_on);
  CHECK(plan_of("", kAccess).sources.empty());
}

TEST_CASE("telemetry: a Telemetry takes the place of accessLogFile where a provider is left") {
  const auto config = mesh_config("istio-shared-configmap-asm-1-28", "accessLogFile: /dev/stdout");
  const auto envoy = plan_of(config + telemetry("aks-istio-system", "t",
                                                "{accessLogging: [{providers: [{name: envoy}]}]}"),
                             kAccess);
  CHECK(envoy.is_on);
  CHECK(envoy.providers.front().type == "envoyFileAccessLog");
  CHECK(fields_of(envoy) == std::vector<std::string>{"mesh accessLogging"});
  const auto off =
      plan_of(config + telemetry("shop", "t",
                                 "{accessLogging: [{providers: [{name: envoy}], disabled: true}]}"),
              kAccess);
  CHECK_FALSE(off.is_on);
  // About no provider at all, it leaves the file in force.
  const auto nobody =
      plan_of(config + telemetry("shop", "t", "{accessLogging: [{disabled: true}]}"), kAccess);
  CHECK(nobody.is_on);
  CHECK(fields_of(nobody) ==
        std::vector<std::string>{"mesh-config accessLogFile", "namespace accessLogging"});
  // So does one about the other side.
  const auto server = telemetry(
      "shop", "t", "{accessLogging: [{match: {mode: SERVER}, providers: [{name: envoy}]}]}");
  CHECK(plan_of(config + server, kAccess, TrafficSide::client).details.front().second ==
        "/dev/stdout");
  CHECK(plan_of(config + server, kAccess, TrafficSide::server).details.empty());
}

TEST_CASE("telemetry: the narrower names the providers, or disables those of the wider") {
  const auto mesh =
      telemetry("aks-istio-system", "t", "{accessLogging: [{providers: [{name: envoy}]}]}");
  const auto quiet = telemetry(
      "shop", "w", "{selector: {matchLabels: {app: web}}, accessLogging: [{disabled: true}]}");
  CHECK_FALSE(plan_of(mesh + quiet, kAccess).is_on);
  const auto elsewhere = telemetry(
      "shop", "w", "{selector: {matchLabels: {app: api}}, accessLogging: [{disabled: true}]}");
  CHECK(plan_of(mesh + elsewhere, kAccess).is_on);
  const auto own = mesh_config("istio-shared-configmap-asm-1-28",
                               "extensionProviders: [{name: als, envoyHttpAls: {}}]");
  const auto replaced =
      plan_of(own + mesh + telemetry("shop", "t", "{accessLogging: [{providers: [{name: als}]}]}"),
              kAccess);
  REQUIRE(replaced.providers.size() == 1);
  CHECK(replaced.providers.front().name == "als");
  CHECK(replaced.providers.front().type == "envoyHttpAls");
}

TEST_CASE("telemetry: a match is for one side of the traffic") {
  const auto yaml = telemetry(
      "shop", "t",
      "{accessLogging: [{match: {mode: SERVER}, providers: [{name: envoy}], filter: {expression: "
      "'response.code >= 500'}}]}");
  CHECK_FALSE(plan_of(yaml, kAccess, TrafficSide::client).is_on);
  const auto server = plan_of(yaml, kAccess, TrafficSide::server);
  CHECK(server.is_on);
  CHECK(server.details.front().second == "response.code >= 500");
}

TEST_CASE("telemetry: providers that are not there, or take something else, get nothing") {
  const auto missing =
      plan_of(telemetry("shop", "t", "{accessLogging: [{providers: [{name: x}]}]}"), kAccess);
  CHECK_FALSE(missing.is_on);
  CHECK(missing.providers.front().type.empty());
  const auto wrong = plan_of(
      telemetry("shop", "t", "{accessLogging: [{providers: [{name: prometheus}]}]}"), kAccess);
  CHECK_FALSE(wrong.is_on);
  CHECK(wrong.providers.front().type == "prometheus");
}

TEST_CASE("telemetry: of those that select a workload every one counts, the youngest last") {
  const std::string web = "{selector: {matchLabels: {app: web}}, ";
  const auto yaml =
      telemetry("shop", "young", web + "accessLogging: [{disabled: true}]}",
                "2026-02-01T00:00:00Z") +
      telemetry("shop", "old", web + "accessLogging: [{providers: [{name: envoy}]}]}");
  CHECK_FALSE(plan_of(yaml, kAccess).is_on);
}

TEST_CASE("telemetry: of several for a namespace the oldest counts") {
  const auto yaml =
      telemetry("shop", "young", "{accessLogging: [{providers: [{name: envoy}]}]}",
                "2026-02-01T00:00:00Z") +
      telemetry("shop", "old", "{accessLogging: [{disabled: true}]}", "2026-01-01T00:00:00Z");
  CHECK_FALSE(plan_of(yaml, kAccess).is_on);
  const auto model = live_model(yaml);
  const mesh::Telemetries all(*model, {});
  const auto aside = all.overshadowed({.name_space = "shop", .labels = {}});
  REQUIRE(aside.size() == 1);
  CHECK(aside.front()->name == "young");
}

TEST_CASE("telemetry: tracing takes each part from the narrowest that tells it") {
  const auto config =
      mesh_config("istio-shared-configmap-asm-1-28",
                  "{extensionProviders: [{name: z, zipkin: {service: z, port: 9411}}], "
                  "defaultProviders: {tracing: [z]}}");
  const auto yaml =
      config + telemetry("aks-istio-system", "t", "{tracing: [{randomSamplingPercentage: 10}]}") +
      telemetry("shop", "t", "{tracing: [{customTags: {team: {literal: {value: a}}}}]}");
  const auto plan = plan_of(yaml, Signal::tracing);
  CHECK(plan.is_on);
  CHECK(plan.providers.front().type == "zipkin");
  CHECK(plan.details == std::vector<std::pair<std::string, std::string>>{
                            {"sampling", "10"}, {"tag team", "literal a"}});
  const auto off =
      telemetry("shop", "w",
                "{selector: {matchLabels: {app: web}}, tracing: [{disableSpanReporting: true}]}");
  CHECK_FALSE(plan_of(yaml + off, Signal::tracing).is_on);
}

TEST_CASE("telemetry: without a provider defaultConfig.tracing decides") {
  const auto config = mesh_config(
      "istio-asm-1-28", "defaultConfig: {tracing: {zipkin: {address: \"z:9411\"}, sampling: 5}}");
  const auto plan = plan_of(config, Signal::tracing);
  CHECK(plan.is_on);
  CHECK(plan.details.front().second == "zipkin");
  const auto off = mesh_config("istio-shared-configmap-asm-1-28", "enableTracing: false");
  CHECK_FALSE(plan_of(config + off, Signal::tracing).is_on);
  CHECK_FALSE(plan_of("", Signal::tracing).is_on);
}

TEST_CASE("telemetry: overrides of metrics add up, and all disabled is off") {
  const auto config = mesh_config("istio-asm-1-28", "defaultProviders: {metrics: [prometheus]}");
  CHECK(plan_of(config, Signal::metrics).is_on);
  CHECK_FALSE(plan_of("", Signal::metrics).is_on);
  const auto yaml =
      config +
      telemetry("aks-istio-system", "t",
                "{metrics: [{overrides: [{match: {metric: REQUEST_COUNT}, disabled: true}, {match: "
                "{metric: ALL_METRICS, mode: CLIENT}, tagOverrides: {x: {operation: REMOVE}}}]}]}");
  const auto client = plan_of(yaml, Signal::metrics, TrafficSide::client);
  CHECK(client.is_on);
  CHECK(client.details.size() == 10);
  CHECK(plan_of(yaml, Signal::metrics, TrafficSide::server).details ==
        std::vector<std::pair<std::string, std::string>>{{"REQUEST_COUNT", "disabled"}});
  const auto none = telemetry(
      "shop", "t", "{metrics: [{overrides: [{match: {metric: ALL_METRICS}, disabled: true}]}]}");
  CHECK_FALSE(plan_of(config + none, Signal::metrics).is_on);
  // What comes after takes that back as a whole.
  const auto again = telemetry("shop", "w",
                               "{selector: {matchLabels: {app: web}}, metrics: [{overrides: "
                               "[{match: {metric: REQUEST_COUNT}, disabled: false}]}]}");
  const auto back = plan_of(config + none + again, Signal::metrics);
  CHECK(back.is_on);
  CHECK(back.details.empty());
}

}  // namespace aksmesh::test
