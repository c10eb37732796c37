// SPDX-License-Identifier: Apache-2.0
#include "data/json_text.hpp"

namespace aksmesh::data {
namespace {

/// Behind the string that begins at `at`.
std::size_t end_of_string(std::string_view text, std::size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at)
    if (text[at] == '\\') ++at;
  return at < text.size() ? at + 1 : text.size();
}

}  // namespace

void append_indented(std::string& out, std::string_view compact, std::size_t depth) {
  const auto begin_line = [&] {
    out += '\n';
    out.append(2 * depth, ' ');
  };
  for (std::size_t at = 0; at < compact.size();) {
    const char c = compact[at];
    if (c == '"') {
      const auto end = end_of_string(compact, at);
      out.append(compact, at, end - at);
      at = end;
      continue;
    }
    ++at;
    const bool empty = at < compact.size() && (compact[at] == '}' || compact[at] == ']');
    if ((c == '{' || c == '[') && empty) {
      out += c;
      out += compact[at++];
    } else if (c == '{' || c == '[') {
      out += c;
      ++depth;
      begin_line();
    } else if (c == '}' || c == ']') {
      --depth;
      begin_line();
      out += c;
    } else if (c == ',') {
      out += c;
      begin_line();
    } else if (c == ':') {
      out += ": ";
    } else {
      out += c;
    }
  }
}

}  // namespace aksmesh::data
