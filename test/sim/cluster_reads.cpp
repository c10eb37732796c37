// SPDX-License-Identifier: Apache-2.0
#include "arm.hpp"
#include "revisions.hpp"

namespace aksmesh::sim {
namespace {

std::string id_of(const Cluster& cluster) {
  return text_at(cluster.body, {"id"});
}

// The certificate data are no certificates: who wants to reach a cluster gives the scenario a
// kubeconfig.
std::string head(const Cluster& cluster, const std::string& user) {
  const std::string server = text_at(cluster.body, {"properties", "fqdn"});
  return "apiVersion: v1\nkind: Config\nclusters:\n- name: " + cluster.name +
         "\n  cluster:\n    certificate-authority-data: " + base64("not a certificate") +
         "\n    server: https://" + server + ":443\ncontexts:\n- name: " + cluster.name +
         "\n  context:\n    cluster: " + cluster.name + "\n    user: " + user +
         "\ncurrent-context: " + cluster.name + "\npreferences: {}\nusers:\n- name: " + user +
         "\n  user:\n";
}

std::string static_user() {
  return "    client-certificate-data: " + base64("not a certificate") +
         "\n    client-key-data: " + base64("not a key") + "\n    token: simulated\n";
}

std::string entra_user(const State& state, bool legacy) {
  const std::string server = "6dae42f8-4368-4678-94ff-3960e28e3630";
  const std::string client = "80faf920-1908-4b52-b5ef-a8e7bedfc67a";
  const std::string& tenant = state.scenario.tenant;
  if (legacy) {
    return "    auth-provider:\n      name: azure\n      config:\n        apiserver-id: " + server +
           "\n        client-id: " + client +
           "\n        config-mode: '1'\n        environment: AzurePublicCloud\n        "
           "tenant-id: " +
           tenant + "\n";
  }
  std::string out =
      "    exec:\n      apiVersion: client.authentication.k8s.io/v1beta1\n      args:\n";
  for (const std::string& argument :
       {std::string("get-token"), std::string("--environment"), std::string("AzurePublicCloud"),
        std::string("--server-id"), server, std::string("--client-id"), client,
        std::string("--tenant-id"), tenant, std::string("--login"), std::string("devicecode")}) {
    out += "      - " + argument + "\n";
  }
  return out + "      command: kubelogin\n      env: null\n      provideClusterInfo: false\n";
}

std::string kubeconfig(const State& state, const Cluster& cluster, const Request& request,
                       bool admin) {
  if (!cluster.kubeconfig.empty()) return cluster.kubeconfig;
  const std::string user =
      (admin ? "clusterAdmin_" : "clusterUser_") + cluster.group + "_" + cluster.name;
  const bool entra = at(cluster.body, {"properties", "aadProfile"}).is_object() && !admin;
  const bool legacy = request.parameter("format") == "azure";
  return head(cluster, user) + (entra ? entra_user(state, legacy) : static_user());
}

Json minor_upgrades(const std::string& version) {
  const std::vector<std::string> parts = split(version, '.');
  if (parts.size() < 3) return Json::array();
  const std::string patch = std::to_string(std::atoi(parts[2].c_str()) + 1);
  const std::string minor = std::to_string(std::atoi(parts[1].c_str()) + 1);
  return Json::array({{{"kubernetesVersion", parts[0] + "." + parts[1] + "." + patch}},
                      {{"kubernetesVersion", parts[0] + "." + minor + ".2"}}});
}

}  // namespace

Response mesh_upgrade_profiles(const State& state, const Cluster& cluster, bool list) {
  const Json& profile = at(cluster.body, {"properties", "serviceMeshProfile"});
  const std::vector<std::string> revisions = text_at(profile, {"mode"}) == "Istio"
                                                 ? texts(at(profile, {"istio", "revisions"}))
                                                 : std::vector<std::string>();
  if (revisions.size() > 1) {
    return service_error(400, "BadRequest",
                         "Mesh upgrade is in progress. Please complete or roll back the current "
                         "upgrade before attempting to retrieve versioning and compatibility "
                         "information");
  }
  if (revisions.empty()) {
    return list ? answer(200, {{"value", Json::array()}})
                : service_error(404, "NotFound", "The cluster has no mesh upgrade profile.");
  }
  const Revisions offered(state.scenario.revisions);
  Json properties{{"revision", revisions[0]}};
  const std::vector<std::string> targets = offered.targets(revisions[0], cluster.body);
  if (!targets.empty()) properties["upgrades"] = targets;
  if (const Json* found = offered.find(revisions[0])) {
    properties["compatibleWith"] = at(*found, {"compatibleWith"});
  }
  const Json item{{"id", id_of(cluster) + "/meshUpgradeProfiles/istio"},
                  {"name", "istio"},
                  {"type", "Microsoft.ContainerService/managedClusters/meshUpgradeProfiles"},
                  {"properties", properties}};
  return answer(200, list ? Json{{"value", Json::array({item})}} : item);
}

Response upgrade_profile(const Cluster& cluster) {
  const std::string version = text_at(cluster.body, {"properties", "currentKubernetesVersion"});
  return answer(200, {{"id", id_of(cluster) + "/upgradeprofiles/default"},
                      {"name", "default"},
                      {"type", "Microsoft.ContainerService/managedClusters/upgradeprofiles"},
                      {"properties",
                       {{"controlPlaneProfile",
                         {{"kubernetesVersion", version},
                          {"osType", "Linux"},
                          {"upgrades", minor_upgrades(version)}}},
                        {"agentPoolProfiles", nullptr}}}});
}

Response agent_pools(const Cluster& cluster) {
  Json list = Json::array();
  for (const Json& pool : at(cluster.body, {"properties", "agentPoolProfiles"})) {
    Json properties = pool;
    const std::string name = text_at(pool, {"name"});
    properties.erase("name");
    list.push_back({{"id", id_of(cluster) + "/agentPools/" + name},
                    {"name", name},
                    {"type", "Microsoft.ContainerService/managedClusters/agentPools"},
                    {"properties", properties}});
  }
  return answer(200, {{"value", list}});
}

Response maintenance_configurations(const Cluster& cluster) {
  const Json window{{"schedule", {{"weekly", {{"intervalWeeks", 1}, {"dayOfWeek", "Saturday"}}}}},
                    {"durationHours", 4},
                    {"utcOffset", "+00:00"},
                    {"startDate", "2026-06-01"},
                    {"startTime", "02:00"}};
  const std::string name = "aksManagedAutoUpgradeSchedule";
  const Json item{{"id", id_of(cluster) + "/maintenanceConfigurations/" + name},
                  {"name", name},
                  {"type", "Microsoft.ContainerService/managedClusters/maintenanceConfigurations"},
                  {"properties", {{"maintenanceWindow", window}}}};
  return answer(200, {{"value", Json::array({item})}});
}

Response credentials(const State& state, const Cluster& cluster, const Request& request,
                     bool admin) {
  if (admin && flag_at(cluster.body, {"properties", "disableLocalAccounts"})) {
    return service_error(400, "BadRequest",
                         "Getting static credential is not allowed because this cluster is set to "
                         "disable local accounts.");
  }
  const Json item{{"name", admin ? "clusterAdmin" : "clusterUser"},
                  {"value", base64(kubeconfig(state, cluster, request, admin))}};
  return answer(200, {{"kubeconfigs", Json::array({item})}});
}

}  // namespace aksmesh::sim
