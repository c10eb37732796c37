// SPDX-License-Identifier: Apache-2.0
#include "kube_session.hpp"

#include "base/strings.hpp"
#include "mesh/names.hpp"

namespace aksmesh::commands {
namespace {

/// What applications use is nobody's business here.
std::map<kube::Kind, std::string> own_places() {
  return {{kube::Kind::pod_metrics, std::string(mesh::names::kSystemNamespace)}};
}

}  // namespace

void declare_kube_target(OptionSet& set, KubeOptions& options) {
  constexpr const char* kGroup = "Kubernetes";
  set.value("--context", options.context, "NAME")
      .help("Context of the kubeconfig")
      .complete(Complete::contexts)
      .group(kGroup)
      .aim()
      .env("AKSMESH_CONTEXT");
  set.value("--kubeconfig", options.kubeconfig, "FILE")
      .help("The kubeconfig; default: that of KUBECONFIG, else ~/.kube/config")
      .complete(Complete::files)
      .group(kGroup)
      .aim();
}

void declare_kube_options(OptionSet& set, KubeOptions& options) {
  declare_kube_target(set, options);
  declare_network_options(set, options.network);
}

void declare_snapshot(OptionSet& set, KubeOptions& options) {
  set.value("--snapshot", options.snapshot, "FILE")
      .help("Read a snapshot in the place of a cluster")
      .complete(Complete::files)
      .group("Kubernetes")
      .aim();
}

void declare_no_proxies(OptionSet& set, bool& target) {
  set.flag("--no-proxies", target)
      .help("Do not ask the istiods for the proxies that are connected with them");
}

void declare_cluster_source(OptionSet& set, KubeOptions& options) {
  declare_snapshot(set, options);
  declare_kube_options(set, options);
}

Result<KubeSession> KubeSession::open_snapshot(const KubeOptions& options, const Context& context) {
  if (!options.context.empty() || !options.kubeconfig.empty())
    if (!outranks("--snapshot", options.context.empty() ? "--kubeconfig" : "--context", context))
      return Error{.kind = ErrorKind::usage,
                   .what = "--snapshot and a cluster of the kubeconfig exclude each other",
                   .why = "only one of both can be looked at",
                   .next = {"leave out --context and --kubeconfig, or --snapshot"}};
  constexpr std::uint64_t kLargest = 1ULL << 30U;
  const auto unusable = [&](Error error) {
    if (error.kind != ErrorKind::cancelled) error.kind = ErrorKind::usage;
    error.what = "cannot read the snapshot " + options.snapshot;
    error.next = {context.program + " snapshot   (makes one)"};
    return error;
  };
  const auto bytes = context.files.read(options.snapshot, kLargest);
  if (!bytes) return unusable(bytes.error());
  auto snapshot = mesh::Snapshot::unpack(*bytes);
  if (!snapshot) return unusable(std::move(snapshot).error());
  KubeSession out(context);
  out.snapshot_file_ = options.snapshot;
  out.snapshot_ = std::move(*snapshot);
  return out;
}

Result<KubeSession> KubeSession::open(const KubeOptions& options, const Context& context) {
  if (!options.snapshot.empty()) return open_snapshot(options, context);
  AK_TRY(auto out, open_on(options, context));
  AK_TRY(out.trace_, set_up_network(options.network, context));
  return out;
}

Result<KubeSession> KubeSession::open_on(const KubeOptions& options, const Context& context) {
  AK_TRY(const auto config,
         options.credentials.empty()
             ? kube::Kubeconfig::load(context.files, context.env, options.kubeconfig)
             : kube::Kubeconfig::parse(options.credentials.reveal()));
  AK_TRY(auto access, config.access(context.files, context.env, options.context));
  KubeSession out(context);
  out.client_ = std::make_unique<kube::Client>(std::move(access), context.http, context.files,
                                               context.process, context.clock, context.progress);
  return out;
}

Status KubeSession::take_up(const NetworkOptions& options) {
  if (client_ == nullptr) return Done{};
  AK_TRY(trace_, set_up_network(options, *context_));
  return Done{};
}

Result<kube::LiveObjects> KubeSession::read(kube::Reading reading) {
  if (snapshot_) return snapshot_->read(reading.kinds, reading.cluster);
  reading.only_in.merge(own_places());
  context_->progress.waiting("reading the objects of " + name());
  auto out = kube::read_live_objects(*client_, reading);
  context_->progress.end();
  return out;
}

Result<kube::LiveObjects> KubeSession::read_in(const std::vector<std::string>& namespaces,
                                               const kube::KindSet& kinds) {
  context_->progress.waiting("reading the objects of " + join(namespaces, ", ") + " in " + name());
  auto out = kube::read_live_objects_in(*client_, kinds, namespaces, own_places());
  context_->progress.end();
  return out;
}

Result<std::string> KubeSession::write(const kube::Write& wish, const std::string& goal) {
  context_->progress.waiting("changing " + name());
  auto out = client_->write(wish, goal);
  context_->progress.end();
  return out;
}

std::string KubeSession::host() const {
  return snapshot_ ? std::string() : std::string(kube::host_of(client_->access().server));
}

std::string KubeSession::name() const {
  if (snapshot_)
    return "snapshot " + snapshot_file_ + " of " + snapshot_->facts().place + " at " +
           snapshot_->facts().made;
  const auto& context = client_->access().context;
  return context.empty() ? "the cluster that this runs in" : "context " + context;
}

}  // namespace aksmesh::commands
