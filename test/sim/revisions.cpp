// SPDX-License-Identifier: Apache-2.0
#include "revisions.hpp"

#include <algorithm>
#include <regex>

#include "http.hpp"

namespace aksmesh::sim {

int minor_of(const std::string& revision) {
  const std::size_t dash = revision.rfind('-');
  return dash == std::string::npos ? 0 : std::atoi(revision.c_str() + dash + 1);
}

bool is_revision(const std::string& text) {
  static const std::regex form("asm-[0-9]+-[0-9]+");
  return std::regex_match(text, form);
}

const Json* Revisions::find(const std::string& revision) const {
  for (const Json& each : offered_) {
    if (text_at(each, {"revision"}) == revision) return &each;
  }
  return nullptr;
}

bool Revisions::fits(const std::string& revision, const Json& cluster) const {
  const Json* found = find(revision);
  if (!found) return false;
  const std::string plan = text_at(cluster, {"properties", "supportPlan"});
  const std::vector<std::string> version =
      split(text_at(cluster, {"properties", "currentKubernetesVersion"}), '.');
  const std::string wanted = version.size() < 2 ? "" : version[0] + "." + version[1];
  const std::string name = plan.empty() ? "KubernetesOfficial" : plan;
  for (const Json& entry : at(*found, {"compatibleWith"})) {
    const std::string entry_name = text_at(entry, {"name"});
    if (lower(entry_name) != lower(name) && entry_name != "kubernetes") continue;
    const std::vector<std::string> versions = texts(at(entry, {"versions"}));
    if (std::find(versions.begin(), versions.end(), wanted) != versions.end()) return true;
  }
  return false;
}

std::vector<std::string> Revisions::targets(const std::string& revision,
                                            const Json& cluster) const {
  std::vector<std::string> out;
  if (const Json* found = find(revision)) {
    out = texts(at(*found, {"upgrades"}));
  } else {
    std::string nearest;
    for (const Json& each : offered_) {
      const std::string name = text_at(each, {"revision"});
      if (minor_of(name) <= minor_of(revision)) continue;
      if (nearest.empty() || minor_of(name) < minor_of(nearest)) nearest = name;
    }
    if (!nearest.empty()) out.push_back(nearest);
  }
  out.erase(std::remove_if(out.begin(), out.end(),
                           [&](const std::string& name) { return !fits(name, cluster); }),
            out.end());
  return out;
}

std::string Revisions::standard(const Json& cluster) const {
  std::vector<std::string> fitting;
  std::string newest;
  for (const Json& each : offered_) {
    const std::string name = text_at(each, {"revision"});
    if (newest.empty() || minor_of(name) > minor_of(newest)) newest = name;
    if (fits(name, cluster)) fitting.push_back(name);
  }
  std::sort(fitting.begin(), fitting.end(),
            [](const std::string& a, const std::string& b) { return minor_of(a) < minor_of(b); });
  if (fitting.empty()) return {};
  if (fitting.size() > 1 && fitting.back() == newest) return fitting[fitting.size() - 2];
  return fitting.back();
}

}  // namespace aksmesh::sim
