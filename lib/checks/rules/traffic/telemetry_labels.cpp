// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/strings.hpp"
#include "checks/check.hpp"

namespace aksmesh::checks {
namespace {

// Where Istio's telemetry takes the name and the version of a service from (istio.io, "Application
// Requirements"; 1.28).
constexpr std::array<std::string_view, 3> kNameLabels{"service.istio.io/canonical-name",
                                                      "app.kubernetes.io/name", "app"};
constexpr std::array<std::string_view, 3> kVersionLabels{"service.istio.io/canonical-revision",
                                                         "app.kubernetes.io/version", "version"};

template <std::size_t count>
bool has_any(const Node& labels, const std::array<std::string_view, count>& names) {
  return std::any_of(names.begin(), names.end(),
                     [&](std::string_view name) { return static_cast<bool>(labels[name]); });
}

void run(const Facts& facts, Findings& out) {
  for (const auto* deployment : facts.as_read(Kind::deployment)) {
    if (deployment->name_space == facts.control_plane_namespace()) continue;
    const auto labels = deployment->root.at("spec", "template", "metadata", "labels");
    std::vector<std::string> missing;
    if (!has_any(labels, kNameLabels)) missing.emplace_back("app");
    if (!has_any(labels, kVersionLabels)) missing.emplace_back("version");
    if (!missing.empty())
      out.report("AKM7007", *deployment, labels ? labels : deployment->root["kind"],
                 {std::string(deployment->name), join(missing, " and ")});
  }
}

}  // namespace

extern const Check telemetry_labels;
constinit const Check telemetry_labels{
    .slug = "telemetry-labels", .reads = {Kind::deployment}, .run = run, .runs = Runs::when_asked};

}  // namespace aksmesh::checks
