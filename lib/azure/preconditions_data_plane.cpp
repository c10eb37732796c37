// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "azure/preconditions.hpp"
#include "azure/words.hpp"
#include "base/strings.hpp"
#include "base/version_number.hpp"
#include "mesh/table.hpp"

// How traffic gets to the sidecars, and how sidecars get into pods.
namespace aksmesh::azure {
namespace {

constexpr const char* kCni = "CNIChaining";

/// The row of a feature that comes with some revision.
data::Node feature(std::string_view name) {
  for (const auto& row : mesh::table("revisions.json")["featureGates"].items())
    if (row["feature"].text() == name) return row;
  return {};
}

bool has_feature(std::string_view name, const std::string& revision) {
  const auto first = parse_revision(feature(name)["minRevision"].text());
  return first && parse_revision(revision) >= first;
}

/// What may keep pods with an init container that changes the network out; empty when nothing.
std::string guard_of(const ManagedCluster& cluster) {
  if (cluster.has_addon("azurepolicy")) return "the add-on azurepolicy is on";
  if (same_word(cluster.body.at({"sku", "name"}).text(), "Automatic"))
    return "the cluster is an AKS Automatic one";
  return {};
}

/// What runs too old a Kubernetes for native sidecars, or does not run; nothing when all is well.
std::vector<std::string> too_old_for_native(const ManagedCluster& cluster) {
  const auto least =
      parse_version(feature("nativeSidecarDefaultNewInstall")["minKubernetes"].text());
  const auto older = [&](const std::string& version) {
    const auto number = parse_version(version);
    return number && number < least;
  };
  if (older(cluster.kubernetes_version))
    return {"the control plane runs " + cluster.kubernetes_version};
  std::vector<std::string> out;
  for (const auto& pool : cluster.pools) {
    if (older(pool.kubernetes_version))
      out.push_back("node pool " + pool.name + " runs " + pool.kubernetes_version);
    else if (!pool.power_state.empty() && !same_word(pool.power_state, "Running"))
      out.push_back("node pool " + pool.name + " is " + to_lower(pool.power_state));
  }
  return out;
}

void check_init_containers(const ManagedCluster& cluster, Obstacles& out) {
  if (const auto guard = guard_of(cluster); !guard.empty())
    out.push_back({"azure-policy-capabilities",
                   guard + ", which may refuse pods with istio-init; CNIChaining needs none",
                   true});
}

}  // namespace

void check_cni_revision(const std::string& mechanism, const std::vector<std::string>& revisions,
                        Obstacles& out) {
  if (!same_word(mechanism, kCni)) return;
  std::vector<std::string> old;
  for (const auto& one : revisions)
    if (!has_feature("istioCni", one)) old.push_back(one);
  if (!old.empty()) out.push_back({"cni-revision", join(old, ", ") + " has no Istio CNI"});
}

void check_redirection(const ManagedCluster& cluster, const std::string& mechanism,
                       Obstacles& out) {
  check_cni_revision(mechanism, cluster.mesh.revisions, out);
  if (!same_word(mechanism, kCni)) check_init_containers(cluster, out);
}

void check_new_mesh(const ManagedCluster& cluster, const std::string& revision,
                    const std::string& mechanism, Obstacles& out) {
  const auto profile = cluster.body.at({"properties", "serviceMeshProfile"});
  if (!cluster.mesh.enabled && profile["istio"].is_mapping())
    out.push_back({"disabled-profile-residue",
                   "the profile still holds the settings of an earlier mesh; the new one begins "
                   "without them",
                   true});
  const bool chosen = !revision.empty();
  const bool cni_by_default = chosen && has_feature("istioCniDefaultNewInstall", revision);
  if (mechanism.empty() && cni_by_default)
    out.push_back({"cni-default-change",
                   "new meshes of " + revision +
                       " redirect with CNIChaining unless --proxy-redirection-mechanism says "
                       "otherwise",
                   true});
  if (chosen) check_cni_revision(mechanism, {revision}, out);
  if (!same_word(mechanism, kCni) && !(mechanism.empty() && cni_by_default))
    check_init_containers(cluster, out);
  if (chosen && !has_feature("nativeSidecarDefaultNewInstall", revision)) return;
  if (const auto old = too_old_for_native(cluster); !old.empty())
    out.push_back({"native-sidecar-prereq",
                   "sidecars will be ordinary containers, no native sidecars: " + join(old, ", "),
                   true});
}

void check_native_sidecars(const ManagedCluster& cluster, const std::string& target,
                           Obstacles& out) {
  constexpr const char* kAlways = "nativeSidecarDefaultUpgrade";
  const auto& present = cluster.mesh.revisions;
  if (present.empty() || has_feature(kAlways, present.back()) || !has_feature(kAlways, target) ||
      !too_old_for_native(cluster).empty())
    return;
  out.push_back({"native-sidecar-turns-on",
                 target + " makes sidecars native ones: istio-proxy becomes an init container, "
                          "unless it is one already",
                 true});
}

}  // namespace aksmesh::azure
