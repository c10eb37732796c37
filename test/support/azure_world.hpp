// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "azure/arm.hpp"
#include "azure/managed_cluster.hpp"
#include "support/fake_world.hpp"

namespace aksmesh::test {

/// The parts of a managed cluster that tests vary, as JSON where they are JSON.
struct ClusterWish {
  std::string profile = R"({"mode":"Disabled"})";
  std::string state = "Succeeded";
  std::string etag = "e1";
  std::string power = "Running";
  std::string kubernetes = "1.34.4";
  std::string sku{};
  std::string more{};    ///< further members of `properties`, each followed by a comma
  std::string addons{};  ///< members of `addonProfiles`
  std::string pools = R"({"name":"system","mode":"System","osType":"Linux"})";
};

/// The body of a managed cluster in westus2.
std::string cluster_json(const ClusterWish& wish = {});
azure::ManagedCluster cluster_of(const ClusterWish& wish = {});
/// A profile with these revisions (`"asm-1-28"`) and components (members).
std::string mesh_json(const std::string& revisions, const std::string& components = {});

/// A Resource Manager that answers as it was told, to one who is signed in.
struct AzureWorld {
  HttpScript http{};
  FakeClock clock{};
  FakeRandom random{};
  FakeProgress progress{};
  azure::TokenSource tokens;
  azure::Arm arm;
  azure::ClusterId id{.subscription = "00000000-0000-0000-0000-000000000001",
                      .resource_group = "shop",
                      .name = "prod"};
  AzureWorld();
  /// The next token that is asked for does not come.
  bool signed_out = false;

  /// What the script calls the cluster.
  static constexpr const char* kGet = "GET https://management.azure.com/*/managedClusters/prod?*";
  static constexpr const char* kPut = "PUT https://management.azure.com/*/managedClusters/prod?*";
};

}  // namespace aksmesh::test
