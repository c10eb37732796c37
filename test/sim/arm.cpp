// SPDX-License-Identifier: Apache-2.0
#include "arm.hpp"

#include <algorithm>
#include <regex>

#include "change.hpp"

namespace aksmesh::sim {
namespace {

constexpr const char* kVersions = "2026-03-01, 2026-06-01";
constexpr const char* kProvider = "microsoft.containerservice";

std::optional<Response> check_version(const Request& request) {
  const std::string version = request.parameter("api-version");
  if (version.empty()) {
    return gateway_error(
        400, "MissingApiVersionParameter",
        "The api-version query parameter (?api-version=) is required for all requests.");
  }
  const auto provider = std::find(request.folded.begin(), request.folded.end(), kProvider);
  static const std::regex form("[0-9]{4}-[0-9]{2}-[0-9]{2}(-preview)?");
  if (!std::regex_match(version, form)) {
    return gateway_error(400, "InvalidApiVersionParameter",
                         "The api-version '" + version + "' is invalid.");
  }
  const bool operations = request.folded.size() > 6 && request.folded[6].starts_with("operation");
  if (provider == request.folded.end() || operations || version == "2026-03-01" ||
      version == "2026-06-01") {
    return std::nullopt;
  }
  return gateway_error(400, "InvalidApiVersionParameter",
                       "The api-version '" + version +
                           "' is invalid. The supported versions are '" + kVersions + "'.");
}

Response not_found(const std::string& path) {
  return gateway_error(404, "NotFound", "There is nothing at '" + path + "'.");
}

Json subscription(const State& state) {
  const std::string& id = state.scenario.subscription;
  return {{"id", "/subscriptions/" + id},
          {"authorizationSource", "RoleBased"},
          {"managedByTenants", Json::array()},
          {"subscriptionId", id},
          {"tenantId", state.scenario.tenant},
          {"displayName", "Simulated Subscription"},
          {"state", "Enabled"},
          {"subscriptionPolicies",
           {{"locationPlacementId", "Public_2014-09-01"},
            {"quotaId", "PayAsYouGo_2014-09-01"},
            {"spendingLimit", "Off"}}}};
}

Response subscriptions(const State& state) {
  return answer(200, {{"value", Json::array({subscription(state)})},
                      {"count", {{"type", "Total"}, {"value", 1}}}});
}

Response tenants(const State& state) {
  const Json tenant{{"id", "/tenants/" + state.scenario.tenant},
                    {"tenantId", state.scenario.tenant},
                    {"displayName", "Simulated Tenant"}};
  return answer(200, {{"value", Json::array({tenant})}});
}

Response locations(const State& state) {
  Json list = Json::array();
  for (const std::string& name : state.scenario.locations) {
    list.push_back({{"id", "/subscriptions/" + state.scenario.subscription + "/locations/" + name},
                    {"name", name},
                    {"type", "Region"},
                    {"displayName", name == "westus2" ? "West US 2" : name},
                    {"regionalDisplayName", name}});
  }
  return answer(200, {{"value", list}});
}

Response clusters(const State& state, const Request& request, const std::string& group) {
  Json list = Json::array();
  std::size_t skip = std::strtoul(request.parameter("$skiptoken").c_str(), nullptr, 10);
  std::size_t seen = 0;
  bool more = false;
  for (const Cluster& each : state.clusters) {
    if (!group.empty() && lower(each.group) != lower(group)) continue;
    if (seen++ < skip) continue;
    if (list.size() == state.scenario.page_size) {
      more = true;
      break;
    }
    list.push_back(each.body);
  }
  Json body{{"value", list}};
  if (more) {
    body["nextLink"] = state.endpoint + request.path +
                       "?api-version=" + request.parameter("api-version") +
                       "&%24skiptoken=" + std::to_string(skip + list.size());
  }
  return answer(200, body);
}

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

Response revision_profiles(const State& state, const Request& request) {
  const std::string& location = request.folded[5];
  const std::vector<std::string>& known = state.scenario.locations;
  if (std::find(known.begin(), known.end(), location) == known.end()) {
    return gateway_error(400, "NoRegisteredProviderFound",
                         "No registered resource provider found for location '" + request.parts[5] +
                             "' and API version '" + request.parameter("api-version") +
                             "' for type 'locations/meshRevisionProfiles'. The supported "
                             "api-versions are '" +
                             kVersions + "'. The supported locations are '" + joined(known) + "'.");
  }
  const Json item{{"id", "/subscriptions/" + state.scenario.subscription +
                             "/providers/Microsoft.ContainerService/locations/" + location +
                             "/meshRevisionProfiles/istio"},
                  {"name", "istio"},
                  {"type", "Microsoft.ContainerService/locations/meshRevisionProfiles"},
                  {"properties", {{"meshRevisions", state.scenario.revisions}}}};
  if (request.parts.size() == 8) return answer(200, item);
  const bool none = state.scenario.revisions.empty();
  return answer(200, {{"value", none ? Json::array() : Json::array({item})}});
}

// What the service calls the state changes while it works.
std::string status_word(const State& state, const Operation& operation) {
  const std::vector<std::string>& words = state.scenario.status_words;
  if (!operation.running() || words.empty()) return operation.status;
  const double whole = std::chrono::duration<double>(operation.ends - operation.begun).count();
  const double gone = std::chrono::duration<double>(Clock::now() - operation.begun).count();
  const double share = whole > 0 ? std::clamp(gone / whole, 0.0, 0.999) : 0;
  return words[static_cast<std::size_t>(share * static_cast<double>(words.size()))];
}

Json status_body(const State& state, const Operation& operation) {
  Json body{{"name", operation.id},
            {"status", status_word(state, operation)},
            {"startTime", operation.start_time}};
  if (!operation.running()) body["endTime"] = operation.end_time;
  const std::string& note = state.scenario.error_note;
  const bool noted =
      operation.note || note == "both" || note == (operation.running() ? "running" : "succeeded");
  if (operation.status == "Failed" || operation.status == "Canceled") {
    if (!operation.error.is_null()) body["error"] = operation.error;
  } else if (noted) {
    body["error"] = {{"code", "NotLatestOperation"},
                     {"message",
                      "The operation has been preempted by another one. Please wait for "
                      "the other operation to complete and try again.."}};
  }
  return body;
}

// The older way: 202 until the end, and the newest link counts.
Response operation_result(const State& state, const Operation& operation) {
  Response response;
  if (operation.running()) {
    response.status = 202;
    add_operation_link(state, operation, response);
    response.headers.erase("azure-asyncoperation");
    return response;
  }
  response.status = 204;
  if (operation.status == "Succeeded") return response;
  const Json none{{"code", operation.status}, {"message", "The operation did not succeed."}};
  return answer(409, {{"error", operation.error.is_null() ? none : operation.error}});
}

Response on_operation(const State& state, const Request& request) {
  const auto found = state.operations.find(request.folded[7]);
  if (found == state.operations.end()) {
    return service_error(404, "NotFound", "The entity was not found.");
  }
  const Operation& operation = *found->second;
  if (request.parameter("h") != "h-" + operation.id || request.parameter("c").size() != 2200) {
    return gateway_error(403, "AuthorizationFailed", "The signature of the link is not valid.");
  }
  if (request.folded[6] == "operationresults") return operation_result(state, operation);
  Response response = answer(200, status_body(state, operation));
  if (operation.running() && state.scenario.retry_after > 0) {
    response.headers["retry-after"] = std::to_string(state.scenario.retry_after);
  }
  return response;
}

Response abort_operation(State& state, Cluster& cluster) {
  if (!cluster.busy()) {
    return service_error(409, "OperationNotAllowed",
                         "There is no operation in progress that could be aborted.");
  }
  cluster.operation->error = {{"code", "OperationCanceled"},
                              {"message", "The operation was canceled by a later request."}};
  state.end_operation(cluster, "Canceled");
  // The abort is an operation of its own, and done at once.
  auto abort = std::make_shared<Operation>();
  abort->id = state.next_id();
  abort->status = "Succeeded";
  abort->start_time = abort->end_time = utc_now();
  state.operations[abort->id] = abort;
  Response response;
  response.status = 202;
  add_operation_link(state, *abort, response);
  return response;
}

Response missing_cluster(const State& state, const Request& request) {
  if (!state.has_group(request.parts[3])) {
    return gateway_error(404, "ResourceGroupNotFound",
                         "Resource group '" + request.parts[3] + "' could not be found.");
  }
  return gateway_error(404, "ResourceNotFound",
                       "The Resource 'Microsoft.ContainerService/managedClusters/" +
                           request.parts[7] + "' under resource group '" + request.parts[3] +
                           "' was not found. For more details please go to "
                           "https://aka.ms/ARMResourceNotFoundFix");
}

Response below_cluster(State& state, const Request& request, Cluster& cluster) {
  const std::string& what = request.folded[8];
  const bool one = request.parts.size() == 10;
  if (request.method == "POST") {
    if (what == "listclusterusercredential") return credentials(state, cluster, request, false);
    if (what == "listclusteradmincredential") return credentials(state, cluster, request, true);
    if (what == "abort") return abort_operation(state, cluster);
    return not_found(request.path);
  }
  if (what == "meshupgradeprofiles") return mesh_upgrade_profiles(state, cluster, !one);
  if (what == "upgradeprofiles" && one) return upgrade_profile(cluster);
  if (what == "agentpools" && !one) return agent_pools(cluster);
  if (what == "maintenanceconfigurations" && !one) return maintenance_configurations(cluster);
  return not_found(request.path);
}

Response on_cluster(State& state, const Request& request, const Effect& effect) {
  if (!state.has_group(request.parts[3])) return missing_cluster(state, request);
  const bool itself = request.parts.size() == 8;
  if (itself && request.method == "PUT") return put_cluster(state, request, effect);
  Cluster* cluster = state.cluster(request.parts[3], request.parts[7]);
  if (!cluster) return missing_cluster(state, request);
  if (!itself) return below_cluster(state, request, *cluster);
  if (request.method == "PATCH") return patch_cluster(state, request, *cluster);
  if (request.method == "GET") return answer(200, cluster->body);
  return gateway_error(405, "MethodNotAllowed", "The simulator does not know this method here.");
}

// /subscriptions/{id}/providers/Microsoft.ContainerService/...
Response on_provider(const State& state, const Request& request) {
  const std::vector<std::string>& parts = request.folded;
  if (parts.size() == 5 && parts[4] == "managedclusters") return clusters(state, request, "");
  if (parts.size() >= 7 && parts[4] == "locations") {
    if (parts[6] == "meshrevisionprofiles") return revision_profiles(state, request);
    if (parts[6].starts_with("operation") && parts.size() == 8) return on_operation(state, request);
  }
  return not_found(request.path);
}

Response on_subscription(State& state, const Request& request, const Effect& effect) {
  const std::vector<std::string>& parts = request.folded;
  if (parts[1] != lower(state.scenario.subscription)) {
    return gateway_error(404, "SubscriptionNotFound",
                         "The subscription '" + request.parts[1] + "' could not be found.");
  }
  if (parts.size() == 2) return answer(200, subscription(state));
  if (parts.size() == 3 && parts[2] == "locations") return locations(state);
  if (parts.size() >= 5 && parts[2] == "providers" && parts[3] == kProvider) {
    return on_provider(state, request);
  }
  if (parts.size() >= 7 && parts[2] == "resourcegroups" && parts[5] == kProvider &&
      parts[6] == "managedclusters") {
    if (parts.size() > 7) return on_cluster(state, request, effect);
    return state.has_group(request.parts[3]) ? clusters(state, request, request.parts[3])
                                             : missing_cluster(state, request);
  }
  return not_found(request.path);
}

}  // namespace

Response answer_arm(State& state, const Request& request, const Effect& effect) {
  if (std::optional<Response> refusal = check_version(request)) return *refusal;
  const std::vector<std::string>& parts = request.folded;
  if (parts.empty()) return not_found(request.path);
  if (parts[0] == "tenants") return tenants(state);
  if (parts[0] != "subscriptions") return not_found(request.path);
  if (parts.size() == 1) return subscriptions(state);
  return on_subscription(state, request, effect);
}

Response cloud_metadata(const State& state) {
  return answer(
      200,
      {{"portal", state.endpoint},
       {"authentication",
        {{"loginEndpoint", state.endpoint},
         {"audiences", {"https://management.core.windows.net/", "https://management.azure.com/"}},
         {"tenant", "common"},
         {"identityProvider", "AAD"}}},
       {"graphAudience", state.endpoint},
       {"graph", state.endpoint},
       {"microsoftGraphResourceId", state.endpoint},
       {"name", "Simulator"},
       {"suffixes", {{"keyVaultDns", "vault.azure.net"}, {"storage", "core.windows.net"}}},
       {"resourceManager", state.endpoint + "/"}});
}

}  // namespace aksmesh::sim
