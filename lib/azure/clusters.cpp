// SPDX-License-Identifier: Apache-2.0
#include "azure/clusters.hpp"

#include <algorithm>

#include "azure/table.hpp"
#include "azure/words.hpp"
#include "base/strings.hpp"
#include "data/json_edit.hpp"

namespace aksmesh::azure {

Result<std::vector<ListedCluster>> list_clusters(Arm& arm, const std::string& subscription) {
  AK_TRY(const auto items, arm.list("/subscriptions/" + url_escaped(subscription) +
                                        "/providers/Microsoft.ContainerService/managedClusters",
                                    "list the clusters of the subscription"));
  std::vector<ListedCluster> out;
  for (const auto& item : items) {
    const auto document = data::JsonDocument::parse(item);
    if (!document) continue;
    const auto root = document->root();
    auto id = parse_cluster_id(root["id"].text());
    if (!id) continue;
    ListedCluster cluster{.id = std::move(*id)};
    for (const char* name : {"fqdn", "privateFQDN", "azurePortalFQDN"})
      if (const auto host = root.at("properties", name).text(); !host.empty())
        cluster.hosts.emplace_back(host);
    out.push_back(std::move(cluster));
  }
  return out;
}

const ListedCluster* cluster_of_host(const std::vector<ListedCluster>& clusters,
                                     std::string_view host) {
  for (const auto& cluster : clusters)
    if (std::any_of(cluster.hosts.begin(), cluster.hosts.end(),
                    [&](const std::string& one) { return same_word(one, host); }))
      return &cluster;
  return nullptr;
}

bool is_cluster_host(std::string_view host) {
  const auto name = to_lower(host);
  const auto suffixes = table("api-servers.json")["suffixes"].items();
  return std::any_of(suffixes.begin(), suffixes.end(),
                     [&](const data::Node& one) { return name.ends_with(one.text()); });
}

}  // namespace aksmesh::azure
