// SPDX-License-Identifier: Apache-2.0
#include "istiod_answers.hpp"

#include <algorithm>

#include "base/error_kind.hpp"
#include "base/strings.hpp"
#include "istio/age.hpp"
#include "istio/sync_status.hpp"
#include "mesh/names.hpp"

namespace aksmesh::commands {
namespace {

/// Its answer is made from memory, so one that does not come soon does not come at all.
constexpr std::int64_t kPatience = 20'000;

Result<std::string> body_of(Result<net::Response> answer) {
  if (!answer) return std::move(answer).error();
  if (answer->ok()) return std::move(answer->body);
  return Error{.kind = ErrorKind::server,
               .what = "cannot read what istiod tells of its proxies",
               .why = "istiod answers with status " + std::to_string(answer->status) +
                      (answer->status == 404 ? ": its debug pages may be switched off" : "")};
}

/// What an istiod answered, or why that is of no use.
Result<std::vector<istio::ProxySync>> proxies_of(Result<std::string> answer) {
  if (!answer) return std::move(answer).error();
  return istio::read_sync_status(std::move(*answer));
}

/// One line for all istiods that the same keeps from answering.
void add_part(const std::string& pod, const Error& error,
              std::vector<report::UnavailablePart>& out) {
  const auto& why = error.reason();
  const auto same =
      std::find_if(out.begin(), out.end(), [&](const auto& part) { return part.why == why; });
  if (same == out.end())
    out.push_back({.what = "the proxies of " + pod, .why = why});
  else
    same->what += ", " + pod;
}

}  // namespace

IstiodAsker::IstiodAsker(KubeSession& session, std::int64_t patience, const Context& context)
    : session_(session), patience_(patience), context_(context) {}

std::vector<Result<std::string>> IstiodAsker::ask(const std::vector<checks::IstiodView>& istiods) {
  std::vector<Result<std::string>> out;
  if (const auto* snapshot = session_.snapshot(); snapshot != nullptr) {
    for (const auto& one : istiods) out.push_back(snapshot->istiod(one.pod));
    return out;
  }
  std::vector<kube::PodQuestion> questions;
  for (const auto& one : istiods) {
    questions.push_back(istio::sync_question(mesh::names::kSystemNamespace, one.pod, one.port));
    questions.back().timeout = patience_ > 0 ? patience_ : kPatience;
  }
  if (!istiods.empty() && !has_asked_)
    context_.progress.waiting("asking " + plural(istiods.size(), "istiod") + " for " +
                              (istiods.size() == 1 ? "its" : "their") + " proxies");
  if (pods_ == nullptr)
    pods_ = std::make_unique<kube::PodHttp>(*session_.client(), context_.random);
  for (auto& answer : pods_->ask(questions)) out.push_back(body_of(std::move(answer)));
  context_.progress.end();
  has_asked_ = true;
  return out;
}

Result<std::unique_ptr<checks::ProxyView>> IstiodAsker::view(
    const mesh::Model& model, std::vector<report::UnavailablePart>& unavailable,
    std::string_view revision) {
  auto istiods = checks::running_istiods(model);
  if (!revision.empty())
    std::erase_if(istiods, [&](const auto& one) { return one.revision != revision; });
  auto answers = ask(istiods);
  hiccup_.reset();
  bool all_told = true;
  for (std::size_t i = 0; i < istiods.size(); ++i) {
    auto proxies = proxies_of(std::move(answers[i]));
    all_told = all_told && proxies;
    if (proxies) {
      istiods[i].proxies = std::move(*proxies);
      continue;
    }
    const auto& error = proxies.error();
    if (error.kind == ErrorKind::cancelled) return error;
    if (!hiccup_ && may_pass(error.kind)) hiccup_ = error;
    add_part(istiods[i].pod, error, unavailable);
  }
  // The next time every way to the pods is tried again: a way that was closed may be open.
  if (!all_told) pods_.reset();
  const bool sees = model.covers(kube::Kind::pod, mesh::names::kSystemNamespace);
  if (!sees && !model.manifests().not_listed.contains(kube::Kind::pod))
    unavailable.push_back(
        {.what = "the istiods", .why = "the pods of aks-istio-system could not be listed"});
  using Reach = checks::ProxyView::Reach;
  return std::make_unique<checks::ProxyView>(std::move(istiods), now(),
                                             sees ? Reach::all : Reach::some);
}

std::int64_t IstiodAsker::now_ms() const {
  const auto* snapshot = session_.snapshot();
  const auto made =
      snapshot == nullptr ? std::nullopt : istio::moment_in_milliseconds(snapshot->facts().made);
  return made.value_or(context_.clock.now() * 1000);
}

}  // namespace aksmesh::commands
