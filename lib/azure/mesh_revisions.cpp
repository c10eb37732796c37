// SPDX-License-Identifier: Apache-2.0
#include "azure/mesh_revisions.hpp"

#include <algorithm>

#include "azure/words.hpp"
#include "base/strings.hpp"
#include "base/version_number.hpp"
#include "data/json_edit.hpp"

namespace aksmesh::azure {
namespace {

std::vector<std::string> texts(const data::Node& list) {
  std::vector<std::string> out;
  for (const auto& item : list.items()) out.emplace_back(item.text());
  return out;
}

MeshRevision read_revision(const data::Node& node) {
  MeshRevision out{.revision = std::string(node["revision"].text()),
                   .upgrades = texts(node["upgrades"])};
  for (const auto& one : node["compatibleWith"].items())
    out.compatible_with.push_back({std::string(one["name"].text()), texts(one["versions"])});
  return out;
}

void sort(std::vector<MeshRevision>& revisions) {
  std::stable_sort(revisions.begin(), revisions.end(),
                   [](const MeshRevision& a, const MeshRevision& b) {
                     return parse_revision(a.revision) < parse_revision(b.revision);
                   });
}

}  // namespace

bool MeshRevision::fits(std::string_view kubernetes_version, std::string_view support_plan) const {
  const auto wanted = parse_version(kubernetes_version);
  for (const auto& one : compatible_with) {
    const bool plan = same_word(one.name, support_plan) || one.name == "kubernetes";
    if (plan && std::any_of(one.versions.begin(), one.versions.end(),
                            [&](const auto& version) { return parse_version(version) == wanted; }))
      return true;
  }
  return false;
}

Result<std::vector<MeshRevision>> get_revisions(Arm& arm, const std::string& subscription,
                                                const std::string& location) {
  AK_TRY(const auto profiles, arm.list("/subscriptions/" + url_escaped(subscription) +
                                           "/providers/Microsoft.ContainerService/locations/" +
                                           url_escaped(location) + "/meshRevisionProfiles",
                                       "list the revisions of " + location));
  std::vector<MeshRevision> out;
  for (const auto& profile : profiles) {
    const auto document = data::JsonDocument::parse(profile);
    if (!document) continue;
    for (const auto& one : document->at({"properties", "meshRevisions"}).items())
      out.push_back(read_revision(one));
    break;  // `istio` is the only mode in use
  }
  sort(out);
  return out;
}

Result<std::vector<MeshRevision>> get_upgrades(Arm& arm, const ClusterId& cluster) {
  AK_TRY(const auto profiles,
         arm.list(cluster.path() + "/meshUpgradeProfiles", "list the upgrades of " + cluster.name));
  std::vector<MeshRevision> out;
  for (const auto& profile : profiles)
    if (const auto document = data::JsonDocument::parse(profile))
      out.push_back(read_revision(document->root()["properties"]));
  sort(out);
  return out;
}

std::string location_name(std::string_view text) {
  std::string out;
  for (const char c : to_lower(text))
    if (c != ' ') out += c;
  return out;
}

}  // namespace aksmesh::azure
