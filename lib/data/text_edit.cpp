// SPDX-License-Identifier: Apache-2.0
#include "data/text_edit.hpp"

#include <algorithm>

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

std::optional<TextEdit> rewrite(const Node& scalar, std::string_view value) {
  if (!scalar.is_scalar() || scalar.kind() == NodeKind::none) return std::nullopt;
  auto text = in_style(scalar.style(), value);
  if (!text) return std::nullopt;
  return TextEdit{scalar.begin(), scalar.end(), std::move(*text)};
}

}  // namespace

std::size_t settle_edits(std::vector<TextEdit>& edits) {
  std::stable_sort(edits.begin(), edits.end(), [](const TextEdit& a, const TextEdit& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
  });
  std::vector<TextEdit> kept;
  std::size_t dropped = 0;
  for (auto& edit : edits) {
    if (!kept.empty() && kept.back() == edit) continue;
    if (!kept.empty() && edit.begin < kept.back().end)
      ++dropped;
    else
      kept.push_back(std::move(edit));
  }
  edits = std::move(kept);
  return dropped;
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

std::optional<TextEdit> rename_key(const Node& value, std::string_view key) {
  const auto name = value.key();
  return name ? rewrite(name, key) : std::nullopt;
}

std::optional<TextEdit> wrap_value(const Node& value, std::string_view key,
                                   std::string_view inner) {
  const auto name = value.key();
  if (!name || !value.is_scalar()) return std::nullopt;
  const auto new_name = in_style(name.style(), key);
  const auto inner_name = in_style(name.style(), inner);
  if (!new_name || !inner_name || !in_style(value.style(), "")) return std::nullopt;
  const auto written = name.tree()->source().substr(value.begin(), value.end() - value.begin());
  return TextEdit{name.begin(), value.end(),
                  *new_name + ": {" + *inner_name + ": " + std::string(written) + '}'};
}

std::optional<TextEdit> remove_entry(const Node& value) {
  const auto key = value.key();
  if (!key || !value.is_scalar()) return std::nullopt;
  const auto text = key.tree()->source();
  const auto begin = line_start(text, key.begin());
  const auto end = line_end(text, std::max(value.end(), key.end()));
  // In block style nothing but the entry stands on its lines; a comment behind it goes with it.
  const auto before = text.substr(begin, key.begin() - begin);
  const auto after = text.substr(value.end(), end - value.end());
  const auto rest = trim(after);
  if (!trim(before).empty() || (!rest.empty() && !rest.starts_with('#'))) return std::nullopt;
  return TextEdit{static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), {}};
}

}  // namespace aksmesh::data
