// SPDX-License-Identifier: Apache-2.0
#include <yaml.h>

#include <algorithm>
#include <cstring>

#include "base/strings.hpp"
#include "data/reader.hpp"
#include "data/scalar.hpp"
#include "data/tree_builder.hpp"

namespace aksmesh::data {
namespace {

/// libyaml counts characters, we keep bytes. Marks arrive almost in order, so a cursor that walks
/// from the last one costs nothing over the whole text.
class ByteCursor {
 public:
  ByteCursor(std::string_view text, std::size_t base) : text_(text), base_(base), byte_(base) {
    ascii_ = std::all_of(text.begin(), text.end(),
                         [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  }
  std::uint32_t operator()(std::size_t character) {
    if (ascii_) return static_cast<std::uint32_t>(std::min(base_ + character, text_.size()));
    while (character_ < character && byte_ < text_.size()) {
      ++byte_;
      while (byte_ < text_.size() && tail(byte_)) ++byte_;
      ++character_;
    }
    while (character_ > character) {
      --byte_;
      while (byte_ > base_ && tail(byte_)) --byte_;
      --character_;
    }
    return static_cast<std::uint32_t>(byte_);
  }
  /// Starts anew behind `base`.
  void rebase(std::size_t base) {
    base_ = base;
    byte_ = base;
    character_ = 0;
  }

 private:
  [[nodiscard]] bool tail(std::size_t i) const {
    return (static_cast<unsigned char>(text_[i]) & 0xC0) == 0x80;
  }
  std::string_view text_;
  std::size_t base_;
  std::size_t byte_;
  std::size_t character_ = 0;
  bool ascii_ = true;
};

class Event {
 public:
  Event() = default;
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  ~Event() { yaml_event_delete(&raw); }
  yaml_event_t raw{};
};

std::string_view view(const yaml_char_t* text) {
  return text == nullptr ? std::string_view{}
                         : std::string_view(reinterpret_cast<const char*>(text));
}

ScalarStyle style_of(yaml_scalar_style_t style) {
  switch (style) {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE: return ScalarStyle::single_quoted;
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE: return ScalarStyle::double_quoted;
    case YAML_LITERAL_SCALAR_STYLE: return ScalarStyle::literal;
    case YAML_FOLDED_SCALAR_STYLE: return ScalarStyle::folded;
    default: return ScalarStyle::plain;
  }
}

NodeKind kind_of(const yaml_event_t& event, std::string_view text) {
  const auto tag = view(event.data.scalar.tag);
  if (tag.empty())
    return event.data.scalar.plain_implicit != 0 ? resolve_plain(text) : NodeKind::string;
  if (tag == YAML_NULL_TAG) return NodeKind::null;
  if (tag == YAML_BOOL_TAG || tag == YAML_INT_TAG || tag == YAML_FLOAT_TAG)
    return resolve_plain(text);
  return NodeKind::string;
}

/// The first character that YAML allows nowhere, not even in quotes. libyaml would find it while it
/// reads ahead, without telling the place, and lose the documents before it.
std::size_t find_refused(std::string_view text, std::size_t from) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : std::uint8_t{0};
  };
  for (auto i = from; i < text.size(); ++i) {
    const auto c = byte(i);
    if (c < 0x20 ? c != '\t' && c != '\n' && c != '\r' : c == 0x7F) return i;
    // U+0080 to U+009F but U+0085, a line break; U+FFFE and U+FFFF.
    if (c == 0xC2 && byte(i + 1) < 0xA0 && byte(i + 1) != 0x85) return i;
    if (c == 0xEF && byte(i + 1) == 0xBF && byte(i + 2) >= 0xBE) return i;
  }
  return std::string_view::npos;
}

bool is_document_marker(std::string_view line) {
  return line.starts_with("---") &&
         (line.size() == 3 || std::strchr(" \t\r\n", line[3]) != nullptr);
}

/// Reads one text, starting a new parser behind each document that is broken.
class YamlReader {
 public:
  YamlReader(Tree& tree, const Limits& limits, std::vector<Problem>& problems)
      : tree_(tree),
        text_(tree.source()),
        problems_(problems),
        builder_(tree, limits, problems),
        cursor_(text_, 0),
        end_(text_.size()) {}

  void read() {
    while (base_ < text_.size()) {
      const auto refused = find_refused(text_, base_);
      const bool sound = refused == std::string_view::npos;
      end_ = sound ? text_.size() : document_around(refused);
      read_part();
      if (sound) return;
      problems_.push_back(encoding_problem(
          tree_, refused,
          text_[refused] == '\0' ? "NUL byte in the text" : "control character in the text"));
      end_ = text_.size();
      go_on_at(marker_behind(refused));
    }
  }

 private:
  /// Reads the documents from base_ to end_.
  void read_part() {
    while (base_ < end_ && !read_from_base()) go_on_at(marker_behind(document_));
  }

