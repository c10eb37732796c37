// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "checks/check.hpp"

namespace aksmesh::checks {
namespace {

constexpr std::string_view kLightstep = "lightstep";

void check_provider(const Facts& facts, const Object& telemetry, const Node& name, Findings& out) {
  const auto& providers = facts.settings().extension_providers;
  const auto found = providers.find(name.text());
  if (found == providers.end() || found->second != kLightstep) return;
  out.report("IST0002", telemetry, name,
             {"The Lightstep provider " + std::string(name.text()) +
              " is deprecated, please migrate to OpenTelemetry provider."});
}

void run(const Facts& facts, Findings& out) {
  for (const auto* telemetry : facts.all(Kind::telemetry)) {
    bool names_any = false;
    for (const auto entry : telemetry->spec()["tracing"].items())
      for (const auto provider : entry["providers"].items()) {
        names_any = true;
        check_provider(facts, *telemetry, provider["name"], out);
      }
    if (names_any && !facts.is_upstream() && !facts.settings().known)
      out.unknown("IST0002", *telemetry,
                  "the input holds no mesh configuration, which tells the types of its tracing "
                  "providers");
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
