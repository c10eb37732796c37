// SPDX-License-Identifier: Apache-2.0
#include "data/text_edit.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "base/strings.hpp"
#include "data/yaml_text.hpp"

namespace aksmesh::data {
namespace {

constexpr std::size_t kContext = 3;

std::size_t line_start(std::string_view text, std::size_t at) {
  const auto before = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  return before == std::string_view::npos ? 0 : before + 1;
}

/// Behind the newline that ends the line of `at`.
std::size_t line_end(std::string_view text, std::size_t at) {
  const auto newline = text.find('\n', at);
  return newline == std::string_view::npos ? text.size() : newline + 1;
}

/// Whole lines that change, as byte ranges of the old text, with their new text.
struct Block {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string after{};
};

std::vector<Block> changed_blocks(std::string_view text, const std::vector<TextEdit>& edits) {
  std::vector<Block> blocks;
  std::size_t copied = 0;
  for (const auto& edit : edits) {
    const auto begin = line_start(text, edit.begin);
    // An edit that ends behind a newline leaves the next line alone.
    const bool whole_lines = edit.end > edit.begin && text[edit.end - 1] == '\n';
    const auto end = whole_lines ? edit.end : line_end(text, edit.end);
    if (blocks.empty() || begin >= blocks.back().end) {
      if (!blocks.empty()) blocks.back().after += text.substr(copied, blocks.back().end - copied);
      blocks.push_back({.begin = begin, .end = end});
      copied = begin;
    }
    auto& block = blocks.back();
    block.after.append(text.substr(copied, edit.begin - copied)).append(edit.text);
    copied = edit.end;
    block.end = std::max(block.end, end);
  }
  if (!blocks.empty()) blocks.back().after += text.substr(copied, blocks.back().end - copied);
  return blocks;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = line_end(text, 0);
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

void add_lines(std::string& out, char mark, std::string_view text) {
  for (const auto line : lines_of(text)) {
    out += mark;
    out += line;
    if (!line.ends_with('\n')) out += "\n\\ No newline at end of file\n";
  }
}

std::size_t count_lines(std::string_view text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) +
         (text.empty() || text.ends_with('\n') ? 0 : 1);
}

std::size_t lines_back(std::string_view text, std::size_t at, std::size_t count,
                       std::size_t floor) {
  for (; count > 0 && at > floor; --count) at = std::max(floor, line_start(text, at - 1));
  return at;
}

std::size_t lines_on(std::string_view text, std::size_t at, std::size_t count,
                     std::size_t ceiling) {
  for (; count > 0 && at < ceiling; --count) at = std::min(ceiling, line_end(text, at));
  return at;
}

std::string range_text(std::size_t first_line, std::size_t count) {
  return std::to_string(count == 0 ? first_line - 1 : first_line) + ',' + std::to_string(count);
}

std::optional<std::string> in_style(ScalarStyle style, std::string_view value) {
  switch (style) {
    case ScalarStyle::plain: {
      // Inside [ ] and { } a few more signs mean something.
      const bool flow_safe = value.find_first_of(",[]{}") == std::string_view::npos;
      return flow_safe ? yaml_scalar(value) : yaml_quoted(value);
    }
    case ScalarStyle::double_quoted: return yaml_quoted(value);
    case ScalarStyle::single_quoted: return '\'' + replace_all(value, "'", "''") + '\'';
    case ScalarStyle::literal:
    case ScalarStyle::folded:
    case ScalarStyle::none: break;
  }
  return std::nullopt;
}

/// The text of a node with what stands before it: alias, anchor, tag.
std::string_view written(const Node& node) {
  return node.tree()->source().substr(node.begin(), node.end() - node.begin());
}

/// An edit of such a value would take the anchor away, or change what another place says.
bool has_property(const Node& node) {
  const auto text = written(node);
  return text.empty() || std::string_view("&!*").find(text.front()) != std::string_view::npos;
}

/// An entry that a merge key brought in has one place for key and value, that of the merge key.
bool is_own_entry(const Node& key, const Node& value) {
  return key.end() <= value.begin();
}

/// Behind the question mark of such a key the colon has a line of its own.
bool is_long_key(const Node& key, const Node& value) {
  const auto between = key.tree()->source().substr(key.end(), value.begin() - key.end());
  return between.find('\n') < between.find(':');
}

std::optional<TextEdit> rewrite(const Node& scalar, std::string_view value) {
  if (!scalar.is_scalar() || has_property(scalar)) return std::nullopt;
  if (const auto key = scalar.key(); key && !is_own_entry(key, scalar)) return std::nullopt;
  auto text = in_style(scalar.style(), value);
  if (!text) return std::nullopt;
  return TextEdit{scalar.begin(), scalar.end(), std::move(*text)};
}

/// The item or value of `whole` inside which `node` stands.
Node part_around(const Node& whole, const Node& node) {
  const auto holds = [&](const Node& part) {
    return part == node || (part.begin() <= node.begin() && node.begin() < part.end());
  };
  for (const auto item : whole.items())
    if (holds(item)) return item;
  for (const auto [key, value] : whole.entries())
    if (is_own_entry(key, value) && holds(value)) return value;
  return {};
}

/// The next byte that is neither blank nor comment.
std::size_t next_sign(std::string_view text, std::size_t at) {
  for (;;) {
    at = text.find_first_not_of(" \t\r\n", at);
    if (at == std::string_view::npos || text[at] != '#') return at;
    at = text.find('\n', at);
  }
}

/// Of an entry in [begin, end) with a comma or brace at `next`: the edit that leaves a comma
/// between the others only. JSON allows none before the closing brace.
std::optional<TextEdit> remove_from_flow(std::string_view text, std::uint32_t begin,
                                         std::uint32_t end, std::size_t next) {
  const auto edit = [](std::size_t from, std::size_t to) {
    return TextEdit{static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(to), {}};
  };
  const auto before = text.substr(0, begin).find_last_not_of(" \t\r\n");
  if (before == std::string_view::npos || (text[before] != ',' && text[before] != '{'))
    return std::nullopt;
  const auto line = text.substr(0, begin).find_last_not_of(" \t");
  const bool opens_line = text[line] == '\n' || text[line] == '\r';
  // On an earlier line the comma may be the end of a comment.
  if (opens_line) {
    const auto start = line_start(text, before);
    if (text.substr(start, before - start).find('#') != std::string_view::npos) return std::nullopt;
  }
  if (text[next] == '}') {
    return text[before] == ',' ? edit(before, end) : edit(before + 1, next);
  }
  const auto after = std::min(text.find_first_not_of(" \t\r", next + 1), text.size());
  const bool ends_line = after == text.size() || text[after] == '\n' || text[after] == '#';
  if (!ends_line) return edit(begin, after);
  return opens_line ? edit(line + 1, line_end(text, next)) : edit(before + 1, next + 1);
}

}  // namespace

SettledEdits settle_repairs(const std::vector<std::vector<TextEdit>>& repairs) {
  using Range = std::pair<std::uint32_t, std::uint32_t>;
  std::map<Range, std::string_view> kept;
  enum class Fit : std::uint8_t { is_new, repeats, overlaps };
  const auto fit = [&](const TextEdit& edit) {
    const auto next = kept.lower_bound({edit.begin, edit.end});
    if (next != kept.end() && next->first == Range{edit.begin, edit.end})
      return next->second == edit.text ? Fit::repeats : Fit::overlaps;
    if (next != kept.end() && next->first.first < edit.end) return Fit::overlaps;
    if (next != kept.begin() && std::prev(next)->first.second > edit.begin) return Fit::overlaps;
    return Fit::is_new;
  };
  SettledEdits out;
  for (const auto& repair : repairs) {
    std::vector<Range> added;
    for (const auto& edit : repair) {
      const auto fits = fit(edit);
      if (fits == Fit::repeats) continue;
      if (fits == Fit::overlaps) {
        for (const auto& range : added) kept.erase(range);
        ++out.dropped;
        break;
      }
      added.emplace_back(edit.begin, edit.end);
      kept.emplace(added.back(), edit.text);
    }
  }
  for (const auto& [range, text] : kept)
    out.edits.push_back({range.first, range.second, std::string(text)});
  return out;
}

std::string apply_edits(std::string_view text, const std::vector<TextEdit>& edits) {
  std::string out;
  std::size_t copied = 0;
  for (const auto& edit : edits) {
    out.append(text.substr(copied, edit.begin - copied)).append(edit.text);
    copied = edit.end;
  }
  return out.append(text.substr(copied));
}

std::string edits_as_diff(const std::string& name, std::string_view text,
                          const std::vector<TextEdit>& edits) {
  const auto blocks = changed_blocks(text, edits);
  std::string out;
  std::ptrdiff_t shift = 0;  // lines that the hunks so far added
  for (std::size_t i = 0; i < blocks.size();) {
    // Blocks whose contexts touch share a hunk.
    std::size_t last = i;
    while (last + 1 < blocks.size() &&
           lines_on(text, blocks[last].end, 2 * kContext, text.size()) >= blocks[last + 1].begin)
      ++last;
    const auto begin = lines_back(text, blocks[i].begin, kContext, i == 0 ? 0 : blocks[i - 1].end);
    const auto end = lines_on(text, blocks[last].end, kContext, text.size());
    std::string body;
    std::size_t added = 0;
    std::size_t removed = 0;
    auto at = begin;
    for (; i <= last; ++i) {
      add_lines(body, ' ', text.substr(at, blocks[i].begin - at));
      const auto before = text.substr(blocks[i].begin, blocks[i].end - blocks[i].begin);
      add_lines(body, '-', before);
      add_lines(body, '+', blocks[i].after);
      removed += count_lines(before);
      added += count_lines(blocks[i].after);
      at = blocks[i].end;
    }
    add_lines(body, ' ', text.substr(at, end - at));
    const auto first_line = count_lines(text.substr(0, begin)) + 1;
    const auto old_count = count_lines(text.substr(begin, end - begin));
    if (out.empty()) out = "--- " + name + "\n+++ " + name + '\n';
    const auto new_first =
        static_cast<std::size_t>(static_cast<std::ptrdiff_t>(first_line) + shift);
    out += "@@ -" + range_text(first_line, old_count) + " +" +
           range_text(new_first, old_count - removed + added) + " @@\n" + body;
    shift += static_cast<std::ptrdiff_t>(added) - static_cast<std::ptrdiff_t>(removed);
  }
  return out;
}

std::optional<TextEdit> replace_scalar(const Node& scalar, std::string_view value) {
  return rewrite(scalar, value);
}

bool is_read_once(const Node& root, const Node& node) {
  auto at = root;
  while (at && at != node && !has_property(at)) at = part_around(at, node);
  return at && at == node;
}

std::optional<TextEdit> rename_key(const Node& value, std::string_view key) {
  const auto name = value.key();
  return name && is_own_entry(name, value) ? rewrite(name, key) : std::nullopt;
}

std::optional<TextEdit> wrap_value(const Node& value, std::string_view key,
                                   std::string_view inner) {
  const auto name = value.key();
  if (!name || !value.is_scalar() || !is_own_entry(name, value) || is_long_key(name, value))
    return std::nullopt;
  if (has_property(name) || has_property(value)) return std::nullopt;
  // Not every plain text may stand in braces.
  if (value.is_string() && value.style() == ScalarStyle::plain &&
      in_style(value.style(), value.text()) != written(value))
    return std::nullopt;
  const auto new_name = in_style(name.style(), key);
  const auto inner_name = in_style(name.style(), inner);
  if (!new_name || !inner_name || !in_style(value.style(), "")) return std::nullopt;
  return TextEdit{name.begin(), value.end(),
                  *new_name + ": {" + *inner_name + ": " + std::string(written(value)) + '}'};
}

std::optional<TextEdit> remove_entry(const Node& value) {
  const auto key = value.key();
  if (!key || !value.is_scalar() || !is_own_entry(key, value) || is_long_key(key, value))
    return std::nullopt;
  if (!in_style(value.style(), "")) return std::nullopt;  // a block of text
  if (has_property(key) || (has_property(value) && value.begin() != value.end()))
    return std::nullopt;
  const auto text = key.tree()->source();
  const auto last = std::max(value.end(), key.end());
  if (const auto next = next_sign(text, last);
      next != std::string_view::npos && (text[next] == ',' || text[next] == '}'))
    return remove_from_flow(text, key.begin(), last, next);
  const auto begin = line_start(text, key.begin());
  const auto end = line_end(text, last);
  // In block style nothing but the entry stands on its lines; a comment behind it goes with it.
  const auto before = text.substr(begin, key.begin() - begin);
  const auto rest = trim(text.substr(value.end(), end - value.end()));
  if (!trim(before).empty() || (!rest.empty() && !rest.starts_with('#'))) return std::nullopt;
  return TextEdit{static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), {}};
}

}  // namespace aksmesh::data
