// SPDX-License-Identifier: Apache-2.0
#include "kube/answers.hpp"

#include <algorithm>

#include "data/reader.hpp"

namespace aksmesh::kube {
namespace {

void add_resources(const data::Node& group, std::vector<ApiResource>& out) {
  const std::string name(group.at("metadata", "name").text());
  for (const auto& version : group["versions"].items())
    for (const auto& one : version["resources"].items()) {
      ApiResource resource{.group = name,
                           .version = std::string(version["version"].text()),
                           .plural = std::string(one["resource"].text()),
                           .kind = std::string(one.at("responseKind", "kind").text()),
                           .namespaced = one["scope"].text() == "Namespaced"};
      // Versions stand in the order of the server's preference.
      const bool known = std::any_of(out.begin(), out.end(), [&](const ApiResource& each) {
        return each.group == name && each.kind == resource.kind;
      });
      if (!known) out.push_back(std::move(resource));
    }
}

}  // namespace

Result<std::vector<ApiResource>> resources_of(const std::vector<Result<net::Response>>& answers,
                                              const std::string& server) {
  std::vector<ApiResource> out;
  for (const auto& answer : answers) {
    if (!answer) return answer.error();
    const std::string where = "GET " + server + (out.empty() ? "/api" : "/apis");
    if (!answer->ok()) return api_error(*answer, "ask the cluster what it serves", "", where);
    const auto read = data::read_answer(answer->body);
    const auto root = read.only_document();
    if (root["kind"].text() != "APIGroupDiscoveryList")
      return Error{.kind = ErrorKind::bad_data,
                   .what = "cannot ask the cluster what it serves",
                   .why = "it answers no aggregated discovery, which Kubernetes has had since 1.30",
                   .where = where};
    const auto before = out.size();
    for (const auto& group : root["items"].items()) add_resources(group, out);
    if (out.size() == before)
      return Error{.kind = ErrorKind::bad_data,
                   .what = "cannot ask the cluster what it serves",
                   .why = "it answers that it serves nothing",
                   .where = where};
  }
  return out;
}

Result<std::string> version_of(const Result<net::Response>& answer) {
  if (!answer && answer.error().kind == ErrorKind::cancelled) return answer.error();
  if (!answer || !answer->ok()) return std::string();
  const auto read = data::read_answer(answer->body);
  return std::string(read.only_document()["gitVersion"].text());
}

}  // namespace aksmesh::kube
