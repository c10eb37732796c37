// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <unordered_set>

#include "checks/pod_selectors.hpp"

namespace aksmesh::checks {
namespace {

bool names_provider(const Object& telemetry) {
  for (const auto entry : telemetry.spec()["accessLogging"].items())
    if (entry["providers"].size() > 0) return true;
  return false;
}

/// Namespaces whose Telemetry for the whole of it names a provider: an entry without one uses that
/// of the next wider Telemetry. istioctl does not look there.
std::unordered_set<std::string_view> providing_namespaces(const Facts& facts) {
  std::unordered_set<std::string_view> out;
  for (const auto* telemetry : facts.all(Kind::telemetry))
    if (is_for_namespace(*telemetry) && names_provider(*telemetry))
      out.insert(telemetry->name_space);
  return out;
}

void check(const Facts& facts, const Object& telemetry, Findings& out) {
  for (const auto entry : telemetry.spec()["accessLogging"].items()) {
    if (!entry.is_mapping() || entry["disabled"].as_bool().value_or(false) ||
        entry["providers"].size() > 0)
      continue;
    if (!facts.is_upstream() && !facts.settings().known) {
      out.unknown("IST0157", telemetry,
                  "the input holds no mesh configuration, which may name a default provider");
      return;
    }
    out.report("IST0157", telemetry, entry,
               {std::string(telemetry.name), std::string(telemetry.name_space)});
  }
}

void run(const Facts& facts, Findings& out) {
  const auto& all = facts.all(Kind::telemetry);
  if (all.empty() || !facts.settings().default_access_log_providers.empty()) return;
  std::unordered_set<std::string_view> providing;
  if (!facts.is_upstream()) providing = providing_namespaces(facts);
  for (const auto* telemetry : all) {
    const bool inherits = !facts.is_upstream() && (names_provider(*telemetry) ||
                                                   providing.contains(telemetry->name_space) ||
                                                   providing.contains(facts.root_namespace()));
    if (!inherits) check(facts, *telemetry, out);
  }
}

constexpr std::array<std::string_view, 1> kCodes{"IST0157"};

}  // namespace

extern const Check telemetry_provider_analyzer;
constinit const Check telemetry_provider_analyzer{
    .slug = "telemetry-provider-analyzer",
    .reads = kMeshConfigKinds | KindSet{Kind::telemetry},
    .run = run,
    .codes = kCodes,
    .analyzer = "telemetry.ProviderAnalyzer"};

}  // namespace aksmesh::checks
