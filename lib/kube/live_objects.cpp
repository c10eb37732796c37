// SPDX-License-Identifier: Apache-2.0
#include "kube/live_objects.hpp"

#include <algorithm>
#include <deque>
#include <optional>
#include <vector>

#include "kube/survey.hpp"

namespace aksmesh::kube {
namespace {

Kind kind_of(const ListWish& wish) {
  return find_kind(wish.resource.group, wish.resource.kind);
}

bool is_refused(const Result<Pages>& answer) {
  return !answer && answer.error().kind == ErrorKind::denied;
}

/// What few may list or few serve, and what the rest can be told without: rules say what they lack
/// of it. A metrics server that is away is nothing unusual.
bool is_dispensable(Kind kind, const Error& error) {
  return kind == Kind::pod_metrics || (kind == Kind::secret && error.kind == ErrorKind::denied);
}

/// Of the failures that which says most: a refusal shows that the server is there.
Error nothing_read(std::vector<Result<Pages>>& answers) {
  const auto refused = std::find_if(answers.begin(), answers.end(), is_refused);
  if (refused == answers.end()) return std::move(answers.front()).error();
  auto out = std::move(*refused).error();
  out.what = "cannot read anything of the cluster";
  out.next = {"ask for the role view and for the rights of: aksmesh help permissions"};
  return out;
}

/// Why the answers come to no result at all.
std::optional<Error> nothing_of_use(std::vector<Result<Pages>>& answers) {
  const bool any = std::any_of(answers.begin(), answers.end(),
                               [](const auto& answer) { return answer.has_value(); });
  if (!answers.empty() && !any) return nothing_read(answers);
  for (const auto& answer : answers)
    if (!answer && answer.error().kind == ErrorKind::cancelled) return answer.error();
  return std::nullopt;
}

LiveObjects gathered(const KindSet& kinds, const std::string& cluster,
                     const std::vector<ListWish>& wishes, std::vector<Result<Pages>> answers,
                     std::string version) {
  LiveObjects out{.whole = kinds, .version = std::move(version)};
  for (std::size_t i = 0; i < wishes.size(); ++i) {
    const auto& resource = wishes[i].resource;
    const auto kind = kind_of(wishes[i]);
    if (!answers[i] || !wishes[i].name_space.empty()) out.whole.remove(kind);
    if (!answers[i]) {
      const auto& error = answers[i].error();
      if (!is_dispensable(kind, error))
        out.unavailable.push_back({wishes[i].what(), error.reason(), kind});
      out.not_listed.emplace(kind, "could not " + wishes[i].right());
      continue;
    }
    if (!wishes[i].name_space.empty()) out.whole_in.emplace(kind, wishes[i].name_space);
    for (auto& page : *answers[i]) {
      InputFile file{.name = resource.plural, .cluster = cluster, .live = true, .list_of = kind};
      if (wishes[i].depth == ListWish::Depth::metadata)
        file.listed_version = resource.api_version();
      file.tree = std::move(page);
      out.answers.push_back(std::move(file));
    }
  }
  return out;
}

}  // namespace

/// Rights in one namespace do not open the others.
void ask_in_namespace(Client& client, const std::string& name_space, std::vector<ListWish>& wishes,
                      std::vector<Result<Pages>>& answers) {
  std::vector<ListWish> again;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < wishes.size(); ++i) {
    if (!is_refused(answers[i]) || !wishes[i].resource.namespaced) continue;
    if (!wishes[i].name_space.empty()) continue;  // it was asked for in one namespace already
    wishes[i].name_space = name_space;
    again.push_back(wishes[i]);
    places.push_back(i);
  }
  auto more = client.list(again);
  for (std::size_t i = 0; i < places.size(); ++i) answers[places[i]] = std::move(more[i]);
}

