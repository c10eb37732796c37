// SPDX-License-Identifier: Apache-2.0
#include "data/reader.hpp"
#include "kube/client.hpp"

namespace aksmesh::kube {
namespace {

/// A Status object's words; empty for any other body.
struct StatusWords {
  std::string reason{};
  std::string message{};
};
StatusWords status_of(const std::string& body) {
  const auto read = data::read_documents(body, data::Limits{}, data::Format::json);
  const auto root = read.only_document();
  if (root["kind"].text() != "Status") return {};
  return {.reason = std::string(root["reason"].text()),
          .message = std::string(root["message"].text())};
}

ErrorKind kind_of(int status) {
  switch (status) {
    case 401: return ErrorKind::auth;
    case 403: return ErrorKind::denied;
    case 404: return ErrorKind::not_found;
    case 409: return ErrorKind::conflict;
    case 429: return ErrorKind::throttled;
    default: return status >= 500 ? ErrorKind::server : ErrorKind::bad_data;
  }
}

}  // namespace

std::string status_reason(const net::Response& response) {
  return status_of(response.body).reason;
}

Error api_error(const net::Response& response, std::string goal, const std::string& right,
                std::string where) {
  const auto words = status_of(response.body);
  Error out{.kind = kind_of(response.status),
            .what = "cannot " + std::move(goal),
            .why = words.message.empty()
                       ? "the API server answers with status " + std::to_string(response.status)
                       : words.message,
            .where = std::move(where) + ", " + std::to_string(response.status)};
  if (!words.reason.empty()) out.where += ' ' + words.reason;
  if (out.kind == ErrorKind::denied && !right.empty())
    out.next.push_back("ask for the right to " + right);
  if (out.kind == ErrorKind::auth)
    out.next.emplace_back("kubectl auth whoami   (tells whether the kubeconfig still signs in)");
  return out;
}

}  // namespace aksmesh::kube
