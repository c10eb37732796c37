// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "azure/cloud.hpp"
#include "base/result.hpp"
#include "sys/environment.hpp"
#include "sys/files.hpp"

namespace aksmesh::azure {

/// A subscription that az knows of.
struct AzSubscription {
  std::string id{};
  std::string name{};
  std::string tenant{};
  std::string state{};
  std::string user{};  ///< who is signed in to it
  bool is_default = false;
};

/// What az keeps of its sign-in and of the user's defaults; no tokens. Everything is empty when az
/// was never used.
struct AzProfile {
  std::string directory{};                      ///< ~/.azure or AZURE_CONFIG_DIR
  std::string cloud = "AzureCloud";             ///< the active one
  std::string group{};                          ///< the default resource group
  std::string location{};                       ///< the default region
  std::vector<AzSubscription> subscriptions{};  ///< of the active cloud
  std::string problem{};  ///< why there are no subscriptions; empty when there are some
};
AzProfile read_az_profile(sys::Files& files, const sys::Environment& env);

/// The cloud that az is set to, its own clouds (`az cloud register`) included. Kind usage when its
/// addresses are not known.
Result<Cloud> az_cloud(sys::Files& files, const AzProfile& profile);

/// The subscription of that id or name, case aside. Kind not_found, with those there are; usage
/// when several have the name.
Result<AzSubscription> find_subscription(const AzProfile& profile, std::string_view wanted);
/// The one that `az account set` chose; null when none is.
const AzSubscription* default_subscription(const AzProfile& profile);

}  // namespace aksmesh::azure
