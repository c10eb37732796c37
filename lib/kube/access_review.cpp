// SPDX-License-Identifier: Apache-2.0
#include "kube/access_review.hpp"

#include <nlohmann/json.hpp>

#include "data/reader.hpp"

namespace aksmesh::kube {
namespace {

// https://kubernetes.io/docs/reference/access-authn-authz/authorization/#checking-api-access
constexpr const char* kReviews = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

nlohmann::json review_of(const Right& right) {
  const auto slash = right.resource.find('/');
  nlohmann::json attributes{
      {"verb", right.verb}, {"group", right.group}, {"resource", right.resource.substr(0, slash)}};
  if (slash != std::string::npos) attributes["subresource"] = right.resource.substr(slash + 1);
  if (!right.name_space.empty()) attributes["namespace"] = right.name_space;
  return {{"apiVersion", "authorization.k8s.io/v1"},
          {"kind", "SelfSubjectAccessReview"},
          {"spec", {{"resourceAttributes", std::move(attributes)}}}};
}

bool is_refused(const Result<net::Response>& answer) {
  if (!answer || !answer->ok()) return false;
  const auto read = data::read_documents(answer->body, data::Limits{}, data::Format::json);
  if (!read.problems.empty() || read.tree->document_count() != 1) return false;
  const auto allowed = read.tree->document(0).at("status", "allowed").as_bool();
  return allowed && !*allowed;
}

}  // namespace

std::string Right::text() const {
  return verb + ' ' + resource + (group.empty() ? "" : '.' + group) +
         (name_space.empty() ? " in all namespaces" : " in namespace " + name_space);
}

std::vector<Right> missing_rights(Client& client, const std::vector<Right>& rights) {
  std::vector<net::Request> requests;
  for (const auto& right : rights) {
    auto request = client.signed_request(kReviews);
    if (!request) return {};
    request->method = net::Method::post;  // creates nothing: the answer is all that comes of it
    request->headers.emplace_back("Content-Type", "application/json");
    request->body = review_of(right).dump();
    requests.push_back(std::move(*request));
  }
  const auto answers = client.send(std::move(requests));
  std::vector<Right> out;
  for (std::size_t i = 0; i < rights.size(); ++i)
    if (is_refused(answers[i])) out.push_back(rights[i]);
  return out;
}

}  // namespace aksmesh::kube
