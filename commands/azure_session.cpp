// SPDX-License-Identifier: Apache-2.0
#include "azure_session.hpp"

#include "azure/clusters.hpp"
#include "azure/operation.hpp"
#include "azure/service_error.hpp"
#include "azure/sign_in.hpp"
#include "azure/table.hpp"
#include "base/strings.hpp"
#include "kube/current_cluster.hpp"

namespace aksmesh::commands {
namespace {

using azure::Cloud;

/// A variable's value, empty when it is not set.
std::string variable(const Context& context, const char* name) {
  return context.env.get(name).value_or("");
}

Error not_said(const std::vector<std::string>& missing) {
  return {.kind = ErrorKind::usage,
          .what = "it is not said which cluster is meant",
          .why = "missing: " + join(missing, ", "),
          .next = {missing.front(), "--cluster-id ID   (all in one)"}};
}

}  // namespace

AzureSession::AzureSession(const Context& context) : context_(context) {}

Result<Cloud> AzureSession::choose_cloud(const AzureOptions& options) {
  const bool endpoint_counts =
      !options.arm_endpoint.empty() &&
      (options.cloud.empty() || !outranks("--cloud", "--arm-endpoint", context_));
  if (!endpoint_counts)
    return options.cloud.empty() ? azure::az_cloud(context_.files, az_)
                                 : azure::find_cloud(options.cloud);
  if (!options.arm_endpoint.starts_with("https://"))
    return Error{.kind = ErrorKind::usage,
                 .what = "--arm-endpoint '" + options.arm_endpoint + "' is no address",
                 .why = "it must begin with https://, because a token is sent there"};
  const net::Request request{
      .url = azure::join_url(options.arm_endpoint, "metadata/endpoints?api-version=2022-09-01"),
      .headers = {{"Accept", "application/json"}}};
  AK_TRY(const auto response, context_.http.send(request));
  if (!response.ok())
    return azure::to_error(azure::service_error(response),
                           "cannot learn about the cloud of " + options.arm_endpoint,
                           net::place_of(request));
  return azure::cloud_of_metadata(options.arm_endpoint, response.body);
}

/// That of the cluster's id; else the option or AZURE_SUBSCRIPTION_ID (ARM_SUBSCRIPTION_ID), by id
/// or by a name that az knows; else the one that az is set to. It also decides who signs in,
/// because az may know it by another account or in another tenant.
Status AzureSession::choose_subscription(const ClusterOptions& options) {
  if (means_id(options)) {
    AK_TRY(const auto id, azure::parse_cluster_id(options.cluster_id));
    subscription_ = id.subscription;
    return Done{};
  }
  auto wanted = options.azure.subscription;
  for (const char* name : {"AZURE_SUBSCRIPTION_ID", "ARM_SUBSCRIPTION_ID"})
    if (wanted.empty()) wanted = variable(context_, name);
  if (wanted.empty()) {
    if (const auto* preset = azure::default_subscription(az_); preset != nullptr)
      subscription_ = preset->id;
    return Done{};
  }
  if (azure::is_uuid(wanted)) {
    subscription_ = wanted;
    return Done{};
  }
  AK_TRY(const auto found, azure::find_subscription(az_, wanted));
  subscription_ = found.id;
  return Done{};
}

/// The identity of `--identity`, none when it is put aside for a way from a stronger place.
Result<azure::IdentityWish> AzureSession::identity(const AzureOptions& options) const {
  if (options.identity.empty()) return azure::IdentityWish{};
  if (options.auth != "auto" && options.auth != "managed-identity") {
    if (outranks("--auth", "--identity", context_)) return azure::IdentityWish{};
    return mistake_in("--identity",
                      {.kind = ErrorKind::usage,
                       .what = "--identity is of no use with --auth " + options.auth,
                       .why = "it names a managed identity",
                       .next = {"--auth managed-identity"}},
                      context_);
  }
  auto wish = azure::read_identity(options.identity);
  if (!wish) return mistake_in("--identity", std::move(wish).error(), context_);
  return wish;
}

Status AzureSession::sign_in(const AzureOptions& options) {
  AK_TRY(auto wished, identity(options));
  const azure::SignInWorld world{.http = context_.http,
                                 .clock = context_.clock,
                                 .random = context_.random,
                                 .files = context_.files,
                                 .env = context_.env,
                                 .process = context_.process,
                                 .progress = context_.progress,
                                 .cloud = cloud_,
                                 .az = az_};
  AK_TRY(auto credential,
         azure::choose_credential(
             {.method = options.auth, .subscription = subscription_, .identity = std::move(wished)},
             world));
  cache_ = azure::token_cache(context_.files, context_.env);
  tokens_ =
      std::make_unique<azure::TokenSource>(std::move(credential), cache_.get(), context_.clock);
  return Done{};
}

Result<std::unique_ptr<AzureSession>> AzureSession::open(const ClusterOptions& options,
                                                         const Context& context) {
  const auto& connection = options.azure;
  std::unique_ptr<AzureSession> out(new AzureSession(context));
  AK_TRY(out->trace_, set_up_network(connection.network, context));
  out->az_ = azure::read_az_profile(context.files, context.env);
  AK_TRY(out->cloud_, out->choose_cloud(connection));
  AK_CHECK(out->choose_subscription(options));
  AK_CHECK(out->sign_in(connection));
  auto version = connection.api_version;
  if (version.empty()) version = azure::table("managed-cluster.json")["apiVersion"].text();
  out->arm_ = std::make_unique<azure::Arm>(context.http, *out->tokens_, out->cloud_,
                                           std::move(version), context.random);
  return out;
}

/// A name that was typed is meant, not the id of a variable or of the settings file.
bool AzureSession::means_id(const ClusterOptions& options) const {
  const auto overridden = [&](const std::string& value, const char* option) {
    return !value.empty() && outranks(option, "--cluster-id", context_);
  };
  return !options.cluster_id.empty() && !overridden(options.cluster, "--cluster") &&
         !overridden(options.resource_group, "--resource-group");
}

Result<azure::ClusterId> AzureSession::cluster(const ClusterOptions& options) {
  if (means_id(options)) return azure::parse_cluster_id(options.cluster_id);
  if (options.cluster.empty()) return cluster_of_kubeconfig(options);
  const auto& group = options.resource_group.empty() ? az_.group : options.resource_group;
  std::vector<std::string> missing;
  if (group.empty()) missing.emplace_back("-g GROUP");
  if (subscription_.empty()) missing.emplace_back("--subscription ID");
  if (!missing.empty()) return not_said(missing);
  if (const auto why = azure::wrong_cluster_name(options.cluster); !why.empty())
    return Error{.kind = ErrorKind::usage,
                 .what = "'" + options.cluster + "' is no name of a cluster",
                 .why = why};
  if (const auto why = azure::wrong_group_name(group); !why.empty())
    return Error{.kind = ErrorKind::usage,
                 .what = "'" + group + "' is no name of a resource group",
                 .why = why};
  return azure::ClusterId{
      .subscription = subscription_, .resource_group = group, .name = options.cluster};
}

Result<azure::ClusterId> AzureSession::cluster_of_kubeconfig(const ClusterOptions& options) {
  std::vector<std::string> missing{"--cluster NAME"};
  if (options.resource_group.empty() && az_.group.empty()) missing.emplace_back("-g GROUP");
  if (subscription_.empty()) missing.emplace_back("--subscription ID");
  auto unnamed = not_said(missing);
  const auto current = kube::current_cluster(context_.files, context_.env);
  if (!current) {
    unnamed.why += "; " + current.error().what + ": " + current.error().why;
    return unnamed;
  }
  if (!current->has_value()) return unnamed;
  const auto& [name, host] = **current;
  const auto context_told = "the kubeconfig's current context " + name + " (" + host + ")";
  if (!azure::is_cluster_host(host)) {
    unnamed.why += "; " + context_told + " is no cluster of AKS";
    return unnamed;
  }
  if (subscription_.empty()) {
    unnamed = not_said({"--subscription ID"});
    unnamed.why += ", in which to look for " + context_told;
    return unnamed;
  }
  context_.progress.waiting("looking for the cluster of the kubeconfig's context " + name);
  const auto listed = azure::list_clusters(*arm_, subscription_);
  context_.progress.end();
  if (!listed) return Error(listed.error()).context("looking for the cluster of " + context_told);
  const auto* found = azure::cluster_of_host(*listed, host);
  if (found == nullptr)
    return Error{.kind = ErrorKind::usage,
                 .what = "no cluster of the subscription is that of the kubeconfig",
                 .why = "none of " + plural(listed->size(), "cluster") + " that you may see in " +
                        subscription_ + " has the host of " + context_told,
                 .next = {"-g GROUP --cluster NAME", "--subscription ID   (another one)",
                          "kubectl config use-context NAME"}};
  const auto& id = found->id;
  // What was asked for is not silently put aside; a default of az may be.
  if (!options.resource_group.empty() &&
      to_lower(options.resource_group) != to_lower(id.resource_group))
    return Error{
        .kind = ErrorKind::usage,
        .what = "it is not said which cluster of " + options.resource_group + " is meant",
        .why = context_told + " is cluster " + id.name + " of resource group " + id.resource_group,
        .next = {"--cluster NAME", "-g " + id.resource_group}};
  if (!context_.global.quiet)
    context_.progress.note("cluster " + id.name + " of resource group " + id.resource_group +
                           ", as the kubeconfig's current context " + name + " says");
  return id;
}

Result<azure::ManagedCluster> read_cluster(const ClusterOptions& options, const Context& context) {
  AK_TRY(const auto session, AzureSession::open(options, context));
  AK_TRY(const auto id, session->cluster(options));
  return azure::get_cluster(session->arm(), id);
}

Result<std::vector<azure::MeshRevision>> offered_revisions(AzureSession& session,
                                                           const azure::ManagedCluster& cluster) {
  AK_TRY(const auto id, azure::parse_cluster_id(cluster.id));
  return azure::get_revisions(session.arm(), id.subscription,
                              azure::location_name(cluster.location));
}

}  // namespace aksmesh::commands
