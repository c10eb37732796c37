// SPDX-License-Identifier: Apache-2.0
#include "base/strings.hpp"
#include "checks/proxies.hpp"

namespace aksmesh::checks {
namespace {

void run(const Facts& facts, Findings& out) {
  const auto meshed = meshed_pods(facts, [](const Object&) { return true; });
  for (const auto& [name, in] : meshed)
    out.add(*in.first, "sidecars stay in {pods} of namespace {namespace}, this one among them",
            {{"pods", plural(in.count, "pod")}, {"namespace", std::string(name)}});
  for (const auto* one : facts.all(Kind::name_space))
    if (const auto label = one->label(kRevisionLabel); label && !meshed.contains(one->name))
      out.add(*one, label, "namespace {namespace} keeps its label, which then names nothing",
              {{"namespace", std::string(one->name)}});
}

}  // namespace

extern const Check disable_leaves_sidecars;
constinit const Check disable_leaves_sidecars{.slug = "disable-leaves-sidecars",
                                              .reads = {Kind::pod, Kind::name_space},
                                              .run = run,
                                              .runs = Runs::when_asked};

}  // namespace aksmesh::checks
