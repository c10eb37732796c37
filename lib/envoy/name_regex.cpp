// SPDX-License-Identifier: Apache-2.0
#include "envoy/name_regex.hpp"

#include <cctype>

namespace aksmesh::envoy {

std::string quoted_name(std::string_view name) {
  std::string out;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    // A backslash makes any sign of ASCII that is no letter or digit stand for itself; the others
    // are parts of a character of UTF-8, which must stay together.
    const bool is_plain = std::isalnum(byte) != 0 || c == '_' || byte >= 0x80;
    out += is_plain ? std::string(1, c) : std::string("\\") + c;
  }
  return out;
}

}  // namespace aksmesh::envoy
