// SPDX-License-Identifier: Apache-2.0
#include "check_looks.hpp"

#include <algorithm>

#include "checks/proxy_findings.hpp"
#include "cluster_credentials.hpp"

namespace aksmesh::commands {
namespace {

// How often Azure is asked at most while a cluster is followed: it counts reads, and what it tells
// seldom changes.
constexpr std::int64_t kAzureAgain = 60'000;
constexpr std::int64_t kIstiodsAgain = 10'000;

}  // namespace

CheckLooks::CheckLooks(CheckWish wish, const Context& context)
    : wish_(std::move(wish)),
      context_(context),
      begin_(context.clock.steady()),
      timeout_(wish_.cluster.azure.network.timeout) {
  auto& analysis = wish_.analysis;
  analysis.reads_clusters = true;
  analysis.live = true;
  analysis.kube.network = wish_.cluster.azure.network;
}

bool CheckLooks::asks_azure() const {
  return !wish_.cluster.cluster.empty() || !wish_.cluster.cluster_id.empty();
}

std::optional<std::int64_t> CheckLooks::time_left() const {
  if (timeout_ == 0) return std::nullopt;
  return std::max<std::int64_t>(timeout_ + begin_ - context_.clock.steady(), 1);
}

/// What is left of the time is what the next connections have.
void CheckLooks::share_time() {
  const auto left = time_left().value_or(0);
  wish_.cluster.azure.network.timeout = left;
  wish_.analysis.kube.network.timeout = left;
}

Status CheckLooks::ask_azure() {
  const bool followed = wish_.how == LiveSource::How::followed;
  if (!asks_azure() || (followed && context_.clock.steady() < azure_due_)) return Done{};
  AK_TRY(azure_, AzureSide::ask(wish_.cluster, "check", {}, context_));
  AK_CHECK(azure_.check_same(wish_.analysis.kube, context_));
  azure_due_ = context_.clock.steady() + kAzureAgain;
  return Done{};
}

Result<kube::LiveObjects> CheckLooks::read(const kube::KindSet& kinds, const std::string& cluster,
                                           std::string& name) {
  const auto& kube = wish_.analysis.kube;
  if (!source_) {
    AK_TRY(auto session, KubeSession::open(kube, context_));
    source_.emplace(std::move(session), wish_.how, context_);
    asker_.emplace(source_->session(), kube.network.request_timeout, context_);
  } else if (asks_azure()) {
    AK_CHECK(source_->session().take_up(kube.network));
  }
  name = source_->session().name();
  return source_->objects(kinds, wish_.analysis.name_space, cluster);
}

Status CheckLooks::ask_istiods(const AnalysisPlan& plan, const mesh::Model& model,
                               report::FindingSet& out) {
  if (!checks::wants_proxies(plan.selection)) return Done{};
  const auto* snapshot = source_->session().snapshot();
  const bool never_asked = snapshot != nullptr && !snapshot->asked_istiods();
  if (!wish_.asks_istiods || never_asked) {
    checks::add_proxy_findings(model, nullptr,
                               never_asked ? "the istiods were not asked when the snapshot was made"
                                           : "the istiods were left alone (--no-proxies)",
                               plan.selection, out);
    return Done{};
  }
  std::vector<report::UnavailablePart> unavailable;
  AK_TRY(const auto view, asker_->view(model, unavailable));
  std::string why_not;
  for (const auto& part : unavailable)
    why_not += (why_not.empty() ? "" : "; ") + part.what + ": " + part.why;
  if (const auto pods = model.manifests().not_listed.find(kube::Kind::pod);
      pods != model.manifests().not_listed.end())
    why_not = pods->second;
  checks::add_proxy_findings(model, view.get(), why_not, plan.selection, out);
  for (auto& part : unavailable) out.lack(std::move(part));
  return Done{};
}

Result<OutcomePtr> CheckLooks::look() {
  share_time();
  if (!has_credentials_) AK_CHECK(take_credentials(wish_.cluster, wish_.analysis.kube, context_));
  has_credentials_ = true;
  AK_CHECK(ask_azure());
  const Analysis analysis{
      .command = "check",
      .phase = "check",
      .layout = wish_.layout,
      .read = [this](const auto& kinds, const auto& cluster,
                     auto& name) { return read(kinds, cluster, name); },
      .beside = [this](const auto& plan, const auto& model,
                       auto& set) { return ask_istiods(plan, model, set); },
      .more = [this](const auto& plan, auto& set) { azure_.add_to(plan, set); }};
  return run_analysis(analysis, wish_.analysis, context_);
}

const std::optional<Error>& CheckLooks::hiccup() const {
  if (source_ && source_->hiccup()) return source_->hiccup();
  return asker_ && asker_->hiccup() ? asker_->hiccup() : azure_.hiccup();
}

Status CheckLooks::wait() {
  auto until = asks_azure() ? azure_due_ : 0;
  // What the istiods say changes without any object.
  if (const auto soon = context_.clock.steady() + kIstiodsAgain;
      wish_.asks_istiods && (until == 0 || soon < until))
    until = soon;
  return source_->wait(until);
}

}  // namespace aksmesh::commands
