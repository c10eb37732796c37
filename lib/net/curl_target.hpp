// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "net/curl_library.hpp"
#include "net/http.hpp"

namespace aksmesh::net {

/// A handle of libcurl with the lists that it needs while it lives.
struct CurlHandle {
  CURL* easy = nullptr;
  curl_slist* headers = nullptr;
  curl_slist* connect_to = nullptr;
};

void add_header(const CurlLibrary& curl, CurlHandle& handle, const std::string& line);
/// Sets where the connection of a request goes, through which proxy, who is trusted there and who
/// this is. The request must outlive the handle.
void aim(const CurlLibrary& curl, CurlHandle& handle, const Request& request,
         const HttpSettings& settings);
/// Takes the handle out of its multi handle and frees it with its lists. Nothing when it is empty.
void release(const CurlLibrary& curl, CURLM* multi, CurlHandle& handle);
/// `host:port` of an address.
std::string authority_of(const std::string& url);

}  // namespace aksmesh::net