  void go_on_at(std::size_t marker) {
    base_ = std::min(marker, end_);
    cursor_.rebase(base_);
  }

  /// False when a document was broken; `document_` then says where it began.
  bool read_from_base() {
    yaml_parser_t parser;
    if (yaml_parser_initialize(&parser) == 0) return true;
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    const auto rest = text_.substr(base_, end_ - base_);
    yaml_parser_set_input_string(&parser, reinterpret_cast<const unsigned char*>(rest.data()),
                                 rest.size());
    document_ = base_;
    bool going = true;
    bool sound = true;
    while (going) {
      Event event;
      if (yaml_parser_parse(&parser, &event.raw) == 0) {
        problems_.push_back(syntax_problem(parser));
        sound = false;
        break;
      }
      going = event.raw.type != YAML_STREAM_END_EVENT;
      if (!take(event.raw)) {
        sound = false;
        break;
      }
    }
    yaml_parser_delete(&parser);
    if (!sound) builder_.drop_document();
    return sound;
  }

  bool take(const yaml_event_t& event) {
    switch (event.type) {
      case YAML_DOCUMENT_START_EVENT:
        document_ = cursor_(event.start_mark.index);
        builder_.begin_document(static_cast<std::uint32_t>(document_));
        return true;
      case YAML_DOCUMENT_END_EVENT: builder_.end_document(); return true;
      case YAML_SCALAR_EVENT: {
        const std::string_view text(reinterpret_cast<const char*>(event.data.scalar.value),
                                    event.data.scalar.length);
        return builder_.scalar(span(event), kind_of(event, text), style_of(event.data.scalar.style),
                               text, view(event.data.scalar.anchor));
      }
      case YAML_MAPPING_START_EVENT:
        return builder_.begin_container(span(event), NodeKind::mapping,
                                        view(event.data.mapping_start.anchor));
      case YAML_SEQUENCE_START_EVENT:
        return builder_.begin_container(span(event), NodeKind::sequence,
                                        view(event.data.sequence_start.anchor));
      case YAML_MAPPING_END_EVENT:
      case YAML_SEQUENCE_END_EVENT: return builder_.end_container(cursor_(event.end_mark.index));
      case YAML_ALIAS_EVENT: return builder_.alias(span(event), view(event.data.alias.anchor));
      default: return true;
    }
  }

  Span span(const yaml_event_t& event) {
    const auto begin = cursor_(event.start_mark.index);
    return {begin, std::max(begin, cursor_(event.end_mark.index))};
  }

  Mark mark(const yaml_mark_t& at) { return tree_.mark_at(cursor_(at.index)); }

  Problem syntax_problem(const yaml_parser_t& parser) {
    Problem problem{.mark = mark(parser.problem_mark)};
    const std::string_view said = parser.problem == nullptr ? "" : parser.problem;
    const auto at = cursor_(parser.problem_mark.index);
    const auto here = at < text_.size() ? text_[at] : '\0';
    if (here == '\t' && said.find("cannot start any token") != std::string_view::npos) {
      problem.what = "a tab stands where YAML allows only spaces";
      problem.next = "replace the tab by spaces";
    } else {
      problem.what = "not valid YAML: " + std::string(said);
      if (parser.context != nullptr) {
        problem.what += ", " + std::string(parser.context);
        if (parser.context_mark.line != 0 || parser.context_mark.column != 0)
          problem.what += " (line " + std::to_string(mark(parser.context_mark).line) + ')';
      }
      problem.next = "look at this line and the one before it: quotes, colons and indentation";
    }
    return problem;
  }

  /// The first document marker behind the line of a byte.
  [[nodiscard]] std::size_t marker_behind(std::size_t byte) const {
    auto at = text_.find('\n', byte);
    while (at != std::string_view::npos && !is_document_marker(text_.substr(at + 1, 4)))
      at = text_.find('\n', at + 1);
    return at == std::string_view::npos ? at : at + 1;
  }

  /// The marker of the document that holds a byte, or base_ when none stands before it.
  [[nodiscard]] std::size_t document_around(std::size_t byte) const {
    for (auto end = byte; end > base_;) {
      const auto newline = text_.substr(base_, end - base_).rfind('\n');
      if (newline == std::string_view::npos) break;
      if (is_document_marker(text_.substr(base_ + newline + 1, 4))) return base_ + newline + 1;
      end = base_ + newline;
    }
    return base_;
  }

  const Tree& tree_;
  std::string_view text_;
  std::vector<Problem>& problems_;
  TreeBuilder builder_;
  ByteCursor cursor_;
  std::size_t base_ = 0;      // where the present parser began
  std::size_t end_;           // where it ends
  std::size_t document_ = 0;  // where the present document began
};

}  // namespace

void read_yaml(Tree& tree, const Limits& limits, std::vector<Problem>& problems) {
  YamlReader(tree, limits, problems).read();
}

}  // namespace aksmesh::data
