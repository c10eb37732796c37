// SPDX-License-Identifier: Apache-2.0
#include "data/reader.hpp"

#include <algorithm>

#include "base/strings.hpp"

namespace aksmesh::data {
namespace {

/// PowerShell redirects output as UTF-16 with a mark, so exports of objects arrive that way.
std::string from_utf16(std::string_view text, bool big_endian) {
  std::string out;
  out.reserve(text.size() / 2);
  const auto unit = [&](std::size_t i) {
    const auto first = static_cast<unsigned char>(text[i]);
    const auto second = static_cast<unsigned char>(text[i + 1]);
    return static_cast<std::uint32_t>(big_endian ? first << 8U | second : second << 8U | first);
  };
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    std::uint32_t code = unit(i);
    if (code >= 0xD800 && code < 0xDC00 && i + 3 < text.size()) {
      const std::uint32_t low = unit(i + 2);
      if (low >= 0xDC00 && low < 0xE000) {
        code = 0x10000 + ((code - 0xD800) << 10U) + (low - 0xDC00);
        i += 2;
      }
    }
    if (code >= 0xD800 && code < 0xE000) code = 0xFFFD;
    append_utf8(out, code);
  }
  return out;
}

std::string to_utf8(std::string source) {
  if (source.starts_with("\xFF\xFE")) return from_utf16(std::string_view(source).substr(2), false);
  if (source.starts_with("\xFE\xFF")) return from_utf16(std::string_view(source).substr(2), true);
  if (source.starts_with("\xEF\xBB\xBF")) source.erase(0, 3);
  return source;
}

/// A control character, which JSON does not allow; it tells binary files from text.
std::size_t find_control(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c < 0x20 && c != '\t' && c != '\n' && c != '\r') return i;
  }
  return std::string_view::npos;
}

/// True when the text can only be meant as JSON: it opens with a brace and no YAML comment stands
/// before.
bool opens_like_json(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
}

}  // namespace

Problem encoding_problem(const Tree& tree, std::size_t at, std::string what) {
  return {.kind = Problem::Kind::encoding,
          .mark = tree.mark_at(at),
          .what = std::move(what),
          .next = "save the file as UTF-8 text, or leave it out"};
}

ReadResult read_documents(std::string source, const Limits& limits, Format format,
                          const Placement& placement) {
  ReadResult result;
  result.tree = std::make_unique<Tree>(to_utf8(std::move(source)), placement);
  const auto text = result.tree->source();
  if (const auto bad = find_invalid_utf8(text); bad != std::string_view::npos) {
    result.problems.push_back(encoding_problem(*result.tree, bad, "not UTF-8 text"));
    return result;
  }
  if (format == Format::json || (format == Format::by_content && opens_like_json(text))) {
    if (const auto bad = find_control(text); bad != std::string_view::npos) {
      result.problems.push_back(encoding_problem(
          *result.tree, bad,
          text[bad] == '\0' ? "NUL byte in the text" : "control character in the text"));
      return result;
    }
    read_json(*result.tree, limits, result.problems);
    const bool lost =
        std::any_of(result.problems.begin(), result.problems.end(), [](const Problem& problem) {
          return problem.document_lost && problem.kind == Problem::Kind::syntax;
        });
    if (!lost || format == Format::json) return result;
    // A YAML flow mapping opens like JSON: look at it again as YAML, and keep JSON's answer if that
    // fails too.
    auto second = std::make_unique<Tree>(std::string(text), placement);
    std::vector<Problem> problems;
    read_yaml(*second, limits, problems);
    const bool lost_again =
        std::any_of(problems.begin(), problems.end(),
                    [](const Problem& problem) { return problem.document_lost; });
    if (lost_again) return result;
    return {std::move(second), std::move(problems)};
  }
  read_yaml(*result.tree, limits, result.problems);
  return result;
}

ReadResult read_answer(std::string body) {
  Limits limits;
  limits.document = limits.file;
  limits.expansion = limits.file;  // JSON has no aliases: what is long may have many nodes
  return read_documents(std::move(body), limits, Format::json);
}

ReadResult read_embedded(const Node& value, const std::string& path, const Limits& limits) {
  Placement placement{.fixed = true, .at = value.mark()};
  if (value.style() == ScalarStyle::literal) {
    // The block's first line with text tells how far it is indented in the outer file.
    const auto outer = value.tree()->source().substr(value.begin(), value.end() - value.begin());
    const auto inner = value.text();
    const auto inner_at = inner.find_first_not_of(" \n");
    auto line_start = outer.find('\n');
    while (line_start != std::string_view::npos && inner_at != std::string_view::npos) {
      const auto first = outer.find_first_not_of(" \r", line_start + 1);
      if (first == std::string_view::npos) break;
      if (outer[first] != '\n') {
        const auto inner_line = inner.rfind('\n', inner_at);
        const auto inner_indent =
            inner_at - (inner_line == std::string_view::npos ? 0 : inner_line + 1);
        const auto outer_indent = first - line_start - 1;
        placement = {.lines = value.mark().line,
                     .columns = static_cast<std::uint32_t>(outer_indent -
                                                           std::min(outer_indent, inner_indent))};
        break;
      }
      line_start = first;
    }
  }
  auto result = read_documents(std::string(value.text()), limits, Format::by_content, placement);
  result.tree->path_prefix = path;
  return result;
}

}  // namespace aksmesh::data
