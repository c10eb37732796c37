// SPDX-License-Identifier: Apache-2.0
#include "checks/istiods.hpp"
#include "mesh/support_end.hpp"
#include "mesh/table.hpp"

namespace aksmesh::checks {
namespace {

void check(const Facts& facts, const Object& istiod, const std::string& revision, Findings& out) {
  for (const auto row : mesh::table("revisions.json")["revisions"].items()) {
    if (row["revision"].text() != revision) continue;
    const auto end = mesh::support_end(row["endOfLife"].text());
    if (!end) return;
    const auto left = sys::days_between(facts.today(), end->day);
    if (left > facts.horizon_days()) return;
    const bool sure = row["endOfLifeCertainty"].text() == "actual";
    std::string when = sure ? "ends" : "is expected to end";
    if (left < 0) when = sure ? "ended" : "was expected to end";
    out.add(istiod, istiod.metadata()["name"], "support of {revision} {when} {date}",
            {{"revision", revision}, {"when", when}, {"date", end->text}});
    return;
  }
  out.unknown(istiod, "when support of " + revision + " ends: the calendar does not have it");
}

void run(const Facts& facts, Findings& out) {
  for (const auto& [revision, istiod] : istiods(facts))
    check(facts, *istiod, revision_name(revision), out);
}

}  // namespace

extern const Check revision_end_of_life_near;
constinit const Check revision_end_of_life_near{.slug = "revision-end-of-life-near",
                                                .reads = {Kind::deployment},
                                                .run = run,
                                                .concerns = has_istiods};

}  // namespace aksmesh::checks
