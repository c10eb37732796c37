// SPDX-License-Identifier: Apache-2.0
#include "net/http.hpp"

#include "net/stream.hpp"

namespace aksmesh::net {

std::string_view method_name(Method method) {
  switch (method) {
    case Method::get: return "GET";
    case Method::head: return "HEAD";
    case Method::put: return "PUT";
    case Method::post: return "POST";
    case Method::patch: return "PATCH";
    case Method::erase: break;
  }
  return "DELETE";
}

std::string_view Response::header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (key == name) return value;
  return {};
}

void Http::converse(const std::vector<Dialogue*>& dialogues, std::size_t at_once) {
  (void)at_once;
  for (auto* dialogue : dialogues)
    for (auto requests = dialogue->next({}); !requests.empty();)
      requests = dialogue->next(send_all(requests));
}

void Http::run(const std::vector<Stream*>& streams, const StreamBounds& bounds) {
  (void)bounds;
  for (auto* stream : streams)
    if (!stream->closed())
      stream->fail({.kind = ErrorKind::network, .what = "this network carries no streams"});
}

}  // namespace aksmesh::net