std::vector<ListWish> wishes_of(const std::vector<ApiResource>& resources, const KindSet& kinds,
                                const std::map<Kind, std::string>& only_in, ListWish::Depth depth) {
  std::vector<ListWish> out;
  for (const auto& resource : resources) {
    const auto kind = find_kind(resource.group, resource.kind);
    if (kind == Kind::other || !kinds.has(kind)) continue;
    if (resource.group == "events.k8s.io") continue;  // the core group serves the same ones
    // What Secrets hold is nobody's business.
    const auto place = only_in.find(kind);
    out.push_back({.resource = resource,
                   .name_space = place == only_in.end() ? std::string() : place->second,
                   .depth = kind == Kind::secret ? ListWish::Depth::metadata : depth});
  }
  return out;
}

LiveObjects nothing_listed(const KindSet& kinds, const std::string& cluster,
                           const std::string& why) {
  LiveObjects out;
  for_each_kind(kinds,
                [&](Kind kind) { out.not_listed.emplace(kind, "the cluster could not be read"); });
  out.unavailable.push_back({cluster, why, Kind::other});
  return out;
}

Result<LiveObjects> read_live_objects(Client& client, const Reading& reading) {
  AK_TRY(const auto resources, client.resources());
  auto wishes = wishes_of(resources, reading.kinds, reading.only_in, reading.depth);
  auto answers = client.list(wishes);
  if (!reading.name_space.empty()) ask_in_namespace(client, reading.name_space, wishes, answers);
  if (reading.failures != nullptr)
    for (std::size_t i = 0; i < answers.size(); ++i)
      if (!answers[i] && !is_dispensable(kind_of(wishes[i]), answers[i].error()))
        reading.failures->push_back(answers[i].error());
  return live_objects_of(client, reading.kinds, reading.cluster, wishes, std::move(answers));
}

void read_live_objects(const std::vector<Client*>& clients, const KindSet& kinds,
                       std::size_t at_once, const TakeLiveObjects& take) {
  std::deque<Survey> surveys;
  std::vector<net::Dialogue*> dialogues;
  const auto choice = [&](const auto& resources) { return wishes_of(resources, kinds); };
  for (std::size_t i = 0; i < clients.size(); ++i) {
    surveys.emplace_back(*clients[i], choice, [&kinds, &take, i](Survey& survey) {
      if (!survey.problem) survey.problem = nothing_of_use(survey.lists);
      take(i, survey.problem ? Result<LiveObjects>(std::move(*survey.problem))
                             : gathered(kinds, {}, survey.wishes, std::move(survey.lists),
                                        std::move(survey.version)));
    });
    dialogues.push_back(&surveys.back());
  }
  for (auto& one : surveys) one.prepare();
  if (!clients.empty()) clients.front()->http().converse(dialogues, at_once);
}

Result<LiveObjects> read_live_objects_in(Client& client, const KindSet& kinds,
                                         const std::vector<std::string>& namespaces,
                                         const std::map<Kind, std::string>& only_in) {
  AK_TRY(const auto resources, client.resources());
  std::vector<ListWish> wishes;
  for (auto& wish : wishes_of(resources, kinds, only_in, ListWish::Depth::whole)) {
    if (!wish.resource.namespaced || !wish.name_space.empty()) {
      wishes.push_back(std::move(wish));
      continue;
    }
    for (const auto& name_space : namespaces) {
      wishes.push_back(wish);
      wishes.back().name_space = name_space;
    }
  }
  return live_objects_of(client, kinds, {}, wishes, client.list(wishes));
}

Result<LiveObjects> live_objects_of(Client& client, const KindSet& kinds,
                                    const std::string& cluster, const std::vector<ListWish>& wishes,
                                    std::vector<Result<Pages>> answers) {
  if (auto problem = nothing_of_use(answers)) return std::move(*problem);
  AK_TRY(auto version, client.version());
  return gathered(kinds, cluster, wishes, std::move(answers), std::move(version));
}

}  // namespace aksmesh::kube
