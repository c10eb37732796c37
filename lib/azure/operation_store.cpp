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

void OperationStore::keep(const ClusterId& cluster, const Record& record) {
  if (directory_.empty()) return;
  const auto& operation = record.operation;
  const bool by_location = operation.style == Operation::Style::location;
  (void)files_.write_private(
      path_of(cluster), "{\"style\":" + data::json_string(by_location ? "location" : "status") +
                            ",\"link\":" + data::json_string(operation.link) +
                            ",\"id\":" + data::json_string(operation.id) +
                            ",\"doing\":" + data::json_string(record.doing) + "}\n");
}

OperationStore::Record OperationStore::find(const ClusterId& cluster) const {
  if (directory_.empty()) return {};
  const auto text = files_.read_private(path_of(cluster), kLargest);
  const auto document = text ? data::JsonDocument::parse(*text) : std::nullopt;
  if (!document) return {};
  const auto root = document->root();
  Record out{.doing = std::string(root["doing"].text())};
  const auto link = root["link"].text();
  // A token must go nowhere but where it went before.
  if (link.starts_with("https://"))
    out.operation = {.style = root["style"].text() == "location" ? Operation::Style::location
                                                                 : Operation::Style::status,
                     .link = std::string(link),
                     .id = std::string(root["id"].text())};
  return out;
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

Result<Resumed> resume(Arm& arm, const ClusterId& cluster, const Operation& operation,
                       const Following& how, OperationStore& store) {
  auto after = follow(arm, cluster, operation, how, store);
  if (after) return Resumed{.cluster = std::move(*after)};
  const auto kind = after.error().kind;
  if (kind == ErrorKind::cancelled || kind == ErrorKind::timeout ||
      operation.style == Operation::Style::resource)
    return std::move(after).error();
  const auto failure = std::move(after).error();
  auto now = get_cluster(arm, cluster);
  if (now && !now->is_settled()) now = follow(arm, cluster, Operation{}, how);
  if (!now || !now->has_succeeded()) return failure;
  return Resumed{.cluster = std::move(*now),
                 .earlier = failure.in_one_line() + "; an operation after that succeeded"};
}

}  // namespace aksmesh::azure
