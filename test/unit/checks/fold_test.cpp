// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "checks/fold.hpp"

namespace aksmesh::test {
namespace {

using mesh::Flavour;
using report::Finding;

Finding finding(const char* code, const char* path, const char* name = "shop") {
  Finding out{.code = code};
  out.object = {.kind = "VirtualService", .name_space = "shop", .name = name};
  out.where = {.file = "a.yaml", .line = 1, .path = path};
  return out;
}

/// The codes that are left, each with the codes that it names as related.
std::string folded(std::vector<Finding> findings, Flavour flavour = Flavour::addon) {
  checks::fold(findings, flavour);
  std::string out;
  for (const auto& one : findings) {
    out += (out.empty() ? "" : " ") + one.code;
    for (const auto& related : one.related) out += "+" + related.code;
  }
  return out;
}

}  // namespace

TEST_CASE("fold: the same value is told once, by whom the policy is about") {
  const auto own = finding("AKM7003", "spec.http[0].weight");
  const auto istio = finding("IST0106", "spec.http[0].weight");
  CHECK(folded({own, istio}) == "AKM7003+IST0106");
  CHECK(folded({istio, own}) == "AKM7003+IST0106");
  CHECK(folded({own, istio}, Flavour::upstream) == "IST0106+AKM7003");
  CHECK(folded({own}, Flavour::upstream) == "AKM7003");
  CHECK(folded({own, finding("IST0106", "spec.http[0].weight", "other")}) == "AKM7003 IST0106");
}

TEST_CASE("fold: a fault of an object does not hide faults of its parts") {
  // A missing field is reported at its owner.
  const auto owner = finding("AKM7003", "spec");
  CHECK(folded({owner, finding("IST0106", "spec")}) == "AKM7003+IST0106");
  CHECK(folded({owner, finding("IST0106", "spec.hosts")}) == "AKM7003 IST0106");
  CHECK(folded({owner, finding("IST0106", "")}) == "AKM7003 IST0106");
  // Of a rule about several members, Istio may point at one of them.
  const auto rule = finding("AKM7004", "spec");
  CHECK(folded({rule, finding("IST0106", "spec.targetRefs")}) == "AKM7004+IST0106");
  CHECK(folded({rule, finding("IST0106", "spec.http[0]")}) == "AKM7004 IST0106");
  CHECK(folded({finding("AKM7004", "spec.ports[1]"), finding("IST0106", "spec.ports[1].number")}) ==
        "AKM7004+IST0106");
  CHECK(folded({finding("AKM7004", "spec.ports[1]"), finding("IST0106", "spec.ports[10]")}) ==
        "AKM7004 IST0106");
  CHECK(folded({finding("AKM7004", "spec.labels[\"a.b/c\"]"), finding("IST0106", "spec.labels")}) ==
        "AKM7004+IST0106");
}

TEST_CASE("fold: findings of other codes stay") {
  CHECK(folded({finding("AKM7001", "spec.a"), finding("IST0106", "spec.a")}) == "AKM7001 IST0106");
  CHECK(folded({finding("AKM7003", "spec.a"), finding("IST0133", "spec.a")}) == "AKM7003 IST0133");
}

}  // namespace aksmesh::test
