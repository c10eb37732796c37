// SPDX-License-Identifier: Apache-2.0
#include "status_reader.hpp"

#include <algorithm>
#include <array>

#include "checks/mesh_status.hpp"
#include "checks/runner.hpp"
#include "istiod_answers.hpp"
#include "sys/clock.hpp"

namespace aksmesh::commands {
namespace {

using checks::IstiodView;

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

/// What an istiod answered, or why that is of no use.
Result<std::vector<istio::ProxySync>> proxies_of(Result<std::string> answer) {
  if (!answer) return std::move(answer).error();
  return istio::read_sync_status(std::move(*answer));
}

/// One line for all istiods that the same keeps from answering.
void add_part(const std::string& pod, const Error& error,
              std::vector<report::UnavailablePart>& out) {
  const auto& why = error.why.empty() ? error.what : error.why;
  const auto same =
      std::find_if(out.begin(), out.end(), [&](const auto& part) { return part.why == why; });
  if (same == out.end())
    out.push_back({.what = "the proxies of " + pod, .why = why});
  else
    same->what += ", " + pod;
}

}  // namespace

kube::KindSet kinds_of_status() {
  return checks::kStatusKinds | conditions().reads();
}

Result<MeshReading> read_mesh(kube::LiveObjects live, std::string place, const mesh::Policy& policy,
                              const Context& context, const AskIstiods& ask) {
  MeshReading out{
      .place = std::move(place), .version = live.version, .now = context.clock.now()};
  const mesh::Model model(
      kube::read_manifests(context.files, {}, {}, std::move(live)),
      {.kubernetes_version = parse_version(out.version), .today = context.clock.today()});
  auto& set = out.conditions = checks::run_checks(model, policy, conditions());
  std::unique_ptr<checks::ProxyView> view;
  if (ask) {
    std::vector<report::UnavailablePart> unavailable;
    AK_TRY(view, ask(model, unavailable));
    set.complete = set.complete && unavailable.empty();
    std::move(unavailable.begin(), unavailable.end(), std::back_inserter(set.unavailable));
  }
  out.status = checks::mesh_status(model, view.get());
  return out;
}

StatusReader::StatusReader(LiveSource source, mesh::Policy policy, Istiods istiods,
                           std::int64_t patience, const Context& context)
    : source_(std::move(source)),
      policy_(std::move(policy)),
      istiods_(istiods),
      patience_(patience),
      context_(context),
      pods_(source_.session().client() == nullptr
                ? nullptr
                : std::make_unique<kube::PodHttp>(*source_.session().client(), context.random)) {}

Result<OutcomePtr> StatusReader::read() {
  AK_TRY(auto live, source_.objects(kinds_of_status(), {}, {}));
  AskIstiods asking;
  if (istiods_ == Istiods::asked)
    asking = [this](const auto& model, auto& unavailable) { return ask(model, unavailable); };
  AK_TRY(auto reading,
         read_mesh(std::move(live), source_.session().name(), policy_, context_, asking));
  reading.now = now();
  has_read_ = true;
  return OutcomePtr(std::make_unique<StatusOutcome>(std::move(reading), context_));
}

Status StatusReader::wait() {
  // What the istiods say changes without any object.
  return source_.wait(istiods_ == Istiods::asked ? context_.clock.steady() + kAskAgain : 0);
}

Result<std::unique_ptr<checks::ProxyView>> StatusReader::ask(
    const mesh::Model& model, std::vector<report::UnavailablePart>& unavailable) {
  auto istiods = checks::running_istiods(model);
  std::vector<Result<std::string>> answers;
  if (const auto* snapshot = source_.session().snapshot(); snapshot != nullptr) {
    for (const auto& one : istiods) answers.push_back(snapshot->istiod(one.pod));
  } else {
    if (!istiods.empty() && !has_read_) context_.progress.waiting(asking_text(istiods));
    answers = ask_istiods(istiods, *pods_, patience_);
    context_.progress.end();
  }
  for (std::size_t i = 0; i < istiods.size(); ++i) {
    auto proxies = proxies_of(std::move(answers[i]));
    if (proxies)
      istiods[i].proxies = std::move(*proxies);
    else if (proxies.error().kind == ErrorKind::cancelled)
      return std::move(proxies).error();
    else
      add_part(istiods[i].pod, proxies.error(), unavailable);
  }
  return std::make_unique<checks::ProxyView>(std::move(istiods), now());
}

std::int64_t StatusReader::now() const {
  const auto* snapshot = source_.session().snapshot();
  const auto made = snapshot == nullptr ? std::nullopt : sys::parse_rfc3339(snapshot->facts().made);
  return made.value_or(context_.clock.now());
}

}  // namespace aksmesh::commands
