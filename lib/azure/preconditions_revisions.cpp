// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "azure/preconditions.hpp"
#include "azure/words.hpp"
#include "base/strings.hpp"
#include "base/version_number.hpp"
#include "mesh/support_end.hpp"
#include "mesh/table.hpp"

namespace aksmesh::azure {
namespace {

constexpr const char* kLongTerm = "AKSLongTermSupport";

std::vector<std::string> names_of(const std::vector<MeshRevision>& revisions) {
  std::vector<std::string> out;
  for (const auto& one : revisions) out.push_back(one.revision);
  return out;
}

}  // namespace

void check_kubernetes(const ManagedCluster& cluster, const sys::Date& today, Obstacles& out) {
  const auto& revisions = mesh::table("revisions.json");
  const auto version = parse_version(cluster.kubernetes_version);
  if (!version) return;
  const auto as_of = sys::parse_date(revisions["asOf"].text()).value_or(sys::Date{});
  const bool long_term = same_word(cluster.support_plan, kLongTerm);
  bool newer_than_some = false;
  for (const auto& row : revisions.at("aksCalendar", "versions").items()) {
    const auto listed = parse_version(row["version"].text());
    const auto end = mesh::support_end(row[long_term ? "ltsEndOfLife" : "endOfLife"].text());
    if (!listed || !end) continue;
    newer_than_some = newer_than_some || *listed <= *version;
    if (*listed != *version || !(end->day < today)) continue;
    // An end that was still ahead when the table was written may have moved since.
    out.push_back({"cluster-version-unsupported",
                   "support of Kubernetes " + version->text() + " (" + cluster.support_plan +
                       ") ended " + end->text + ", by the calendar of " + as_of.text(),
                   !(end->day < as_of)});
  }
  if (!newer_than_some)
    out.push_back({"cluster-version-unsupported",
                   "Kubernetes " + version->text() + " is older than all that are supported"});
}

void check_support(const ManagedCluster& cluster, const std::vector<MeshRevision>& offered,
                   Obstacles& out) {
  const auto names = names_of(offered);
  for (const auto& revision : cluster.mesh.revisions)
    if (std::find(names.begin(), names.end(), revision) == names.end())
      out.push_back({"revision-unsupported",
                     cluster.location + " offers " + revision +
                         ", which the cluster runs, no longer: it is out of support",
                     true});
  if (same_word(cluster.support_plan, kLongTerm) &&
      std::none_of(offered.begin(), offered.end(), [&](const MeshRevision& one) {
        return one.fits(cluster.kubernetes_version, cluster.support_plan);
      }))
    out.push_back({"lts-no-supported-revision",
                   "no revision that " + cluster.location + " offers runs on Kubernetes " +
                       cluster.kubernetes_version + " under long-term support",
                   true});
}

void check_revision(const ManagedCluster& cluster, const std::string& revision,
                    const std::vector<MeshRevision>& offered, Obstacles& out) {
  const auto found = std::find_if(offered.begin(), offered.end(), [&](const MeshRevision& one) {
    return one.revision == revision;
  });
  if (found == offered.end()) {
    const auto names = names_of(offered);
    out.push_back({"revision-not-offered",
                   cluster.location + " offers " +
                       (names.empty() ? std::string("no revision") : join(names, ", ")) + ", not " +
                       revision});
    return;
  }
  if (!found->fits(cluster.kubernetes_version, cluster.support_plan))
    out.push_back({"cluster-version-incompatible",
                   "the cluster runs Kubernetes " + cluster.kubernetes_version + " (" +
                       cluster.support_plan + "), which " + revision + " is not offered for"});
}

void check_upgrade(const ManagedCluster& cluster, const std::string& revision,
                   const std::vector<MeshRevision>& upgrades, Obstacles& out) {
  const auto& present = cluster.mesh.revisions;
  if (present.empty()) return;
  if (parse_revision(revision) < parse_revision(present.front())) {
    out.push_back({"downgrade", "the cluster runs " + present.front() + ", which is newer"});
    return;
  }
  for (const auto& one : upgrades) {
    if (one.revision != present.front()) continue;
    if (std::find(one.upgrades.begin(), one.upgrades.end(), revision) == one.upgrades.end())
      out.push_back(
          {"upgrade-skips-too-far",
           "from " + one.revision + " the cluster can be upgraded to " +
               (one.upgrades.empty() ? std::string("nothing") : join(one.upgrades, " or ")) +
               ", not to " + revision});
  }
}

}  // namespace aksmesh::azure
