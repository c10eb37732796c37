// SPDX-License-Identifier: Apache-2.0
#include "envoy/log_levels.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "base/edit_distance.hpp"
#include "base/printable.hpp"
#include "base/strings.hpp"

namespace aksmesh::envoy {
namespace {

// https://www.envoyproxy.io/docs/envoy/latest/operations/admin#post--logging
constexpr std::array<std::string_view, 7> kLevels{"trace", "debug",    "info", "warning",
                                                  "error", "critical", "off"};

/// `warn` is a word of the neighbour.
std::string_view level_of(std::string_view word) {
  return word == "warn" ? "warning" : word;
}

Error no_level(std::string_view word) {
  return {.kind = ErrorKind::usage,
          .what = '\'' + std::string(word) + "' is no log level",
          .why = "levels are " + join({kLevels.begin(), kLevels.end()}, ", "),
          .next = suggestions(std::string(word), {kLevels.begin(), kLevels.end()})};
}

}  // namespace

bool is_log_level(std::string_view word) {
  return std::find(kLevels.begin(), kLevels.end(), word) != kLevels.end();
}

Result<LogLevels> read_log_levels(std::string_view page) {
  LogLevels out;
  bool begun = false;
  for (const auto line : split(page, '\n')) {
    const auto text = trim(line);
    if (text == "active loggers:") begun = true;
    const auto colon = text.rfind(": ");
    if (!begun || colon == std::string_view::npos) continue;
    if (const auto level = text.substr(colon + 2); is_log_level(level))
      out.emplace(text.substr(0, colon), level);
  }
  if (out.empty())
    return Error{.kind = ErrorKind::bad_data,
                 .what = "the proxy does not list its loggers",
                 .why = "it answers " + printable(trim(page.substr(0, 200)))};
  return out;
}

Result<LogWish> parse_log_wish(std::string_view text) {
  LogWish out;
  if (text.empty()) return no_level(text);
  for (auto part : split(text, ',')) {
    part = trim(part);
    const auto mark = part.find_last_of(":=");
    const auto level = level_of(mark == std::string_view::npos ? part : part.substr(mark + 1));
    if (!is_log_level(level)) return no_level(level);
    if (mark == std::string_view::npos) {
      out.all = level;
      continue;
    }
    auto logger = part.substr(0, mark);
    if (const auto scope = logger.rfind("::"); scope != std::string_view::npos)
      logger.remove_prefix(scope + 2);
    out.some[std::string(logger)] = level;
  }
  return out;
}

Status check_loggers(const LogWish& wish, const LogLevels& known) {
  for (const auto& [logger, level] : wish.some) {
    if (known.contains(logger)) continue;
    std::vector<std::string> names;
    for (const auto& [name, unused] : known) names.push_back(name);
    Error out{.kind = ErrorKind::usage, .what = "the proxy has no logger '" + logger + '\''};
    for (const auto& near : suggestions(logger, names))
      out.next.push_back("--level " + near + ':' + level);
    return out;
  }
  return Done{};
}

LogLevels wished(const LogWish& wish, const LogLevels& before) {
  auto out = before;
  if (!wish.all.empty())
    for (auto& [logger, level] : out) level = wish.all;
  for (const auto& [logger, level] : wish.some) out[logger] = level;
  return out;
}

std::string log_page(const LogLevels& from, const LogLevels& to) {
  // Where all get the same level, one word says it.
  const auto first = to.empty() ? std::string() : to.begin()->second;
  const bool same =
      std::all_of(to.begin(), to.end(), [&](const auto& one) { return one.second == first; });
  if (from == to) return {};
  if (same) return "/logging?level=" + first;
  std::vector<std::string> changes;
  for (const auto& [logger, level] : to) {
    const auto before = from.find(logger);
    if (before == from.end() || before->second != level) changes.push_back(logger + ':' + level);
  }
  return "/logging?paths=" + join(changes, ",");
}

}  // namespace aksmesh::envoy
