// SPDX-License-Identifier: Apache-2.0
#include "docgen/markdown.hpp"

#include "base/strings.hpp"

namespace aksmesh::commands::docgen {
namespace {

std::string without_marks(std::string_view line) {
  return replace_all(replace_all(line, "`", ""), "**", "");
}

std::string to_upper(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return out;
}

bool is_list_item(std::string_view line) {
  return line.starts_with("- ") ||
         (line.size() > 3 && line[0] >= '1' && line[0] <= '9' && line.substr(1, 2) == ". ");
}

/// Lines that belong together, a list item among them, filled anew for the width of a terminal.
/// Without a width each line stays as it is.
class Paragraph {
 public:
  Paragraph(std::string& out, std::size_t width) : out_(out), width_(width) {}

  void add(std::string_view line) {
    if (is_list_item(line)) {
      end();
      indent_ = line.find(' ') + 1;
    }
    if (width_ == 0) {
      out_.append("  ").append(without_marks(line)).append("\n");
      return;
    }
    if (!text_.empty()) text_ += ' ';
    text_ += without_marks(trim(line));
  }

  void end() {
    const std::string indent(2 + indent_, ' ');
    // The mark of a list item stands in the indentation of the rest.
    const auto mark = text_.substr(0, indent_);
    if (!text_.empty())
      out_.append("  ")
          .append(mark)
          .append(report::wrap(std::string_view(text_).substr(indent_), width_, indent))
          .append("\n");
    text_.clear();
    indent_ = 0;
  }

 private:
  std::string& out_;
  std::size_t width_;
  std::string text_;
  std::size_t indent_ = 0;
};

/// A line of roff text: bold for `code`, and nothing that begins like a request.
std::string man_line(std::string_view line) {
  std::string out;
  bool code = false;
  for (const char c : line) {
    if (c == '`') {
      out += code ? "\\fR" : "\\fB";
      code = !code;
    } else if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  out = replace_all(out, "**", "");
  if (out.starts_with('.') || out.starts_with('\'')) out.insert(0, "\\&");
  return out;
}

}  // namespace

std::string markdown_to_text(std::string_view page, const report::Style& style) {
  std::string out;
  bool fence = false;
  Paragraph paragraph(out, style.width);
  for (auto line : split(page, '\n')) {
    if (fence || line.starts_with("```") || line.starts_with('#') || line.starts_with('|') ||
        trim(line).empty())
      paragraph.end();
    if (line.starts_with("```")) {
      fence = !fence;
    } else if (fence) {
      out.append("    ").append(style.paint(report::Tone::aside, line)).append("\n");
    } else if (line.starts_with('#')) {
      while (line.starts_with('#')) line.remove_prefix(1);
      out.append(style.paint(report::Tone::name, trim(line))).append("\n");
    } else if (line.starts_with('|')) {
      out.append("  ").append(line).append("\n");
    } else if (trim(line).empty()) {
      out += '\n';
    } else {
      paragraph.add(line);
    }
  }
  paragraph.end();
  while (out.ends_with("\n\n")) out.pop_back();
  return out;
}

std::string man_escape(std::string_view text) {
  return man_line(replace_all(text, "`", ""));
}

std::string markdown_to_man(std::string_view page) {
  std::string out;
  bool fence = false;
  bool text_before = false;
  for (const auto line : split(page, '\n')) {
    if (line.starts_with("```")) {
      out += fence ? ".fi\n.RE\n" : ".sp\n.RS 4\n.nf\n";
      fence = !fence;
    } else if (fence || line.starts_with('|')) {
      const auto text = man_line(replace_all(line, "`", ""));
      if (fence)
        out.append(text.empty() ? "\\&" : text).append("\n");
      else
        out.append(text).append("\n.br\n");
    } else if (line.starts_with("## ")) {
      out.append(".SH \"").append(to_upper(line.substr(3))).append("\"\n");
      text_before = false;
    } else if (line.starts_with("# ")) {
      continue;
    } else if (is_list_item(line)) {
      out.append(".IP \\(bu 2\n").append(man_line(line.substr(line.find(' ') + 1))).append("\n");
      text_before = true;
    } else if (trim(line).empty()) {
      if (text_before) out += ".PP\n";
      text_before = false;
    } else {
      out.append(man_line(trim(line))).append("\n");
      text_before = true;
    }
  }
  // Space right under a heading is there anyway. A paragraph macro at the end or before a heading
  // does nothing, and linters say so.
  out = replace_all(out, "\"\n.sp\n", "\"\n");
  out = replace_all(out, ".PP\n.SH", ".SH");
  out = replace_all(out, ".PP\n.sp\n", ".sp\n");
  out = replace_all(out, ".PP\n.IP", ".IP");
  while (out.ends_with(".PP\n")) out.resize(out.size() - 4);
  return out;
}

}  // namespace aksmesh::commands::docgen
