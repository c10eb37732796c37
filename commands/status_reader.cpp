// SPDX-License-Identifier: Apache-2.0
#include "status_reader.hpp"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "base/strings.hpp"
#include "checks/mesh_status.hpp"

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
/// Its answer is made from memory, so one that does not come soon does not come at all.
constexpr std::int64_t kPatience = 20'000;

/// What an istiod answered, or why that is of no use.
Result<std::vector<istio::ProxySync>> proxies_of(Result<net::Response> answer) {
  if (!answer) return std::move(answer).error();
  if (answer->ok()) return istio::read_sync_status(std::move(answer->body));
  return Error{.kind = ErrorKind::server,
               .what = "cannot read what istiod tells of its proxies",
               .why = "istiod answers with status " + std::to_string(answer->status) +
                      (answer->status == 404 ? ": its debug pages may be switched off" : "")};
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

StatusReader::StatusReader(KubeSession session, mesh::Policy policy, Istiods istiods,
                           std::int64_t patience, const Context& context)
    : session_(std::move(session)),
      policy_(std::move(policy)),
      istiods_(istiods),
      patience_(patience > 0 ? patience : kPatience),
      context_(context),
      conditions_(conditions()),
      pods_(session_.client() == nullptr
                ? nullptr
                : std::make_unique<kube::PodHttp>(*session_.client(), context.random)) {}

Result<std::unique_ptr<StatusOutcome>> StatusReader::read() {
  const auto kinds = checks::kStatusKinds | conditions_.reads();
  if (!follows_) {
    AK_TRY(auto live, session_.read(kinds, {}, {}));
    return read(std::move(live));
  }
  context_.progress.waiting("reading the objects of " + session_.name());
  watch_ = std::make_unique<kube::Watch>(*session_.client(), kinds);
  const auto begun = watch_->begin();
  context_.progress.end();
  if (!begun) return begun.error();
  AK_TRY(auto live, watch_->objects({}));
  AK_TRY(auto out, read(std::move(live)));
  shown_ = out->document().dump();
  return out;
}

Result<std::unique_ptr<StatusOutcome>> StatusReader::next() {
  while (true) {
    // What the istiods say changes without any object.
    const auto until = istiods_ == Istiods::asked ? context_.clock.steady() + kAskAgain : 0;
    AK_TRY(const bool changed, watch_->wait(until));
    (void)changed;
    AK_TRY(auto live, watch_->objects({}));
    AK_TRY(auto out, read(std::move(live)));
    auto document = out->document().dump();
    if (document == shown_) continue;
    shown_ = std::move(document);
    return out;
  }
}

Result<std::unique_ptr<StatusOutcome>> StatusReader::read(kube::LiveObjects live) {
  auto version = live.version;
  const mesh::Model model(
      kube::read_manifests(context_.files, {}, {}, std::move(live)),
      {.kubernetes_version = parse_version(version), .today = context_.clock.today()});
  auto set = checks::run_checks(model, policy_, conditions_);
  std::unique_ptr<checks::ProxyView> view;
  if (istiods_ == Istiods::asked) {
    std::vector<report::UnavailablePart> unavailable;
    AK_TRY(view, ask(model, unavailable));
    set.complete = set.complete && unavailable.empty();
    std::move(unavailable.begin(), unavailable.end(), std::back_inserter(set.unavailable));
  }
  return std::make_unique<StatusOutcome>(session_.name(), std::move(version),
                                         checks::mesh_status(model, view.get()), std::move(set),
                                         context_);
}

Result<std::unique_ptr<checks::ProxyView>> StatusReader::ask(
    const mesh::Model& model, std::vector<report::UnavailablePart>& unavailable) {
  auto istiods = checks::running_istiods(model);
  std::vector<kube::PodQuestion> questions;
  for (const auto& one : istiods) {
    questions.push_back(istio::sync_question(mesh::names::kSystemNamespace, one.pod, one.port));
    questions.back().timeout = patience_;
  }
  if (!questions.empty() && shown_.empty())
    context_.progress.waiting("asking " + plural(questions.size(), "istiod") + " for " +
                              (questions.size() == 1 ? "its" : "their") + " proxies");
  auto answers = pods_->ask(questions);
  context_.progress.end();
  for (std::size_t i = 0; i < istiods.size(); ++i) {
    auto proxies = proxies_of(std::move(answers[i]));
    if (proxies)
      istiods[i].proxies = std::move(*proxies);
    else if (proxies.error().kind == ErrorKind::cancelled)
      return std::move(proxies).error();
    else
      add_part(istiods[i].pod, proxies.error(), unavailable);
  }
  return std::make_unique<checks::ProxyView>(std::move(istiods), context_.clock.now());
}

}  // namespace aksmesh::commands
