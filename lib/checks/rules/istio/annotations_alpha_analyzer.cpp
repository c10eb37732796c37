// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>
#include <unordered_set>

#include "checks/check.hpp"
#include "mesh/table.hpp"

namespace aksmesh::checks {
namespace {

constexpr KindSet kKinds{Kind::name_space, Kind::service, Kind::pod, Kind::deployment};
// What the injector itself writes when it redirects traffic through a CNI plug-in.
constexpr std::array<std::string_view, 4> kWrittenByInjector{
    "sidecar.istio.io/interceptionMode", "traffic.sidecar.istio.io/includeInboundPorts",
    "traffic.sidecar.istio.io/excludeInboundPorts",
    "traffic.sidecar.istio.io/includeOutboundIPRanges"};

const std::unordered_set<std::string_view>& alpha_annotations() {
  static const auto names = [] {
    std::unordered_set<std::string_view> out;
    for (const auto row : mesh::table("istio-annotations.json")["annotations"].items())
      if (row["alpha"].as_bool().value_or(false) && !row["neverReported"].as_bool().value_or(false))
        out.insert(row["name"].text());
    return out;
  }();
  return names;
}

bool has_redirecting_container(const Object& pod) {
  for (const auto container : pod.spec()["initContainers"].items())
    if (container["name"].text() == kRedirectingInitContainer) return true;
  return false;
}

bool is_the_injectors(const Object& object, std::string_view name) {
  if (object.kind != Kind::pod || has_redirecting_container(object)) return false;
  return std::find(kWrittenByInjector.begin(), kWrittenByInjector.end(), name) !=
         kWrittenByInjector.end();
}

void run(const Facts& facts, Findings& out) {
  for (const Kind kind : {Kind::name_space, Kind::service, Kind::pod, Kind::deployment})
    for (const auto* object : facts.all(kind))
      for (const auto [key, value] : object->metadata()["annotations"].entries())
        if (alpha_annotations().contains(key.text()) && !is_the_injectors(*object, key.text()))
          out.report("IST0136", *object, value, {std::string(key.text())});
}

constexpr std::array<std::string_view, 1> kCodes{"IST0136"};

}  // namespace

extern const Check annotations_alpha_analyzer;
constinit const Check annotations_alpha_analyzer{.slug = "annotations-alpha-analyzer",
                                                 .reads = kKinds,
                                                 .run = run,
                                                 .codes = kCodes,
                                                 .analyzer = "annotations.AlphaAnalyzer",
                                                 .runs = Runs::when_asked};

}  // namespace aksmesh::checks
