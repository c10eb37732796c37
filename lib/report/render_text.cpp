// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include "base/printable.hpp"
#include "report/render.hpp"

namespace aksmesh::report {
namespace {

// Names and messages hold text of the input: printable() keeps the terminal from obeying it.

std::string place(const Where& where) {
  std::string out = printable(where.file);
  if (where.line != 0) out += ':' + std::to_string(where.line);
  if (where.column != 0) out += ':' + std::to_string(where.column);
  return out;
}

/// The source line with a caret under the place.
void write_source(std::string& out, const Where& where, const Style& style) {
  if (where.source_line.empty() || where.line == 0) return;
  const std::string number = std::to_string(where.line);
  out.append("    ")
      .append(style.paint(Tone::aside, number + " | "))
      .append(printable_line(where.source_line))
      .append("\n");
  const auto length = utf8_length(where.source_line);
  const auto column = where.source_column != 0 ? where.source_column : where.column;
  if (where.column == 0 || column > length) return;
  // A tab before the caret must be repeated, or the caret would stand elsewhere.
  std::string under;
  std::string_view before = where.source_line;
  for (std::size_t i = 0; i + 1 < column; ++i)
    under += take_code_point(before) == '\t' ? '\t' : ' ';
  const std::size_t end =
      where.end_column > where.column
          ? std::min<std::size_t>(where.end_column - where.column + column, length + 1)
          : column + 1;
  out.append("    ")
      .append(std::string(number.size(), ' '))
      .append(style.paint(Tone::aside, " | "))
      .append(under);
  out.append(style.paint(Tone::broken, std::string(end - column, '^'))).append("\n");
}

void write_finding(std::string& out, const Finding& finding, const Style& style) {
  const auto object = printable(finding.object.label());
  out.append("  ").append(style.paint(Tone::name, object));
  if (!object.empty() && !finding.where.file.empty()) out.append("  ");
  out.append(place(finding.where));
  if (finding.suppression) {
    out.append("  ")
        .append(style.suppressed_mark())
        .append(" suppressed by ")
        .append(finding.suppression->by);
    if (!finding.suppression->reason.empty())
      out.append(": ").append(printable(finding.suppression->reason));
    if (!finding.suppression->expires.empty())
      out.append(" (until ").append(finding.suppression->expires).append(")");
  }
  out.append("\n    ").append(wrap(printable(finding.message), style.width, "    ")).append("\n");
  write_source(out, finding.where, style);
}

void write_group(std::string& out, const Finding* first, const Finding* last, const Style& style,
                 const RenderContext& context) {
  const auto count = static_cast<std::size_t>(last - first);
  const auto verdict =
      std::string(style.mark(first->severity)) + ' ' + std::string(severity_name(first->severity));
  const auto taken = utf8_length(verdict) + first->code.size() + 2;
  out.append(style.paint(tone_of(first->severity), verdict));
  out.append(" ")
      .append(style.paint(Tone::name, first->code))
      .append(" ")
      .append(wrap(printable(first->title.empty() ? first->slug : first->title), style.width,
                   "    ", taken));
  if (count > 1) out.append(style.paint(Tone::aside, " (" + std::to_string(count) + " places)"));
  out += '\n';
  for (const auto* finding = first; finding != last; ++finding) write_finding(out, *finding, style);
  for (const auto& remedy : first->remedy)
    if (!remedy.empty())
      out.append("  fix:  ").append(wrap(printable(remedy), style.width, "        ")).append("\n");
  out.append("  more: ")
      .append(style.paint(Tone::aside, context.program + " explain " + first->code))
      .append("\n\n");
}

void write_unknowns(std::string& out, const FindingSet& set, const Style& style,
                    const RenderContext& context, Details details) {
  std::map<std::pair<std::string, std::string>, std::vector<const Unknown*>> groups;
  std::size_t offline = 0;
  for (const auto& unknown : set.unknown) {
    if (unknown.offline && details == Details::folded)
      ++offline;
    else
      groups[{unknown.code, unknown.why}].push_back(&unknown);
  }
  constexpr std::size_t kShown = 5;
  for (const auto& [key, unknowns] : groups) {
    out.append(style.paint(Tone::attention, style.unknown_mark()))
        .append(" ")
        .append(style.paint(Tone::name, key.first));
    const auto& slug = unknowns.front()->slug;
    const auto taken = key.first.size() + slug.size() + 5;
    out.append(" ")
        .append(slug)
        .append(": ")
        .append(wrap(printable(key.second), style.width, "    ", taken))
        .append("\n");
    for (std::size_t i = 0; i < unknowns.size() && (details == Details::all || i < kShown); ++i)
      if (!unknowns[i]->object.empty())
        out.append("    ").append(printable(unknowns[i]->object.label())).append("\n");
    if (details == Details::folded && unknowns.size() > kShown)
      out.append("    and ")
          .append(std::to_string(unknowns.size() - kShown))
          .append(" more (-v lists them)\n");
  }
  if (offline != 0) {
    const auto lister = context.program + " " + context.command + " -v";
    const auto sentence =
        wrap(plural(offline, "check needs", "checks need") +
                 " Azure or a live cluster and could not look: " + lister + " lists them",
             style.width, "  ");
    out.append(style.paint(Tone::attention, style.unknown_mark()))
        .append(" ")
        .append(replace_all(sentence, lister, style.paint(Tone::aside, lister)))
        .append("\n");
  }
  if (!groups.empty() || offline != 0) out += '\n';
}

}  // namespace

std::string summary_line(const FindingSet& set) {
  std::string out = plural(set.count(Severity::error), "error") + ", " +
                    plural(set.count(Severity::warning), "warning") + ", " +
                    plural(set.count(Severity::info), "note") + " in " +
                    plural(set.objects, "object") + " of ";
  if (set.files > 0 || set.live.empty()) out += plural(set.files, "file");
  if (!set.live.empty()) out += (set.files > 0 ? " and " : "") + set.live;
  if (set.suppressed != 0) out += "; " + std::to_string(set.suppressed) + " suppressed";
  if (set.hidden != 0) out += "; " + std::to_string(set.hidden) + " below --show-from";
  if (!set.complete) out += "; incomplete: not all input could be read";
  return out;
}

std::string render_text(const FindingSet& set, const Style& style, const RenderContext& context,
                        Details details) {
  std::string out;
  const auto* begin = set.findings.data();
  const auto* end = begin + set.findings.size();
  while (begin != end) {
    const auto* last = std::find_if(begin, end, [&](const Finding& finding) {
      return finding.code != begin->code || finding.severity != begin->severity ||
             finding.remedy != begin->remedy;
    });
    write_group(out, begin, last, style, context);
    begin = last;
  }
  for (const auto& part : set.unavailable)
    out.append(style.paint(Tone::attention, style.unknown_mark()))
        .append(" ")
        .append(wrap("could not read " + printable(part.what) + ": " + printable(part.why),
                     style.width, "  "))
        .append("\n\n");
  write_unknowns(out, set, style, context, details);
  if (details == Details::all)
    for (const auto& check : set.checks)
      if (check.verdict == Verdict::pass)
        out.append(style.paint(Tone::done, style.pass_mark()))
            .append(" ")
            .append(check.code)
            .append(" ")
            .append(check.slug)
            .append("\n");
  // Nothing is well where nothing could be looked at.
  const bool looked = set.checks.empty() ||
                      std::any_of(set.checks.begin(), set.checks.end(), [](const auto& check) {
                        return check.verdict != Verdict::unknown;
                      });
  const bool clean =
      set.findings.empty() && !set.failed && set.complete && set.unavailable.empty() && looked;
  return out.append(clean ? style.paint(Tone::done, style.pass_mark()) + " " : "")
      .append(wrap(summary_line(set), style.width, "  "))
      .append("\n");
}

}  // namespace aksmesh::report
