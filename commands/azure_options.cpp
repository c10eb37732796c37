// SPDX-License-Identifier: Apache-2.0
#include "azure_options.hpp"

#include <utility>

#include "azure/cloud.hpp"

namespace aksmesh::commands {
namespace {

constexpr const char* kAzure = "Azure";
constexpr const char* kChange = "Changing";

}  // namespace

void declare_azure_options(OptionSet& set, AzureOptions& options) {
  set.value("--subscription", options.subscription, "ID")
      .help("Subscription, by id or name; default: AZURE_SUBSCRIPTION_ID, then that of az")
      .group(kAzure)
      .aim()
      .env("AKSMESH_SUBSCRIPTION");
  set.value("--auth", options.auth, "WAY")
      .help("How to sign in")
      .choices(
          {"auto", "environment", "workload-identity", "managed-identity", "az", "device-code"})
      .preset("auto")
      .group(kAzure)
      .env("AKSMESH_AUTH");
  set.value("--identity", options.identity, "ID")
      .help("Managed identity that signs in: its client id, object:ID or its resource id")
      .group(kAzure)
      .env("AKSMESH_IDENTITY");
  set.value("--cloud", options.cloud, "NAME")
      .help("Azure cloud; default: that of az, else AzureCloud")
      .choices(azure::cloud_names())
      .also(azure::other_cloud_names())
      .group(kAzure)
      .env("AKSMESH_CLOUD");
  set.value("--arm-endpoint", options.arm_endpoint, "URL")
      .help("Resource Manager of any other cloud")
      .group(kAzure)
      .env("AKSMESH_ARM_ENDPOINT");
  set.value("--api-version", options.api_version, "DATE")
      .help("API version of Microsoft.ContainerService")
      .group(kAzure)
      .env("AKSMESH_API_VERSION");
  declare_network_options(set, options.network);
}

namespace {

OptionSpec& declare_cluster(OptionSet& set, ClusterOptions& options) {
  set.value("-g,--resource-group", options.resource_group, "GROUP")
      .help("Resource group of the cluster; default: that of az")
      .group(kAzure)
      .aim()
      .env("AKSMESH_RESOURCE_GROUP");
  auto& name = set.value("--cluster", options.cluster, "NAME")
                   .alias("--name")
                   .help("Name of the cluster; default: that of the kubeconfig's current context")
                   .group(kAzure)
                   .aim()
                   .env("AKSMESH_CLUSTER");
  set.value("--cluster-id", options.cluster_id, "ID")
      .help("Resource id of the cluster, instead of the three above")
      .group(kAzure)
      .aim()
      .env("AKSMESH_CLUSTER_ID");
  declare_azure_options(set, options.azure);
  return name;
}

}  // namespace

void declare_cluster_options(OptionSet& set, ClusterOptions& options) {
  declare_cluster(set, options).alias("-n");
}

void declare_cluster_beside_namespaces(OptionSet& set, ClusterOptions& options) {
  declare_cluster(set, options);
}

Status refuse_azure_options(const ClusterOptions& o, const Error& why, const Context& context) {
  const std::string usual_way = AzureOptions{}.auth;
  for (const auto& [name, value] :
       {std::pair("--resource-group", o.resource_group), std::pair("--cluster", o.cluster),
        std::pair("--cluster-id", o.cluster_id), std::pair("--subscription", o.azure.subscription),
        std::pair("--identity", o.azure.identity), std::pair("--cloud", o.azure.cloud),
        std::pair("--arm-endpoint", o.azure.arm_endpoint),
        std::pair("--api-version", o.azure.api_version),
        std::pair("--auth", o.azure.auth == usual_way ? std::string() : o.azure.auth)}) {
    if (value.empty() || context.origins.contains(name)) continue;
    auto error = why;
    error.kind = ErrorKind::usage;
    error.what = std::string(name) + " is of no use " + error.what;
    error.next.push_back(std::string("leave out ") + name);
    return error;
  }
  return Done{};
}

void declare_change_options(OptionSet& set, ChangeOptions& options, Confirmation confirmation) {
  set.flag("--dry-run", options.dry_run)
      .help("Show what would be changed and change nothing")
      .group(kChange);
  set.flag("-y,--yes", options.yes).help("Answer the question with yes").group(kChange);
  if (confirmation == Confirmation::name)
    set.value("--confirm", options.confirm, "NAME")
        .help("Name of the cluster, to confirm without being asked")
        .group(kChange);
  set.flag("--no-input", options.no_input).help("Never ask").group(kChange);
  set.flag("--no-wait", options.no_wait)
      .help("Return when Azure has accepted the change")
      .group(kChange);
  set.values("--skip-checks", options.skip_checks, "CODE")
      .help("Change in spite of what a check found")
      .complete(Complete::codes)
      .group(kChange);
}

Error wrong_revision(const std::string& text) {
  return {.kind = ErrorKind::usage,
          .what = "'" + text + "' is no revision of the add-on",
          .why = "a revision is asm- and two numbers, such as asm-1-29",
          .next = {"aksmesh revisions -l REGION   (lists those of a region)"}};
}

}  // namespace aksmesh::commands
