// SPDX-License-Identifier: Apache-2.0
#include "istiod_pods.hpp"

#include <optional>

#include "base/strings.hpp"
#include "istio/sync_status.hpp"
#include "kube/pod_http.hpp"
#include "kube/pod_lookup.hpp"
#include "mesh/names.hpp"

namespace aksmesh::commands {

Result<IstiodReply> ask_istiod_of(const std::string& proxy, const std::string& path,
                                  KubeSession& session, const Context& context) {
  AK_TRY(const auto istiods, kube::pods_with(*session.client(), "app=istiod",
                                             std::string(mesh::names::kSystemNamespace)));
  std::vector<kube::PodQuestion> questions;
  std::vector<std::string> asked;
  for (const auto& istiod : istiods) {
    if (istiod.phase != "Running") continue;
    questions.push_back(istio::debug_question(istiod.name_space, istiod.name, {}, path));
    asked.push_back(istiod.name);
  }
  context.progress.waiting("asking " + plural(questions.size(), "istiod") + " for " + proxy);
  auto answers = kube::PodHttp(*session.client(), context.random).ask(questions);
  context.progress.end();
  std::optional<Error> failure;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (!answers[i]) {
      failure = answers[i].error();
    } else if (answers[i]->status != 404) {
      return IstiodReply{asked[i], std::move(*answers[i])};
    }
  }
  Error out{.kind = ErrorKind::not_found,
            .what = "no istiod is connected with " + proxy,
            .why = istiods.empty()
                       ? "there is no istiod in " + std::string(mesh::names::kSystemNamespace)
                       : "each of " + std::to_string(asked.size()) + " says so",
            .next = {context.program + " proxy status"}};
  if (failure) {
    out.kind = failure->kind == ErrorKind::denied ? ErrorKind::denied : ErrorKind::could_not_look;
    out.why = failure->in_one_line();
    out.next = failure->next;
  }
  return out;
}

}  // namespace aksmesh::commands
