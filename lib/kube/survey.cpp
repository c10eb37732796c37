// SPDX-License-Identifier: Apache-2.0
#include "kube/survey.hpp"

#include "kube/answers.hpp"

namespace aksmesh::kube {

void Survey::prepare() {
  if (auto ready = client_.sign_in(); !ready) problem = std::move(ready).error();
}

std::vector<net::Request> Survey::ask(Step step, std::vector<net::Request> requests) {
  step_ = step;
  asked_ = client_.with_token(std::move(requests));
  return asked_;
}

std::vector<net::Request> Survey::next(std::vector<Result<net::Response>> answers) {
  auto out = go_on(std::move(answers));
  if (out.empty()) taker_(*this);
  return out;
}

std::vector<net::Request> Survey::go_on(std::vector<Result<net::Response>> answers) {
  if (problem) return {};
  if (step_ != Step::beginning && client_.is_to_repeat(answers)) return ask(step_, asked_);
  switch (step_) {
    case Step::beginning: return ask(Step::discovery, client_.discovery());
    case Step::discovery: {
      auto resources = resources_of(answers, client_.access().server);
      if (!resources) {
        problem = std::move(resources).error();
        return {};
      }
      wishes = choice_(*resources);
      listings_ = listings_of(wishes);
      return go_on_listing();
    }
    case Step::lists: take_pages(listings_, std::move(answers)); return go_on_listing();
    case Step::version:
      if (auto told = version_of(answers.front()))
        version = std::move(*told);
      else
        problem = std::move(told).error();
      break;
  }
  return {};
}

std::vector<net::Request> Survey::go_on_listing() {
  auto pages = client_.next_pages(listings_);
  if (!pages.empty()) return ask(Step::lists, std::move(pages));
  lists = results_of(std::move(listings_));
  return ask(Step::version, {client_.request("/version")});
}

}  // namespace aksmesh::kube
