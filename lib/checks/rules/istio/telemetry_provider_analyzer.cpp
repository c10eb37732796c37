// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string>
#include <unordered_set>

#include "checks/check.hpp"

namespace aksmesh::checks {
namespace {

bool is_disabled(const Node& logging) {
  return logging["disabled"].as_bool().value_or(false);
}

/// Which Telemetries name a provider that a narrower one without providers takes over; istioctl
/// looks at the mesh configuration alone.
class Inherited {
 public:
  explicit Inherited(const Facts& facts) : root_(facts.root_namespace()) {
    for (const auto* telemetry : facts.all(Kind::telemetry)) {
      if (has_selector(*telemetry)) continue;
      for (const auto logging : telemetry->spec()["accessLogging"].items())
        if (logging["providers"].size() > 0) named_in_.insert(telemetry->name_space);
    }
  }

  [[nodiscard]] bool reaches(const Object& telemetry) const {
    const bool of_root = telemetry.name_space == root_;
    return (!of_root && named_in_.contains(root_)) ||
           (has_selector(telemetry) && named_in_.contains(telemetry.name_space));
  }

 private:
  static bool has_selector(const Object& telemetry) {
    const auto spec = telemetry.spec();
    return spec.at("selector", "matchLabels").size() > 0 || spec["targetRefs"].size() > 0 ||
           spec["targetRef"];
  }

  std::string_view root_;
  std::unordered_set<std::string_view> named_in_;
};

void run(const Facts& facts, Findings& out) {
  const auto& telemetries = facts.all(Kind::telemetry);
  if (!facts.settings().default_access_log_providers.empty() || telemetries.empty()) return;
  const Inherited inherited(facts);
  for (const auto* telemetry : telemetries) {
    if (!facts.is_upstream() && inherited.reaches(*telemetry)) continue;
    for (const auto logging : telemetry->spec()["accessLogging"].items()) {
      if (is_disabled(logging) || logging["providers"].size() > 0) continue;
      if (facts.is_upstream() || facts.settings().known)
        out.report("IST0157", *telemetry, logging,
                   {std::string(telemetry->name), std::string(telemetry->name_space)});
      else
        out.unknown("IST0157", *telemetry,
                    "whether the mesh has a default provider; the ConfigMaps of aks-istio-system "
                    "tell");
    }
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
