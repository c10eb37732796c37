// SPDX-License-Identifier: Apache-2.0
#include "streams.hpp"

#include "base/strings.hpp"

namespace aksmesh::cli {
namespace {

using commands::GlobalOptions;

constexpr std::size_t kDefaultWidth = 80;

bool set_and_not_empty(const sys::Environment& env, const char* name) {
  const auto value = env.get(name);
  return value && !value->empty();
}

bool wants_color(const World& world, const sys::OutputStream& stream, const GlobalOptions& global) {
  if (global.color != "auto") return global.color == "always";
  if (set_and_not_empty(world.env, "NO_COLOR")) return false;
  for (const char* name : {"CLICOLOR_FORCE", "FORCE_COLOR"}) {
    const auto value = world.env.get(name);
    if (value && !value->empty() && *value != "0") return true;
  }
  return stream.is_terminal() && world.env.get("TERM").value_or("dumb") != "dumb";
}

enum class Charset { unsaid, utf8, other };

Charset charset_of(const sys::Environment& env) {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const auto value = env.get(name);
    if (!value || value->empty()) continue;
    const auto lower = to_lower(*value);
    const bool utf8 =
        lower.find("utf-8") != std::string::npos || lower.find("utf8") != std::string::npos;
    return utf8 ? Charset::utf8 : Charset::other;
  }
  return Charset::unsaid;
}

/// Where no variable tells (builds often have none) a terminal may know ASCII alone; files and logs
/// take UTF-8.
bool wants_ascii(const sys::Environment& env, const sys::OutputStream& stream) {
  const auto charset = charset_of(env);
  return charset == Charset::other || (charset == Charset::unsaid && stream.is_terminal());
}

/// The terminal knows best; some (serial lines, simple containers) tell nothing, and then the shell
/// may have.
std::size_t width_of(const World& world) {
  if (world.terminal_width > 0) return static_cast<std::size_t>(world.terminal_width);
  const auto columns = world.env.get("COLUMNS").value_or("");
  const bool number = !columns.empty() && columns.size() < 6 &&
                      columns.find_first_not_of("0123456789") == std::string::npos;
  const auto width = number ? std::stoul(columns) : 0;
  return width == 0 ? kDefaultWidth : width;
}

}  // namespace

report::Style style_of(const World& world, const sys::OutputStream& stream,
                       const GlobalOptions& global) {
  report::Style style;
  style.color = wants_color(world, stream, global);
  style.ascii = global.ascii || wants_ascii(world.env, stream);
  style.is_terminal = stream.is_terminal();
  if (style.is_terminal) style.width = width_of(world);
  return style;
}

}  // namespace aksmesh::cli
