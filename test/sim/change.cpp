// SPDX-License-Identifier: Apache-2.0
#include "change.hpp"

#include <algorithm>
#include <set>

#include "mesh_rules.hpp"

namespace aksmesh::sim {
namespace {

// Read-only for a client: what a request says about these is not heard.
const std::set<std::string>& read_only(const std::string& path) {
  static const std::map<std::string, std::set<std::string>> table{
      {"", {"id", "name", "type", "systemData", "eTag"}},
      {"identity", {"principalId", "tenantId"}},
      {"properties",
       {"provisioningState", "powerState", "maxAgentPools", "currentKubernetesVersion", "fqdn",
        "privateFQDN", "azurePortalFQDN", "resourceUID", "status", "serviceMeshProfile"}},
      {"properties.oidcIssuerProfile", {"issuerURL"}},
      {"properties.addonProfiles.*", {"identity"}},
      {"properties.agentPoolProfiles.*",
       {"currentOrchestratorVersion", "eTag", "provisioningState", "status"}},
      {"properties.networkProfile.loadBalancerProfile", {"effectiveOutboundIPs"}}};
  static const std::set<std::string> none;
  const auto found = table.find(path);
  return found == table.end() ? none : found->second;
}

std::string below(const std::string& path, const std::string& key) {
  if (path == "properties.addonProfiles" || path == "properties.agentPoolProfiles") {
    return path + ".*";
  }
  return path.empty() ? key : path + "." + key;
}

void merge(Json& into, const Json& from, const std::string& path);

void merge_pools(Json& into, const Json& from, const std::string& path) {
  if (!into.is_array()) into = Json::array();
  for (const Json& pool : from) {
    Json* known = nullptr;
    for (Json& each : into) {
      if (text_at(each, {"name"}) == text_at(pool, {"name"})) known = &each;
    }
    if (!known) known = &into.emplace_back(Json::object());
    merge(*known, pool, path + ".*");
  }
}

// What the request does not mention stays; tags are one value.
void merge(Json& into, const Json& from, const std::string& path) {
  const std::set<std::string>& kept = read_only(path);
  for (const auto& [key, value] : from.items()) {
    if (kept.contains(key)) continue;
    if (key == "agentPoolProfiles" && value.is_array()) {
      merge_pools(into[key], value, below(path, key));
    } else if (value.is_object() && into.contains(key) && into[key].is_object() && key != "tags") {
      merge(into[key], value, below(path, key));
    } else {
      into[key] = value;
    }
  }
}

bool writes_images(const Request& request) {
  return request.parameter("api-version") >= "2026-04-01";
}

// A node image is read-only in the older versions, and an order to go back to it in the newer ones.
std::optional<Response> apply_images(State& state, Cluster& cluster, Json& wanted, bool writable) {
  Json& pools = wanted["properties"]["agentPoolProfiles"];
  if (!pools.is_array()) return std::nullopt;
  for (Json& pool : pools) {
    const std::string name = text_at(pool, {"name"});
    const std::string asked = text_at(pool, {"nodeImageVersion"});
    std::string now;
    for (const Json& each : at(cluster.body, {"properties", "agentPoolProfiles"})) {
      if (text_at(each, {"name"}) == name) now = text_at(each, {"nodeImageVersion"});
    }
    if (asked == now || now.empty()) continue;
    if (!writable) {
      pool["nodeImageVersion"] = now;
      continue;
    }
    const std::vector<std::string> past = texts(cluster.past_images[name]);
    if (std::find(past.begin(), past.end(), asked) == past.end()) {
      return service_error(400, "BadRequest",
                           "Node image version " + asked + " of agent pool " + name +
                               " is not one of its recently used versions.");
    }
    state.event({{"event", "poolRollback"},
                 {"cluster", cluster.name},
                 {"pool", name},
                 {"from", now},
                 {"to", asked}});
  }
  return std::nullopt;
}

Response in_progress(const State& state, const Operation& operation) {
  if (state.scenario.conflict == "pending") {
    return service_error(409, "OperationNotAllowed",
                         "Operation is not allowed: Another operation (Updating) is in progress, "
                         "please wait for it to finish before starting a new operation. See "
                         "https://aka.ms/aks-pending-operation for more details");
  }
  return service_error(
      409, "OperationNotAllowed",
      "Operation is not allowed because there's an in progress update managed cluster operation "
      "(operation ID: " +
          operation.id + ") on the managed cluster started on UTC " + operation.start_time +
          ". Please wait for it to finish before starting a new operation. You can also use 'az "
          "aks operation-abort ...' to abort the ongoing operation.");
}

Response accepted(State& state, Cluster& cluster, const Effect& effect, int status) {
  const std::shared_ptr<Operation> operation = state.start_operation(cluster, effect);
  Json body = cluster.body;
  // The answer to a creation lacks it.
  if (status == 201) body.erase("eTag");
  Response response = answer(status, body);
  add_operation_link(state, *operation, response);
  return response;
}

std::optional<Response> check_body(const std::optional<Json>& body, const Cluster* cluster) {
  if (!body || !body->is_object()) {
    return gateway_error(400, "InvalidRequestContent",
                         "The request content was invalid and could not be deserialized.");
  }
  const std::string location = text_at(*body, {"location"});
  if (location.empty()) {
    return gateway_error(400, "LocationRequired",
                         "The location property is required for this definition.");
  }
  if (cluster && lower(location) != lower(text_at(cluster->body, {"location"}))) {
    return gateway_error(409, "InvalidResourceLocation",
                         "The resource '" + cluster->name + "' already exists in location '" +
                             text_at(cluster->body, {"location"}) +
                             "'. A resource with the same name cannot be created in location '" +
                             location + "'.");
  }
  return std::nullopt;
}

Response create_cluster(State& state, const Request& request, const Effect& effect,
                        const Json& body) {
  Cluster cluster;
  cluster.group = request.parts[3];
  cluster.name = request.parts[7];
  cluster.body = plain_cluster(state.scenario, cluster.group, cluster.name);
  cluster.body["properties"].erase("agentPoolProfiles");
  merge(cluster.body, body, "");
  MeshResult mesh =
      check_mesh(state.scenario, cluster.body, at(body, {"properties", "serviceMeshProfile"}));
  if (mesh.refusal) return *mesh.refusal;
  if (!mesh.profile.is_null()) cluster.body["properties"]["serviceMeshProfile"] = mesh.profile;
  state.clusters.push_back(std::move(cluster));
  state.touch(state.clusters.back());
  return accepted(state, state.clusters.back(), effect, 201);
}

Response update_cluster(State& state, const Request& request, const Effect& effect,
                        Cluster& cluster, const Json& body) {
  Json wanted = cluster.body;
  merge(wanted, body, "");
  MeshResult mesh =
      check_mesh(state.scenario, wanted, at(body, {"properties", "serviceMeshProfile"}));
  if (mesh.refusal) return *mesh.refusal;
  if (std::optional<Response> refusal =
          apply_images(state, cluster, wanted, writes_images(request))) {
    return *refusal;
  }
  if (!mesh.profile.is_null()) wanted["properties"]["serviceMeshProfile"] = mesh.profile;
  state.event({{"event", "changed"},
               {"cluster", cluster.name},
               {"changes", differences(cluster.body, wanted)}});
  cluster.body = std::move(wanted);
  cluster.body["systemData"]["lastModifiedAt"] = utc_now();
  state.touch(cluster);
  return accepted(state, cluster, effect, 200);
}

bool matches(const Scenario& scenario, const std::string& header, const std::string& etag) {
  if (header == "*") return true;
  if (scenario.if_match != "quoted" && header == etag) return true;
  return scenario.if_match != "bare" && header == "\"" + etag + "\"";
}

}  // namespace

std::optional<Response> precondition(const State& state, const Request& request,
                                     const Cluster* cluster) {
  const std::string match = request.header("if-match");
  const std::string none = request.header("if-none-match");
  if (!none.empty() && (none != "*" || !match.empty())) {
    return service_error(400, "BadRequest", "The If-None-Match header can only be empty or *.");
  }
  if (!match.empty() && !cluster) {
    return service_error(412, "PreconditionFailed",
                         "Resource not found but ETag header is provided. If this is a request to "
                         "create, please do not provide ETag.");
  }
  const bool refused = !none.empty() ? cluster != nullptr
                                     : !match.empty() && !matches(state.scenario, match,
                                                                  text_at(cluster->body, {"eTag"}));
  if (!refused) return std::nullopt;
  return service_error(412, "PreconditionFailed",
                       "The etag provided does not match the latest etag of the resource.");
}

void add_operation_link(const State& state, const Operation& operation, Response& response) {
  // As long as the signed links of the service are.
  const std::string certificate(2200, 'C');
  const std::string signature(680, 'S');
  const std::string base = state.endpoint + "/subscriptions/" + state.scenario.subscription +
                           "/providers/Microsoft.ContainerService/locations/westus2/";
  const std::string rest = operation.id +
                           "?api-version=2025-03-01&t=639123921497619809&c=" + certificate +
                           "&s=" + signature + "&h=h-" + operation.id;
  const std::string& polling = state.scenario.polling;
  if (polling == "operation" || polling == "both") {
    response.headers["azure-asyncoperation"] = base + "operations/" + rest;
  }
  if (polling == "location" || polling == "both") {
    response.headers["location"] = base + "operationresults/" + rest;
  }
  if (state.scenario.retry_after > 0) {
    response.headers["retry-after"] = std::to_string(state.scenario.retry_after);
  }
}

Response put_cluster(State& state, const Request& request, const Effect& effect) {
  Cluster* cluster = state.cluster(request.parts[3], request.parts[7]);
  const std::optional<Json> body = parse(request.body);
  if (std::optional<Response> refusal = check_body(body, cluster)) return *refusal;
  if (effect.stale) {
    return service_error(412, "PreconditionFailed",
                         "The etag provided does not match the latest etag of the resource.");
  }
  if (std::optional<Response> refusal = precondition(state, request, cluster)) return *refusal;
  if (!cluster) return create_cluster(state, request, effect, *body);
  if (cluster->operation) return in_progress(state, *cluster->operation);
  return update_cluster(state, request, effect, *cluster, *body);
}

Response patch_cluster(State& state, const Request& request, Cluster& cluster) {
  if (std::optional<Response> refusal = precondition(state, request, &cluster)) return *refusal;
  const std::optional<Json> body = parse(request.body);
  if (!body || !at(*body, {"tags"}).is_object()) {
    return gateway_error(400, "InvalidRequestContent", "Only tags can be changed by PATCH.");
  }
  cluster.body["tags"] = (*body)["tags"];
  state.touch(cluster);
  return answer(200, cluster.body);
}

bool write_elsewhere(State& state, Cluster& cluster, const std::string& path, const Json& value) {
  const Json before = cluster.body;
  if (!set_path(cluster.body, path, value)) return false;
  for (const Json& pool : at(before, {"properties", "agentPoolProfiles"})) {
    cluster.past_images[text_at(pool, {"name"})].push_back(text_at(pool, {"nodeImageVersion"}));
  }
  // An operation on a pool leaves the cluster's own tag as it is.
  const std::string pools = "properties.agentPoolProfiles.";
  if (path.rfind(pools, 0) == 0)
    state.touch_pool(cluster,
                     path.substr(pools.size(), path.find('.', pools.size()) - pools.size()));
  else
    state.touch(cluster);
  state.event(
      {{"event", "writtenElsewhere"}, {"cluster", cluster.name}, {"path", path}, {"value", value}});
  return true;
}

}  // namespace aksmesh::sim
