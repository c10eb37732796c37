// SPDX-License-Identifier: Apache-2.0
#include "net/curl_target.hpp"

#include <algorithm>

namespace aksmesh::net {
namespace {

std::string url_of(const Request& request) {
  if (request.peer == nullptr || request.peer->server_name.empty()) return request.url;
  const auto begin = request.url.find("://") + 3;
  const auto end = std::min(request.url.find_first_of("/?", begin), request.url.size());
  return request.url.substr(0, begin) + request.peer->server_name + request.url.substr(end);
}

/// libcurl promises not to change it.
curl_blob blob_of(const std::string& text) {
  return {.data = const_cast<char*>(text.data()), .len = text.size(), .flags = CURL_BLOB_NOCOPY};
}

void set_peer(const CurlLibrary& curl, CurlHandle& handle, const Request& request) {
  const auto set = [&](CURLoption option, auto value) {
    curl.easy_setopt(handle.easy, option, value);
  };
  const auto& peer = *request.peer;
  if (!peer.ca.empty()) {
    auto ca = blob_of(peer.ca);
    set(CURLOPT_CAINFO_BLOB, &ca);
    // The folder of the system's certificates, which some builds look into as well.
    set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
  }
  if (!peer.certificate.empty()) {
    auto certificate = blob_of(peer.certificate);
    auto key = blob_of(peer.key.reveal());
    set(CURLOPT_SSLCERT_BLOB, &certificate);
    set(CURLOPT_SSLKEY_BLOB, &key);
    // Without one libcurl 7.88 crashes on a key that is encrypted; with an empty one it refuses.
    set(CURLOPT_KEYPASSWD, "");
  }
  if (peer.trusts_anybody) {
    set(CURLOPT_SSL_VERIFYPEER, 0L);
    set(CURLOPT_SSL_VERIFYHOST, 0L);
  }
  if (!peer.proxy.empty()) {
    set(CURLOPT_PROXY, peer.proxy.c_str());
    set(CURLOPT_NOPROXY, "");  // what the kubeconfig says counts for this server
  }
  if (!peer.server_name.empty()) {
    // The name in the URL is what TLS asks for; the connection goes to the address all the same.
    const auto place = authority_of(request.url);
    handle.connect_to = curl.slist_append(nullptr, ("::" + place).c_str());
    set(CURLOPT_CONNECT_TO, handle.connect_to);
    add_header(curl, handle, "Host: " + place);
  }
}

}  // namespace

std::string authority_of(const std::string& url) {
  const auto begin = url.find("://") + 3;
  auto out = url.substr(begin, url.find_first_of("/?", begin) - begin);
  if (out.find(':', out.find(']') == std::string::npos ? 0 : out.find(']')) == std::string::npos)
    out += url.starts_with("http://") ? ":80" : ":443";
  return out;
}

void add_header(const CurlLibrary& curl, CurlHandle& handle, const std::string& line) {
  handle.headers = curl.slist_append(handle.headers, line.c_str());
}

void aim(const CurlLibrary& curl, CurlHandle& handle, const Request& request,
         const HttpSettings& settings) {
  const auto set = [&](CURLoption option, auto value) {
    curl.easy_setopt(handle.easy, option, value);
  };
  set(CURLOPT_URL, url_of(request).c_str());
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_CONNECTTIMEOUT_MS,
      static_cast<long>(request.connect_timeout > 0 ? request.connect_timeout
                                                    : settings.connect_timeout));
  if (!settings.ca_file.empty()) set(CURLOPT_CAINFO, settings.ca_file.c_str());
  if (request.past_proxy) set(CURLOPT_NOPROXY, "*");
  if (request.peer != nullptr) set_peer(curl, handle, request);
  set(CURLOPT_HTTPHEADER, handle.headers);
}

void release(const CurlLibrary& curl, CURLM* multi, CurlHandle& handle) {
  if (handle.easy == nullptr) return;
  curl.multi_remove_handle(multi, handle.easy);
  curl.easy_cleanup(handle.easy);
  curl.slist_free_all(handle.headers);
  curl.slist_free_all(handle.connect_to);
  handle = {};
}

}  // namespace aksmesh::net
