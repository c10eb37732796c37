// SPDX-License-Identifier: Apache-2.0
#include "mesh/request_path.hpp"

#include <cctype>
#include <vector>

#include "base/strings.hpp"

namespace aksmesh::mesh {
namespace {

int hex(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  const char lower = static_cast<char>(digit | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// Envoy decodes what needs no escape in a path, and leaves the rest as it is.
std::string decoded(std::string_view path) {
  std::string out;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const bool escape = path[i] == '%' && i + 2 < path.size();
    const int high = escape ? hex(path[i + 1]) : -1;
    const int low = escape ? hex(path[i + 2]) : -1;
    const int code = high < 0 || low < 0 ? -1 : high * 16 + low;
    const bool plain =
        code > 0 && code < 128 &&
        (std::isalnum(code) != 0 || code == '-' || code == '.' || code == '_' || code == '~');
    if (plain) {
      out += static_cast<char>(code);
      i += 2;
    } else {
      out += path[i] == '\\' ? '/' : path[i];
    }
  }
  return out;
}

/// `%2F` and `%5C` in any case become what they stand for.
std::string with_slashes(std::string_view path) {
  std::string out;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const auto escape = to_lower(path.substr(i, 3));
    const bool slash = escape == "%2f";
    if (slash || escape == "%5c") {
      out += slash ? '/' : '\\';
      i += 2;
    } else {
      out += path[i];
    }
  }
  return out;
}

std::string resolved(std::string_view path) {
  std::vector<std::string> kept;
  const auto parts = split(path, '/');
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto part = parts[i];
    const bool last = i + 1 == parts.size();
    if (part == "..") {
      if (kept.size() > 1) kept.pop_back();
    } else if (part != ".") {
      kept.emplace_back(part);
      continue;
    }
    // What a dot at the end leaves is a folder.
    if (last) kept.emplace_back();
  }
  std::string out;
  for (std::size_t i = 0; i < kept.size(); ++i) out += (i == 0 ? "" : "/") + kept[i];
  return out;
}

/// Of nothing but slashes Envoy leaves two.
std::string merged(std::string_view path) {
  if (path.find("//") == std::string_view::npos) return std::string(path);
  std::vector<std::string> kept;
  for (const auto part : split(path, '/'))
    if (!part.empty()) kept.emplace_back(part);
  return (path.starts_with('/') ? "/" : "") + join(kept, "/") + (path.ends_with('/') ? "/" : "");
}

}  // namespace

std::string normal_path(std::string_view path, PathNormalization how) {
  std::string out(path.substr(0, path.find_first_of("?#")));
  if (how == PathNormalization::none) return out;
  if (how == PathNormalization::decode_and_merge_slashes) out = with_slashes(out);
  out = resolved(decoded(out));
  return how == PathNormalization::base ? out : merged(out);
}

}  // namespace aksmesh::mesh
