// SPDX-License-Identifier: Apache-2.0
#include "azure/credentials_of_cluster.hpp"

#include "base/base64.hpp"
#include "data/json_edit.hpp"

namespace aksmesh::azure {

Result<Secret> get_kubeconfig(Arm& arm, const ClusterId& cluster, const KubeconfigWish& wish) {
  const std::string goal =
      std::string("get the ") + (wish.admin ? "admin " : "") + "credentials of " + cluster.name;
  std::string query;
  if (wish.public_name) query = "server-fqdn=public";
  if (!wish.format.empty()) query += (query.empty() ? "" : "&") + ("format=" + wish.format);
  AK_TRY(const auto response, arm.post(cluster.path() + (wish.admin ? "/listClusterAdminCredential"
                                                                    : "/listClusterUserCredential"),
                                       query, goal));
  const auto document = data::JsonDocument::parse(response.body);
  const auto value = document ? document->at({"kubeconfigs", "0", "value"}) : data::Node{};
  const auto text = decode_base64(value.text());
  if (!value || !text || text->empty())
    return Error{.kind = ErrorKind::bad_data,
                 .what = "cannot " + goal,
                 .why = "the answer holds no kubeconfig"};
  return Secret(*text);
}

}  // namespace aksmesh::azure
