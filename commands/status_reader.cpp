// SPDX-License-Identifier: Apache-2.0
#include "status_reader.hpp"

#include <array>

#include "base/strings.hpp"
#include "checks/mesh_status.hpp"
#include "checks/runner.hpp"

namespace aksmesh::commands {
namespace {

/// The rules that are about the mesh itself, not about what is routed in it.
constexpr std::array<std::string_view, 17> kConditions{"cni-daemonset",
                                                       "control-plane-pending",
                                                       "hpa-min-replicas",
                                                       "hpa-saturated",
                                                       "injection-default-label",
                                                       "injection-not-restarted",
                                                       "injection-orphan-sidecar",
                                                       "injection-unknown-revision",
                                                       "meshconfig-default-edited",
                                                       "meshconfig-missing-for-target",
                                                       "other-mesh",
                                                       "osm-addon-enabled",
                                                       "proxy-behind-control-plane",
                                                       "redirection-mixed",
                                                       "revision-tag-stale",
                                                       "self-managed-istio",
                                                       "validator-fail-closed"};

checks::Selection conditions() {
  checks::Selection out;
  for (const auto slug : kConditions) out.codes.emplace_back(checks::find_code(slug)->code);
  return out;
}

constexpr std::int64_t kAskAgain = 10'000;

}  // namespace

kube::KindSet kinds_of_status() {
  return checks::kStatusKinds | conditions().reads();
}

Result<MeshReading> read_mesh(kube::LiveObjects live, std::string place, const mesh::Policy& policy,
                              const Context& context, IstiodAsker* istiods) {
  MeshReading out{.place = std::move(place), .version = live.version, .now = context.clock.now()};
  const mesh::Model model(
      kube::read_manifests(context.files, {}, {}, std::move(live)),
      {.kubernetes_version = parse_version(out.version), .today = context.clock.today()});
  auto& set = out.conditions = checks::run_checks(model, policy, conditions());
  std::unique_ptr<checks::ProxyView> view;
  if (istiods != nullptr) {
    std::vector<report::UnavailablePart> unavailable;
    AK_TRY(view, istiods->view(model, unavailable));
    for (auto& part : unavailable) set.lack(std::move(part));
  }
  out.status = checks::mesh_status(model, view.get());
  if (const auto& only = out.status.only_in; !only.empty())
    set.lack({"the other namespaces", "only the objects of " + join(only, ", ") + " were read"});
  return out;
}

StatusReader::StatusReader(LiveSource source, mesh::Policy policy, Istiods istiods,
                           std::int64_t patience, const Context& context)
    : source_(std::move(source)),
      policy_(std::move(policy)),
      asks_(istiods == Istiods::asked),
      context_(context),
      asker_(source_.session(), patience, context) {}

Result<OutcomePtr> StatusReader::read() {
  AK_TRY(auto live, source_.objects(kinds_of_status(), {}, {}));
  AK_TRY(auto reading, read_mesh(std::move(live), source_.session().name(), policy_, context_,
                                 asks_ ? &asker_ : nullptr));
  reading.now = asker_.now();
  return OutcomePtr(std::make_unique<StatusOutcome>(std::move(reading), context_));
}

Status StatusReader::wait() {
  // What the istiods say changes without any object.
  return source_.wait(asks_ ? context_.clock.steady() + kAskAgain : 0);
}

}  // namespace aksmesh::commands
