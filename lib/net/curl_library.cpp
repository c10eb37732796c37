// SPDX-License-Identifier: Apache-2.0
#include "net/curl_library.hpp"

#include <dlfcn.h>

namespace aksmesh::net {
namespace {

#ifdef __APPLE__
constexpr const char* kName = "libcurl.4.dylib";
#else
constexpr const char* kName = "libcurl.so.4";
#endif

Error missing(const std::string& why) {
  return {.kind = ErrorKind::internal,
          .what = "cannot use the network: the library libcurl cannot be loaded",
          .why = why,
          .next = {"install libcurl 7.77 or newer (Debian: apt-get install libcurl4)"}};
}

std::string last_problem() {
  const char* said = ::dlerror();
  return said == nullptr ? "the loader does not say why" : said;
}

Result<const CurlLibrary*> load() {
  static CurlLibrary library;
  void* handle = ::dlopen(kName, RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) return missing(last_problem());
  bool complete = true;
  const auto find = [&](auto& function, const char* name) {
    void* symbol = ::dlsym(handle, name);
    complete = complete && symbol != nullptr;
    function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(symbol);
  };
#define AKSMESH_CURL_FIND(name) find(library.name, "curl_" #name);
  AKSMESH_CURL_FUNCTIONS(AKSMESH_CURL_FIND)
#undef AKSMESH_CURL_FIND
  if (!complete) return missing(last_problem());
  if (library.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) return missing("it refuses to start");
  return &library;
}

}  // namespace

Result<const CurlLibrary*> curl_library() {
  static const auto library = load();
  return library;
}

}  // namespace aksmesh::net
