// SPDX-License-Identifier: Apache-2.0
#include "istiod_answers.hpp"

#include "base/strings.hpp"
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

}  // namespace

std::vector<Result<std::string>> ask_istiods(const std::vector<checks::IstiodView>& istiods,
                                             kube::PodHttp& pods, std::int64_t patience) {
  std::vector<kube::PodQuestion> questions;
  for (const auto& one : istiods) {
    questions.push_back(istio::sync_question(mesh::names::kSystemNamespace, one.pod, one.port));
    questions.back().timeout = patience > 0 ? patience : kPatience;
  }
  std::vector<Result<std::string>> out;
  for (auto& answer : pods.ask(questions)) out.push_back(body_of(std::move(answer)));
  return out;
}

std::string asking_text(const std::vector<checks::IstiodView>& istiods) {
  return "asking " + plural(istiods.size(), "istiod") + " for " +
         (istiods.size() == 1 ? "its" : "their") + " proxies";
}

}  // namespace aksmesh::commands
