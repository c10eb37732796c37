// SPDX-License-Identifier: Apache-2.0
#include "scenario.hpp"

namespace aksmesh::sim {
namespace {

using Names = std::vector<std::string>;

Json compatible(const Names& versions) {
  return {{{"name", "KubernetesOfficial"}, {"versions", versions}},
          {{"name", "AKSLongTermSupport"}, {"versions", versions}}};
}

Json pool(const std::string& name, const std::string& mode, int count, const std::string& etag) {
  return {{"name", name},
          {"count", count},
          {"vmSize", "Standard_D4ds_v5"},
          {"osDiskSizeGB", 150},
          {"osDiskType", "Ephemeral"},
          {"maxPods", 250},
          {"type", "VirtualMachineScaleSets"},
          {"enableAutoScaling", false},
          {"provisioningState", "Succeeded"},
          {"powerState", {{"code", "Running"}}},
          {"orchestratorVersion", "1.34"},
          {"currentOrchestratorVersion", "1.34.4"},
          {"mode", mode},
          {"osType", "Linux"},
          {"osSKU", "Ubuntu"},
          {"nodeImageVersion", "AKSUbuntu-2204gen2containerd-202607.20.0"},
          {"upgradeSettings", {{"maxSurge", "10%"}}},
          {"eTag", etag}};
}

Json network_profile() {
  return {
      {"networkPlugin", "azure"},
      {"networkPluginMode", "overlay"},
      {"networkPolicy", "none"},
      {"networkDataplane", "azure"},
      {"loadBalancerSku", "standard"},
      {"loadBalancerProfile",
       {{"managedOutboundIPs", {{"count", 1}}},
        {"effectiveOutboundIPs", Json::array({{{"id", "/subscriptions/s/publicIPAddresses/p"}}})},
        {"backendPoolType", "nodeIPConfiguration"}}},
      {"podCidr", "10.244.0.0/16"},
      {"serviceCidr", "10.0.0.0/16"},
      {"dnsServiceIP", "10.0.0.10"},
      {"outboundType", "loadBalancer"},
      {"podCidrs", Names{"10.244.0.0/16"}},
      {"serviceCidrs", Names{"10.0.0.0/16"}},
      {"ipFamilies", Names{"IPv4"}}};
}

// Members that no client knows, with numbers that a careless one would spell in another way.
Json unknown_members() {
  return *parse(R"({"bigInteger": 9007199254740993, "beyond64Bits": 123456789012345678901234567890,
    "float": 1.0e2, "small": 1E-7, "trailingZero": 2.50, "empty": {}, "nothing": null,
    "list": [1, 2.0, {"deep": {"er": "caf\u00e9 \"quoted\" \\ / \t"}}]})");
}

Json properties(const std::string& name, const std::string& group) {
  Json out{{"provisioningState", "Succeeded"},
           {"powerState", {{"code", "Running"}}},
           {"kubernetesVersion", "1.34"},
           {"currentKubernetesVersion", "1.34.4"},
           {"dnsPrefix", name + "-dns"},
           {"fqdn", name + "-dns-0a1b2c3d.hcp.westus2.azmk8s.io"},
           {"azurePortalFQDN", name + "-dns-0a1b2c3d.portal.hcp.westus2.azmk8s.io"}};
  out["agentPoolProfiles"] = {pool("nodepool1", "System", 3, "pool-etag-1"),
                              pool("user1", "User", 2, "pool-etag-2")};
  out["servicePrincipalProfile"] = {{"clientId", "msi"}};
  out["addonProfiles"] = {{"azurepolicy", {{"enabled", false}, {"config", nullptr}}}};
  out["nodeResourceGroup"] = "MC_" + group + "_" + name + "_westus2";
  out["enableRBAC"] = true;
  out["supportPlan"] = "KubernetesOfficial";
  out["networkProfile"] = network_profile();
  out["maxAgentPools"] = 100;
  out["identityProfile"] = {
      {"kubeletidentity",
       {{"resourceId", "/subscriptions/s/userAssignedIdentities/" + name + "-agentpool"},
        {"clientId", "00000000-0000-0000-0000-0000000000e2"},
        {"objectId", "00000000-0000-0000-0000-0000000000e3"}}}};
  out["autoUpgradeProfile"] = {{"nodeOSUpgradeChannel", "NodeImage"}};
  out["disableLocalAccounts"] = false;
  out["securityProfile"] = Json::object();
  out["oidcIssuerProfile"] = {{"enabled", false}};
  out["futureProfile"] = unknown_members();
  return out;
}

Json istio(const Names& revisions) {
  return {{"mode", "Istio"}, {"istio", {{"components", Json::object()}, {"revisions", revisions}}}};
}

void with_key_vault(Json& body) {
  body["properties"]["addonProfiles"]["azureKeyvaultSecretsProvider"] = {
      {"enabled", true},
      {"config", {{"enableSecretRotation", "true"}, {"rotationPollInterval", "2m"}}},
      {"identity", {{"clientId", "00000000-0000-0000-0000-0000000000d1"}}}};
}

void long_term(Json& body) {
  body["sku"] = {{"name", "Base"}, {"tier", "Premium"}};
  Json& properties = body["properties"];
  properties["supportPlan"] = "AKSLongTermSupport";
  properties["kubernetesVersion"] = "1.30";
  properties["currentKubernetesVersion"] = "1.30.14";
  for (Json& each : properties["agentPoolProfiles"]) {
    each["orchestratorVersion"] = "1.30";
    each["currentOrchestratorVersion"] = "1.30.14";
  }
}

void with_gateway_pool(Json& body) {
  Json gateway = pool("gwpool", "Gateway", 2, "pool-etag-3");
  gateway["gatewayProfile"] = {{"publicIPPrefixSize", 31}};
  body["properties"]["agentPoolProfiles"].push_back(gateway);
  body["properties"]["networkProfile"]["staticEgressGatewayProfile"] = {{"enabled", true}};
}

}  // namespace

