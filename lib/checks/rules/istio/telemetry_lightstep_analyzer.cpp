// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string>

#include "checks/check.hpp"

namespace aksmesh::checks {
namespace {

constexpr std::string_view kLightstep = "lightstep";

void run(const Facts& facts, Findings& out) {
  const auto& providers = facts.settings().extension_providers;
  for (const auto* telemetry : facts.all(Kind::telemetry))
    for (const auto tracing : telemetry->spec()["tracing"].items())
      for (const auto provider : tracing["providers"].items()) {
        const auto name = provider["name"];
        const auto known = providers.find(name.text());
        if (known != providers.end() && known->second == kLightstep)
          out.report("IST0002", *telemetry, name,
                     {"The Lightstep provider " + std::string(name.text()) +
                      " is deprecated, please migrate to OpenTelemetry provider."});
      }
}

constexpr std::array<std::string_view, 1> kCodes{"IST0002"};

}  // namespace

extern const Check telemetry_lightstep_analyzer;
constinit const Check telemetry_lightstep_analyzer{
    .slug = "telemetry-lightstep-analyzer",
    .reads = kMeshConfigKinds | KindSet{Kind::telemetry},
    .run = run,
    .codes = kCodes,
    .analyzer = "telemetry.LightstepAnalyzer"};

}  // namespace aksmesh::checks
