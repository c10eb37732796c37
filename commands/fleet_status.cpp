// SPDX-License-Identifier: Apache-2.0
#include "fleet_status.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>

#include "base/strings.hpp"
#include "built_in_policy.hpp"
#include "fleet_outcome.hpp"
#include "kube/client.hpp"
#include "kube/live_objects.hpp"
#include "status_reader.hpp"

namespace aksmesh::commands {
namespace {

constexpr std::size_t kAtOnce = 4;

/// One of the clusters on its way.
struct Cluster {
  std::string context{};
  std::string server{};
  std::unique_ptr<kube::Client> client{};
  std::optional<Result<MeshReading>> reading{};
};

/// HOST or HOST:PORT of an address; the port only when it is not the usual one.
std::string server_text(std::string_view address) {
  const auto host = kube::host_of(address);
  const auto scheme = address.find("://");
  if (scheme != std::string_view::npos) address.remove_prefix(scheme + 3);
  address = address.substr(0, address.find_first_of("/?#"));
  const auto colon = address.rfind(':');
  const auto port = colon == std::string_view::npos ? "" : address.substr(colon + 1);
  const bool is_port =
      !port.empty() && port.find_first_not_of("0123456789") == std::string_view::npos;
  return is_port && port != "443" ? host + ':' + std::string(port) : host;
}

std::vector<Cluster> clusters_of(const std::vector<std::string>& names,
                                 const kube::Kubeconfig& config, const Context& context) {
  std::vector<Cluster> out;
  for (const auto& name : names) {
    Cluster one{.context = name, .server = server_text(config.server(name))};
    auto access = config.access(context.files, context.env, name);
    if (access)
      one.client = std::make_unique<kube::Client>(std::move(*access), context.http, context.files,
                                                  context.process, context.clock, context.progress);
    else
      one.reading.emplace(std::move(access).error());
    out.push_back(std::move(one));
  }
  return out;
}

/// An error only when the user interrupts.
Status read_all(const std::vector<Cluster*>& clusters, const mesh::Policy& policy,
                const Context& context) {
  std::vector<kube::Client*> clients;
  clients.reserve(clusters.size());
  for (const auto* one : clusters) clients.push_back(one->client.get());
  std::optional<Error> stopped;
  std::size_t done = 0;
  const auto tell = [&] {
    context.progress.waiting("reading " + plural(clusters.size(), "cluster") + ", " +
                             std::to_string(done) + " done");
  };
  tell();
  kube::read_live_objects(
      clients, kinds_of_status(), kAtOnce, [&](std::size_t place, Result<kube::LiveObjects> live) {
        auto& one = *clusters[place];
        if (!live && live.error().kind == ErrorKind::cancelled) stopped = live.error();
        one.reading.emplace(
            live ? read_mesh(std::move(*live), "context " + one.context, policy, context)
                 : Result<MeshReading>(std::move(live).error()));
        ++done;
        tell();
      });
  context.progress.end();
  if (stopped) return std::move(*stopped);
  return Done{};
}

/// Of several the one that decides the exit code, as man/topics/exit-codes.md orders them.
std::size_t rank_of(ErrorKind kind) {
  constexpr std::array kOrder{ErrorKind::internal, ErrorKind::usage, ErrorKind::auth,
                              ErrorKind::denied};
  const auto* const found = std::find(kOrder.begin(), kOrder.end(), kind);
  if (found != kOrder.end()) return static_cast<std::size_t>(found - kOrder.begin());
  if (kind == ErrorKind::timeout) return kOrder.size() + 1;
  return kind == ErrorKind::could_not_look ? kOrder.size() + 2 : kOrder.size();
}

/// Nothing could be read of any of them.
Error none_read(const std::vector<Cluster>& clusters) {
  const auto worst = std::min_element(
      clusters.begin(), clusters.end(), [](const Cluster& one, const Cluster& other) {
        return rank_of(one.reading->error().kind) < rank_of(other.reading->error().kind);
      });
  auto out = worst->reading->error();
  if (clusters.size() == 1) return out;
  std::vector<std::string> reasons;
  for (const auto& one : clusters)
    reasons.push_back("context " + one.context + ": " + one.reading->error().in_one_line());
  out.what = "cannot read any of " + plural(clusters.size(), "cluster");
  out.why = join(reasons, "; ");
  return out;
}

}  // namespace

Result<OutcomePtr> status_of_contexts(const ContextOptions& contexts, const std::string& kubeconfig,
                                      const NetworkOptions& network, const Context& context) {
  AK_TRY(const auto policy, built_in_policy("current", context));
  AK_TRY(const auto config, kube::Kubeconfig::load(context.files, context.env, kubeconfig));
  AK_TRY(const auto names, chosen_contexts(contexts, config, context));
  AK_TRY(const auto trace, set_up_network(network, context));
  auto clusters = clusters_of(names, config, context);
  std::vector<Cluster*> open;
  for (auto& one : clusters)
    if (one.client != nullptr) open.push_back(&one);
  AK_CHECK(read_all(open, policy, context));
  if (std::none_of(clusters.begin(), clusters.end(),
                   [](const Cluster& one) { return one.reading->has_value(); }))
    return none_read(clusters);
  std::vector<ContextStatus> told;
  for (auto& one : clusters)
    told.push_back({.context = std::move(one.context),
                    .server = std::move(one.server),
                    .reading = std::move(*one.reading)});
  return OutcomePtr(std::make_unique<FleetOutcome>(std::move(told), context));
}

}  // namespace aksmesh::commands
