// SPDX-License-Identifier: Apache-2.0
#pragma once

// The type checks of the header are macros around functions; what is called here are pointers.
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

#include "base/result.hpp"

namespace aksmesh::net {

/// The functions of libcurl that are used. The library is loaded with the first request, because
/// loading it with the program would cost every run 5 ms and 7 MB, `analyze` and completion too.
struct CurlLibrary {
#define AKSMESH_CURL_FUNCTIONS(X) \
  X(easy_cleanup)                 \
  X(easy_getinfo)                 \
  X(easy_init)                    \
  X(easy_recv)                    \
  X(easy_send)                    \
  X(easy_setopt)                  \
  X(easy_strerror)                \
  X(global_init)                  \
  X(multi_add_handle)             \
  X(multi_cleanup)                \
  X(multi_info_read)              \
  X(multi_init)                   \
  X(multi_perform)                \
  X(multi_poll)                   \
  X(multi_remove_handle)          \
  X(multi_setopt)                 \
  X(multi_strerror)               \
  X(slist_append)                 \
  X(slist_free_all)
#define AKSMESH_CURL_MEMBER(name) decltype(&::curl_##name) name = nullptr;
  AKSMESH_CURL_FUNCTIONS(AKSMESH_CURL_MEMBER)
#undef AKSMESH_CURL_MEMBER
};

/// Loads it once. Kind internal when the library or one of its functions is missing.
Result<const CurlLibrary*> curl_library();

}  // namespace aksmesh::net
