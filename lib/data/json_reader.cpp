// SPDX-License-Identifier: Apache-2.0
#include "base/strings.hpp"
#include "data/reader.hpp"
#include "data/scalar.hpp"
#include "data/tree_builder.hpp"

// Written here because no library tells the place of every value; nothing is recursive, so depth
// costs no stack.

namespace aksmesh::data {
namespace {

class JsonReader {
 public:
  JsonReader(Tree& tree, const Limits& limits, std::vector<Problem>& problems)
      : tree_(tree), text_(tree.source()), problems_(problems), builder_(tree, limits, problems) {}

  /// Reads values that follow each other, as kubectl prints them.
  void read() {
    skip_blank();
    while (at_ < text_.size()) {
      builder_.begin_document(static_cast<std::uint32_t>(at_));
      if (!read_value_tree()) {
        builder_.drop_document();
        return;
      }
      builder_.end_document();
      skip_blank();
    }
  }

 private:
  bool read_value_tree() {
    std::vector<char> open;
    while (true) {
      skip_blank();
      const char c = peek();
      if (c == '{' || c == '[') {
        const auto start = span(1);
        const auto kind = c == '{' ? NodeKind::mapping : NodeKind::sequence;
        if (!builder_.begin_container(start, kind, {})) return false;
        ++at_;
        open.push_back(c == '{' ? '}' : ']');
        skip_blank();
        if (peek() != open.back()) {
          if (c == '{' && !read_key()) return false;
          continue;
        }
      } else if (!read_scalar()) {
        return false;
      }
      // A value is complete: close what ends here, then step over the comma.
      while (!open.empty()) {
        skip_blank();
        if (peek() == open.back()) {
          ++at_;
          open.pop_back();
          if (!builder_.end_container(static_cast<std::uint32_t>(at_))) return false;
          continue;
        }
        if (peek() != ',') return fail(std::string("expected ',' or '") + open.back() + "'");
        ++at_;
        skip_blank();
        if (open.back() == '}' && !read_key()) return false;
        break;
      }
      if (open.empty()) return true;
    }
  }

  bool read_key() {
    if (peek() != '"') return fail("expected a key in double quotes");
    if (!read_string()) return false;
    skip_blank();
    if (peek() != ':') return fail("expected ':' after the key");
    ++at_;
    return true;
  }

  bool read_scalar() {
    if (peek() == '"') return read_string();
    auto end = at_;
    while (end < text_.size() &&
           std::string_view(",]}: \t\r\n\"[{").find(text_[end]) == std::string_view::npos)
      ++end;
    const auto word = text_.substr(at_, end - at_);
    NodeKind kind = NodeKind::none;
    if (word == "true" || word == "false") kind = NodeKind::boolean;
    if (word == "null") kind = NodeKind::null;
    if (kind == NodeKind::none && is_number(word))
      kind = word.find_first_of(".eE") == std::string_view::npos ? NodeKind::integer
                                                                 : NodeKind::floating;
    if (kind == NodeKind::none)
      return fail(at_ >= text_.size() ? "the text ends too early" : "expected a value");
    if (!builder_.scalar(span(word.size()), kind, ScalarStyle::plain, word, {})) return false;
    at_ = end;
    return true;
  }

  static bool is_number(std::string_view word) {
    const auto digits = word.starts_with('-') ? word.substr(1) : word;
    if (digits.empty() || digits.front() < '0' || digits.front() > '9') return false;
    if (digits.size() > 1 && digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9') return false;
    if (digits.find_first_not_of("0123456789.eE+-") != std::string_view::npos) return false;
    return digits.find_first_of(".eE") == std::string_view::npos ||
           parse_floating(word).has_value();
  }

  bool read_string() {
    const auto start = at_;
    auto end = at_ + 1;
    bool escaped = false;
    while (end < text_.size() && text_[end] != '"') {
      if (text_[end] == '\n') {
        at_ = start;
        return fail("the string has no closing quote in its line");
      }
      if (text_[end] == '\\') {
        escaped = true;
        ++end;
      }
      ++end;
    }
    if (end >= text_.size()) return fail("the string has no closing quote");
    const auto raw = text_.substr(start + 1, end - start - 1);
    std::string unescaped;
    if (escaped && !unescape(raw, unescaped))
      return fail("the string holds an escape that JSON does not know");
    const auto place = span(end + 1 - start);
    if (!builder_.scalar(place, NodeKind::string, ScalarStyle::double_quoted,
                         escaped ? unescaped : raw, {}))
      return false;
    at_ = end + 1;
    return true;
  }

  static bool hex4(std::string_view text, std::uint32_t& code) {
    if (text.size() < 4) return false;
    code = 0;
    for (const char c : text.substr(0, 4)) {
      const auto digit = std::string_view("0123456789abcdef")
                             .find(static_cast<char>(c >= 'A' && c <= 'F' ? c | 0x20 : c));
      if (digit == std::string_view::npos) return false;
      code = code * 16 + static_cast<std::uint32_t>(digit);
    }
    return true;
  }

  static bool unescape(std::string_view raw, std::string& out) {
    constexpr std::string_view kLetters = "\"\\/bfnrt";
    constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    out.reserve(raw.size());
    for (std::size_t i = 0; i < raw.size(); ++i) {
      if (raw[i] != '\\') {
        out += raw[i];
        continue;
      }
      if (++i >= raw.size()) return false;
      if (raw[i] != 'u') {
        const auto letter = kLetters.find(raw[i]);
        if (letter == std::string_view::npos) return false;
        out += kMeanings[letter];
        continue;
      }
      std::uint32_t code = 0;
      if (!hex4(raw.substr(i + 1), code)) return false;
      i += 4;
      std::uint32_t low = 0;
      if (code >= 0xD800 && code < 0xDC00 && raw.substr(i + 1).starts_with("\\u") &&
          hex4(raw.substr(i + 3), low) && low >= 0xDC00 && low < 0xE000) {
        code = 0x10000 + ((code - 0xD800) << 10U) + (low - 0xDC00);
        i += 6;
      }
      // Go, and so the API server, reads a lone surrogate as the replacement character.
      if (code >= 0xD800 && code < 0xE000) code = 0xFFFD;
      append_utf8(out, code);
    }
    return true;
  }

  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void skip_blank() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\r' || text_[at_] == '\n'))
      ++at_;
  }

  Span span(std::size_t length) {
    return {static_cast<std::uint32_t>(at_), static_cast<std::uint32_t>(at_ + length)};
  }

  bool fail(std::string what) {
    Problem problem{.mark = tree_.mark_at(at_), .what = "not valid JSON: " + std::move(what)};
    problem.next = at_ >= text_.size() ? "the file seems to be cut off"
                                       : "look at this line and the end of the one before it";
    problems_.push_back(std::move(problem));
    return false;
  }

  const Tree& tree_;
  std::string_view text_;
  std::vector<Problem>& problems_;
  TreeBuilder builder_;
  std::size_t at_ = 0;
};

}  // namespace

void read_json(Tree& tree, const Limits& limits, std::vector<Problem>& problems) {
  JsonReader(tree, limits, problems).read();
}

}  // namespace aksmesh::data