Json default_revisions() {
  return {{{"revision", "asm-1-28"},
           {"upgrades", Names{"asm-1-29", "asm-1-30"}},
           {"compatibleWith", compatible({"1.30", "1.31", "1.32", "1.33", "1.34", "1.35"})}},
          {{"revision", "asm-1-29"},
           {"upgrades", Names{"asm-1-30"}},
           {"compatibleWith", compatible({"1.31", "1.32", "1.33", "1.34", "1.35", "1.36"})}},
          {{"revision", "asm-1-30"},
           {"compatibleWith", compatible({"1.32", "1.33", "1.34", "1.35", "1.36"})}}};
}

Json plain_cluster(const Scenario& scenario, const std::string& group, const std::string& name) {
  Json body;
  body["id"] = "/subscriptions/" + scenario.subscription + "/resourcegroups/" + group +
               "/providers/Microsoft.ContainerService/managedClusters/" + name;
  body["location"] = "westus2";
  body["name"] = name;
  body["type"] = "Microsoft.ContainerService/ManagedClusters";
  body["kind"] = "Base";
  body["tags"] = {{"env", "test"}, {"owner", "platform"}};
  body["properties"] = properties(name, group);
  body["identity"] = {{"type", "SystemAssigned"},
                      {"principalId", "00000000-0000-0000-0000-0000000000e1"},
                      {"tenantId", scenario.tenant}};
  body["sku"] = {{"name", "Base"}, {"tier", "Standard"}};
  body["systemData"] = {{"createdBy", "operator@contoso.example"},
                        {"createdByType", "User"},
                        {"createdAt", "2026-01-05T09:00:00Z"},
                        {"lastModifiedBy", "operator@contoso.example"},
                        {"lastModifiedByType", "User"},
                        {"lastModifiedAt", "2026-06-01T10:00:00Z"}};
  body["futureTop"] = true;
  return body;
}

Json default_clusters(const Scenario& scenario) {
  Json out = Json::array();
  const auto add = [&](const std::string& name, const Json& profile) -> Json& {
    Json body = plain_cluster(scenario, "rg-mesh", name);
    if (!profile.is_null()) body["properties"]["serviceMeshProfile"] = profile;
    out.push_back({{"resourceGroup", "rg-mesh"}, {"name", name}, {"body", body}});
    return out.back()["body"];
  };
  with_key_vault(add("demo", nullptr));
  with_gateway_pool(add("mesh", istio({"asm-1-28"})));
  add("canary", istio({"asm-1-28", "asm-1-29"}));
  Json& osm = add("osm", nullptr);
  osm["properties"]["addonProfiles"]["openServiceMesh"] = {{"enabled", true}, {"config", nullptr}};
  long_term(add("lts", istio({"asm-1-28"})));
  add("old", istio({"asm-1-26"}));
  return out;
}

}  // namespace aksmesh::sim
