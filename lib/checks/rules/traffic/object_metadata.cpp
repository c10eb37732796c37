// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string>

#include "checks/istio_kinds.hpp"
#include "istio/validation/validate.hpp"

namespace aksmesh::checks {
namespace {

using istio::validation::Problem;
using istio::validation::Severity;

constexpr std::string_view kRefused = "AKM7005";
constexpr std::string_view kAddresses = "AKM7008";

void check(const Object& object, Findings& out) {
  istio::validation::Problems problems;
  validate_metadata(object, problems);
  for (const auto& problem : problems.all()) {
    const auto& node = problem.place.node;
    if (problem.severity == Severity::error)
      out.report(kRefused, object, node, {std::string(node.key().text()), problem.text});
    else  // the one warning is about the label that gives up allocated addresses
      out.report(kAddresses, object, node, {problem.text});
  }
}

void run(const Facts& facts, Findings& out) {
  for_each_kind(kIstioKinds, [&](Kind kind) {
    for (const auto* object : facts.each(kind)) check(*object, out);
  });
}

constexpr std::array<std::string_view, 2> kCodes{kRefused, kAddresses};

}  // namespace

// The analysis of Istio does not look at metadata; its webhook and `istioctl validate` do.
extern const Check object_metadata;
constinit const Check object_metadata{.slug = "object-metadata",
                                      .reads = kIstioKinds,
                                      .run = run,
                                      .codes = kCodes,
                                      .runs = Runs::when_asked};

}  // namespace aksmesh::checks
