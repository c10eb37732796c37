// SPDX-License-Identifier: Apache-2.0
#include "kube/pod_http.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "base/strings.hpp"
#include "kube/access_review.hpp"
#include "kube/exec.hpp"
#include "kube/port_forward.hpp"

namespace aksmesh::kube {
namespace {

/// For the proxy of the API server, which may have no way to the pods and waits long to find out.
constexpr std::int64_t kPatience = 5'000;

bool is_final(ErrorKind kind) {
  return kind == ErrorKind::not_found || kind == ErrorKind::timeout ||
         kind == ErrorKind::cancelled || kind == ErrorKind::auth;
}

}  // namespace

/// One question on its way.
struct PodHttp::Case {
  const PodQuestion* question = nullptr;
  Place* place = nullptr;
  Way way = Way::proxy;
  std::optional<Error> unreachable{};  ///< by the proxy
  std::optional<Error> failure{};      ///< by the other ways: the first that was no want of rights
  std::optional<Result<net::Response>> answer{};
};

std::vector<Result<net::Response>> PodHttp::ask(const std::vector<PodQuestion>& questions) {
  std::vector<Case> cases;
  for (const auto& question : questions) {
    auto& place = places_[question.name_space];
    const auto first = question.on_loopback ? Way::port_forward : Way::proxy;
    cases.push_back({.question = &question, .place = &place, .way = std::max(place.first, first)});
  }
  for (auto now = turn(cases); !now.empty(); now = turn(cases))
    for (const auto way : {Way::proxy, Way::port_forward, Way::exec}) {
      std::vector<Case*> these;
      std::copy_if(now.begin(), now.end(), std::back_inserter(these),
                   [&](const Case* each) { return each->way == way && !each->answer; });
      if (!these.empty()) ask_by(way, these);
    }
  std::vector<Result<net::Response>> out;
  for (auto& one : cases) out.push_back(std::move(*one.answer));
  return out;
}

/// Those to ask next: of a namespace about which nothing is known yet, one pod.
std::vector<PodHttp::Case*> PodHttp::turn(std::vector<Case>& cases) {
  std::vector<Case*> out;
  std::set<const Place*> scouted;
  for (auto& one : cases) {
    if (one.answer) continue;
    one.way = std::max(one.way, one.place->first);
    if (one.way == Way::exec && one.question->command.empty()) one.way = Way::none;
    if (one.way == Way::none) {
      // What fails although it is permitted says nothing about the others, and is not repeated.
      one.place->proven = one.place->proven || one.failure;
      one.answer.emplace(one.failure                                     ? *one.failure
                         : one.place->refused.empty() && one.unreachable ? *one.unreachable
                                                                         : denial(one));
    }
  }
  for (auto& one : cases)
    if (!one.answer && (one.place->proven || scouted.insert(one.place).second)) out.push_back(&one);
  return out;
}

void PodHttp::ask_by(Way way, const std::vector<Case*>& cases) {
  renewed_.reset();
  std::vector<PodQuestion> questions;
  for (const auto* one : cases) questions.push_back(*one->question);
  auto answers = way == Way::proxy          ? by_proxy(questions)
                 : way == Way::port_forward ? ask_by_port_forward(client_, random_, questions)
                                            : by_exec(questions);
  for (std::size_t i = 0; i < cases.size(); ++i) {
    if (way == Way::proxy)
      take_proxied(*cases[i], std::move(answers[i]));
    else
      take_other(*cases[i], std::move(answers[i]));
  }
}

/// Both the API server and the pod may refuse, for different reasons.
void PodHttp::take_proxied(Case& one, Result<net::Response> answer) {
  if (!answer) {
    // Where the API server has no way to the pods' network, their nodes may.
    if (answer.error().kind == ErrorKind::timeout) {
      one.unreachable = answer.error();
      return go_on(one, true);
    }
    one.answer.emplace(std::move(answer));
    return;
  }
  const bool refused = answer->status == 401 || answer->status == 403;
  const bool by_server = !status_reason(*answer).empty();
  if (!by_server && !refused) {
    prove(one);
    one.answer.emplace(std::move(answer));
    return;
  }
  if (!by_server) return go_on(one, true);  // it knows its own loopback only
  const auto verb = one.question->method == net::Method::get ? "get" : "create";
  take_other(one,
             api_error(*answer,
                       "ask port " + std::to_string(one.question->port) + " of pod " +
                           one.question->name_space + '/' + one.question->pod,
                       std::string(verb) + " pods/proxy in namespace " + one.question->name_space,
                       "GET " + pod_path(*one.question) + "/proxy"));
}

void PodHttp::take_other(Case& one, Result<net::Response> answer) {
  if (answer || is_final(answer.error().kind)) {
    const bool unknown = !answer && answer.error().kind == ErrorKind::auth;
    if (unknown && is_renewed()) return;  // it is asked once more
    if (!unknown) prove(one);             // a pod that is gone or silent was asked all the same
    one.answer.emplace(std::move(answer));
    return;
  }
  const bool denied = answer.error().kind == ErrorKind::denied;
  auto& refused = one.place->refused;
  if (denied && std::find(refused.begin(), refused.end(), one.way) == refused.end())
    refused.push_back(one.way);
  if (denied) one.place->refusal = answer.error().why;
  auto& failure = one.way == Way::proxy ? one.unreachable : one.failure;
  if (!denied && !failure) failure = answer.error();
  go_on(one, denied);
}

/// The way is open, and the others of the namespace go it at once.
void PodHttp::prove(Case& one) {
  if (!one.place->proven) one.place->first = std::max(one.place->first, one.way);
  one.place->proven = true;
}

/// Once for all that were refused together.
bool PodHttp::is_renewed() {
  if (!renewed_) renewed_ = client_.renew();
  return *renewed_;
}

/// To the next way; what was learned about this one may hold for all of the namespace.
void PodHttp::go_on(Case& one, bool for_all) {
  one.way = static_cast<Way>(static_cast<int>(one.way) + 1);
  if (for_all && !one.place->proven) one.place->first = std::max(one.place->first, one.way);
}

Error PodHttp::denial(const Case& one) {
  auto& place = *one.place;
  const auto& name_space = one.question->name_space;
  if (place.denied.empty()) {
    std::vector<Right> rights;
    for (const auto way : place.refused) {
      if (way == Way::proxy) rights.push_back({"get", "pods/proxy", name_space});
      // Older API servers ask for get, newer ones for create as well.
      for (const auto* verb : {"get", "create"}) {
        if (way == Way::port_forward) rights.push_back({verb, "pods/portforward", name_space});
        if (way == Way::exec) rights.push_back({verb, "pods/exec", name_space});
      }
    }
    std::vector<std::string> texts;
    for (const auto& right : missing_rights(client_, rights))
      texts.push_back(right.verb + ' ' + right.resource);
    if (!texts.empty())
      place.denied = "missing rights in namespace " + name_space + ": " + join(texts, ", ");
    else
      place.denied = place.refusal.empty() ? "no way to ask it is known" : place.refusal;
  }
  Error out{.kind = ErrorKind::denied,
            .what = "cannot ask port " + std::to_string(one.question->port) + " of pod " +
                    name_space + '/' + one.question->pod,
            .why = place.denied};
  out.next.push_back("ask for the right to create pods/portforward in namespace " + name_space);
  return out;
}

std::vector<Result<net::Response>> PodHttp::by_proxy(const std::vector<PodQuestion>& questions) {
  std::vector<net::Request> requests;
  for (const auto& question : questions) {
    const auto path =
        pod_path(question) + ':' + std::to_string(question.port) + "/proxy" + question.path;
    auto request = client_.signed_request(path);
    if (!request)
      return std::vector<Result<net::Response>>(questions.size(),
                                                Result<net::Response>(request.error()));
    request->method = question.method;
    request->body = question.body;
    request->timeout = std::min(question.timeout > 0 ? question.timeout : kPatience, kPatience);
    request->tries = 1;  // there are other ways
    requests.push_back(std::move(*request));
  }
  // Not by way of the client: a pod's 401 does not mean that the sign-in has ended.
  return client_.http().send_all(requests);
}

std::vector<Result<net::Response>> PodHttp::by_exec(const std::vector<PodQuestion>& questions) {
  std::vector<PodCommand> commands;
  for (const auto& question : questions)
    commands.push_back({.name_space = question.name_space,
                        .pod = question.pod,
                        .container = question.container,
                        .words = question.command,
                        .timeout = question.timeout});
  std::vector<Result<net::Response>> out;
  for (auto& result : run_in_pods(client_, random_, commands)) {
    if (!result)
      out.emplace_back(std::move(result).error());
    else if (result->exit_code != 0)
      out.emplace_back(Error{.kind = ErrorKind::server,
                             .what = commands[out.size()].words.front() + " in pod " +
                                     commands[out.size()].pod + " fails",
                             .why = std::string(trim(result->err.substr(0, 500)))});
    else
      out.emplace_back(net::Response{.status = 200, .body = std::move(result->out)});
  }
  return out;
}

}  // namespace aksmesh::kube
