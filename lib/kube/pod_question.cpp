// SPDX-License-Identifier: Apache-2.0
#include "kube/pod_question.hpp"

#include "base/strings.hpp"

namespace aksmesh::kube {

std::string pod_path(const PodQuestion& question) {
  return "/api/v1/namespaces/" + url_escaped(question.name_space) + "/pods/" +
         url_escaped(question.pod);
}

Result<net::Request> upgrade_request(Client& client, const std::string& path) {
  AK_TRY(auto out, client.signed_request(path));
  // Who asks for JSON alone is answered with 406 here.
  out.headers.front().second = "*/*";
  return out;
}

}  // namespace aksmesh::kube
