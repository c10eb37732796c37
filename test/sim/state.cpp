// SPDX-License-Identifier: Apache-2.0
#include "state.hpp"

#include <cstdio>
#include <ctime>

namespace aksmesh::sim {
namespace {

Clock::duration seconds(double count) {
  return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(count));
}

Cluster cluster_of(const Scenario& scenario, const Json& entry) {
  Cluster out;
  out.group = text_at(entry, {"resourceGroup"});
  out.name = text_at(entry, {"name"});
  const std::vector<std::string> id = split(text_at(entry, {"id"}), '/');
  if (id.size() == 9) {
    out.group = id[4];
    out.name = id[8];
  }
  out.kubeconfig = text_at(entry, {"kubeconfig"});
  out.body = plain_cluster(scenario, out.group, out.name);
  if (entry.contains("body")) {
    // A whole body stands for itself; only what names the cluster is always ours.
    Json body = entry["body"];
    for (const char* key : {"id", "name", "type"}) body[key] = out.body[key];
    if (!body.contains("location")) body["location"] = out.body["location"];
    out.body = std::move(body);
  }
  for (const auto& [path, value] : at(entry, {"set"}).items()) set_path(out.body, path, value);
  return out;
}

void state_of_pools(Json& body, const std::string& word) {
  Json& properties = body["properties"];
  properties["provisioningState"] = word;
  if (!at(properties, {"agentPoolProfiles"}).is_array()) return;
  for (Json& pool : properties["agentPoolProfiles"]) pool["provisioningState"] = word;
}

}  // namespace

std::string utc_now(int seconds_from_now) {
  const std::time_t now = std::time(nullptr) + seconds_from_now;
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

void State::reset() {
  clusters.clear();
  operations.clear();
  device_codes.clear();
  journal = Json::array();
  faults = Faults(scenario.faults);
  throttle = Throttle();
  if (scenario.revisions.is_null()) scenario.revisions = default_revisions();
  if (scenario.clusters.empty()) scenario.clusters = default_clusters(scenario);
  for (const Json& entry : scenario.clusters) {
    clusters.push_back(cluster_of(scenario, entry));
    touch(clusters.back());
  }
}

Cluster* State::cluster(const std::string& group, const std::string& name) {
  for (Cluster& each : clusters) {
    if (lower(each.group) == lower(group) && lower(each.name) == lower(name)) return &each;
  }
  return nullptr;
}

Cluster* State::cluster_named(const std::string& name) {
  for (Cluster& each : clusters) {
    if (lower(each.name) == lower(name)) return &each;
  }
  return nullptr;
}

bool State::has_group(const std::string& group) const {
  for (const Cluster& each : clusters) {
    if (lower(each.group) == lower(group)) return true;
  }
  for (const std::string& each : scenario.resource_groups) {
    if (lower(each) == lower(group)) return true;
  }
  return false;
}

std::string State::next_id() {
  char text[40];
  std::snprintf(text, sizeof text, "00000000-0000-4000-8000-%012llx",
                static_cast<unsigned long long>(++serial));
  return text;
}

void State::settle(bool polled) {
  const Clock::time_point now = Clock::now();
  for (Cluster& each : clusters) {
    if (!each.operation) continue;
    if (each.busy() && !each.operation->hangs && now >= each.operation->ends) {
      end_operation(each, each.operation->fails ? "Failed" : "Succeeded");
      if (!polled) each.lag_ends = each.operation->ends + seconds(scenario.lag_seconds);
    }
    if (!each.busy() && now >= each.lag_ends) {
      state_of_pools(each.body, each.operation->status);
      each.operation.reset();
    }
  }
}

std::shared_ptr<Operation> State::start_operation(Cluster& cluster, const Effect& effect) {
  auto operation = std::make_shared<Operation>();
  operation->id = next_id();
  operation->begun = Clock::now();
  operation->ends = operation->begun + seconds(scenario.operation_seconds);
  operation->start_time = utc_now();
  operation->hangs = effect.hang;
  operation->fails = effect.fail;
  operation->note = effect.note;
  operation->error = effect.error;
  cluster.operation = operation;
  operations[operation->id] = operation;
  state_of_pools(cluster.body, "Updating");
  return operation;
}

void State::end_operation(Cluster& cluster, const std::string& status) {
  Operation& operation = *cluster.operation;
  operation.status = status;
  operation.end_time = utc_now();
  cluster.lag_ends = Clock::now() + seconds(scenario.lag_seconds);
  Json& properties = cluster.body["properties"];
  if (status == "Failed" && !operation.error.is_null()) {
    properties["status"]["provisioningError"] = operation.error;
  } else {
    properties.erase("status");
  }
  event({{"event", "operationEnded"},
         {"cluster", cluster.name},
         {"operation", operation.id},
         {"status", status}});
}

void State::touch(Cluster& cluster) {
  cluster.body["eTag"] = next_id();
  Json& properties = cluster.body["properties"];
  if (at(properties, {"agentPoolProfiles"}).is_array()) {
    for (Json& pool : properties["agentPoolProfiles"]) pool["eTag"] = next_id();
  }
}

void State::touch_pool(Cluster& cluster, const std::string& name) {
  for (Json& pool : cluster.body["properties"]["agentPoolProfiles"])
    if (text_at(pool, {"name"}) == name) pool["eTag"] = next_id();
}

void State::event(Json entry) {
  entry["time"] = utc_now();
  journal.push_back(std::move(entry));
}

}  // namespace aksmesh::sim
