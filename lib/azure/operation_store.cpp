// SPDX-License-Identifier: Apache-2.0
#include "azure/operation_store.hpp"

#include "base/strings.hpp"
#include "data/json_edit.hpp"

namespace aksmesh::azure {
namespace {

constexpr std::uint64_t kLargest = 64U << 10U;  // links have about 3,000 characters

std::string state_directory(const sys::Environment& env) {
  const auto state = env.get("XDG_STATE_HOME").value_or("");
  if (state.starts_with('/')) return state + "/aksmesh/operations";
  const auto home = env.get("HOME").value_or("");
  return home.empty() ? "" : home + "/.local/state/aksmesh/operations";
}

}  // namespace

OperationStore::OperationStore(sys::Files& files, const sys::Environment& env)
    : files_(files), directory_(state_directory(env)) {}

std::string OperationStore::path_of(const ClusterId& cluster) const {
  // Escaped parts hold no slash, and ids compare case aside.
  return directory_ + '/' +
         to_lower(url_escaped(cluster.subscription) + '_' + url_escaped(cluster.resource_group) +
                  '_' + url_escaped(cluster.name)) +
         ".json";
}

void OperationStore::keep(const ClusterId& cluster, const Operation& operation) {
  if (directory_.empty() || operation.style == Operation::Style::resource) return;
  const bool status = operation.style == Operation::Style::status;
  (void)files_.write_private(path_of(cluster),
                             "{\"style\":" + data::json_string(status ? "status" : "location") +
                                 ",\"link\":" + data::json_string(operation.link) +
                                 ",\"id\":" + data::json_string(operation.id) + "}\n");
}

Operation OperationStore::find(const ClusterId& cluster) const {
  if (directory_.empty()) return {};
  const auto text = files_.read_private(path_of(cluster), kLargest);
  const auto document = text ? data::JsonDocument::parse(*text) : std::nullopt;
  if (!document) return {};
  const auto root = document->root();
  const auto link = root["link"].text();
  // A token must go nowhere but where it went before.
  if (!link.starts_with("https://")) return {};
  return {.style = root["style"].text() == "location" ? Operation::Style::location
                                                      : Operation::Style::status,
          .link = std::string(link),
          .id = std::string(root["id"].text())};
}

void OperationStore::forget(const ClusterId& cluster) {
  if (!directory_.empty()) (void)files_.remove(path_of(cluster));
}

Result<ManagedCluster> follow(Arm& arm, const ClusterId& cluster, const Operation& operation,
                              const Following& how, OperationStore& store) {
  auto after = follow(arm, cluster, operation, how);
  const bool goes_on = !after && (after.error().kind == ErrorKind::cancelled ||
                                  after.error().kind == ErrorKind::timeout);
  if (!goes_on) store.forget(cluster);
  return after;
}

}  // namespace aksmesh::azure
