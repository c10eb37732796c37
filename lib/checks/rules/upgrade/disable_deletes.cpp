// SPDX-License-Identifier: Apache-2.0
#include "base/strings.hpp"
#include "checks/istio_kinds.hpp"

namespace aksmesh::checks {
namespace {

/// One for each kind: there may be thousands.
void run(const Facts& facts, Findings& out) {
  for_each_kind(kIstioKinds, [&](Kind kind) {
    const auto& all = facts.all(kind);
    if (all.empty()) return;
    out.add(*all.front(), "{count} may be deleted with the mesh: this one{others}",
            {{"count", plural(all.size(), kube::kind_name(kind), kube::kind_name(kind))},
             {"others", all.size() == 1 ? "" : " and the others of its kind"}});
  });
}

}  // namespace

extern const Check disable_deletes;
constinit const Check disable_deletes{
    .slug = "disable-deletes", .reads = kIstioKinds, .run = run, .runs = Runs::when_asked};

}  // namespace aksmesh::checks
