// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <nlohmann/json.hpp>

#include "azure/clusters.hpp"
#include "azure/mesh_revisions.hpp"
#include "azure/operation.hpp"
#include "azure_session.hpp"
#include "base/strings.hpp"
#include "command.hpp"
#include "kube/current_cluster.hpp"
#include "revisions_outcome.hpp"

namespace aksmesh::commands {
namespace {

struct Options {
  ClusterOptions cluster{};
  std::string location{};
};

void declare(OptionSet& set, Options& options) {
  set.value("-l,--location", options.location, "REGION")
      .help("Region; default: that of the cluster, else that of az");
  declare_cluster_options(set, options.cluster);
}

/// Whether a cluster can be asked for its region.
bool names_cluster(const ClusterOptions& options, const Context& context) {
  if (!options.cluster.empty() || !options.cluster_id.empty()) return true;
  const auto current = kube::current_cluster(context.files, context.env);
  return current && current->has_value() && azure::is_cluster_host((*current)->host);
}

Result<OutcomePtr> run(const Options& options, const Context& context) {
  auto location = options.location;
  if (location.empty() && !names_cluster(options.cluster, context)) {
    location = azure::read_az_profile(context.files, context.env).location;
    if (location.empty())
      return Error{
          .kind = ErrorKind::usage,
          .what = "it is not said which region is meant",
          .next = {"-l westeurope", "-g GROUP --cluster NAME   (the region of a cluster)"}};
  }
  location = azure::location_name(location);
  AK_TRY(const auto session, AzureSession::open(options.cluster, context));
  auto subscription = session->subscription();
  if (location.empty()) {
    AK_TRY(const auto id, session->cluster(options.cluster));
    AK_TRY(const auto cluster, azure::get_cluster(session->arm(), id));
    location = azure::location_name(cluster.location);
    subscription = id.subscription;
  }
  if (subscription.empty())
    return Error{.kind = ErrorKind::usage,
                 .what = "it is not said which subscription is meant",
                 .next = {"--subscription ID"}};
  AK_TRY(auto revisions, azure::get_revisions(session->arm(), subscription, location));
  return OutcomePtr(std::make_unique<RevisionsOutcome>(
      std::move(revisions), location, location + " offers no mesh revisions", context.global));
}

constexpr std::array kExamples{Example{"aksmesh revisions -l westeurope", "What a region offers"},
                               Example{"aksmesh revisions -g shop --cluster prod -o json",
                                       "For scripts, at a cluster's place"}};
constexpr std::array<std::string_view, 1> kAliases{"get-revisions"};

}  // namespace

extern const Command revisions_command;
constinit const Command revisions_command =
    command<declare, run>({.path = "revisions",
                           .summary = "List the mesh revisions that a region offers",
                           .page = "commands/revisions.md",
                           .examples = kExamples,
                           .aliases = kAliases});

}  // namespace aksmesh::commands
