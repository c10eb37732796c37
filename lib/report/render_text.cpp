// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "base/printable.hpp"
#include "report/render.hpp"
#include "report/table.hpp"

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

/// The same in one line, for those who only want to know what is wrong.
void write_brief(std::string& out, const Finding* first, const Finding* last, const Style& style) {
  const std::string title(first->title.empty() ? first->slug : first->title);
  out.append(style.paint(tone_of(first->severity),
                         std::string(style.mark(first->severity)) + ' ' + first->code))
      .append(" ")
      .append(printable(title))
      .append(": ")
      .append(printable(first->object.label()));
  if (const auto more = last - first - 1; more > 0)
    out.append(" and ").append(std::to_string(more)).append(" more");
  out += '\n';
}

void write_findings(std::string& out, const Finding* begin, const Finding* end, const Style& style,
                    const RenderContext& context, Details details) {
  while (begin != end) {
    const auto* last = std::find_if(begin, end, [&](const Finding& finding) {
      return finding.code != begin->code || finding.severity != begin->severity ||
             (details != Details::brief && finding.remedy != begin->remedy);
    });
    if (details == Details::brief)
      write_brief(out, begin, last, style);
    else
      write_group(out, begin, last, style, context);
    begin = last;
  }
}

using Unknowns = std::vector<const Unknown*>;

void write_unknowns(std::string& out, const Unknowns& unknowns, const Style& style,
                    Details details) {
  std::map<std::pair<std::string, std::string>, Unknowns> groups;
  for (const auto* unknown : unknowns) groups[{unknown->code, unknown->why}].push_back(unknown);
  constexpr std::size_t kShown = 5;
  for (const auto& [key, group] : groups) {
    out.append(style.paint(Tone::attention, style.unknown_mark()))
        .append(" ")
        .append(style.paint(Tone::name, key.first));
    const auto& slug = group.front()->slug;
    const auto taken = key.first.size() + slug.size() + 5;
    out.append(" ")
        .append(slug)
        .append(": ")
        .append(wrap(printable(key.second), style.width, "    ", taken))
        .append("\n");
    if (details == Details::brief) continue;
    for (std::size_t i = 0; i < group.size() && (details == Details::all || i < kShown); ++i)
      if (!group[i]->object.empty())
        out.append("    ").append(printable(group[i]->object.label())).append("\n");
    if (details == Details::folded && group.size() > kShown)
      out.append("    and ")
          .append(std::to_string(group.size() - kShown))
          .append(" more (-v lists them)\n");
  }
}

/// What the chosen input can never tell is only counted, unless everything is wanted.
void write_offline(std::string& out, const Unknowns& offline, const Style& style) {
  std::set<std::string_view> needs;
  std::size_t needy = 0;
  for (const auto* unknown : offline) {
    if (unknown->needs.empty()) continue;
    ++needy;
    needs.insert(unknown->needs);
  }
  const auto tell = [&](const std::string& sentence) {
    out.append(style.paint(Tone::attention, style.unknown_mark()))
        .append(" ")
        .append(wrap(sentence + " (-v lists them)", style.width, "  ", 2))
        .append("\n");
  };
  if (needy > 0)
    tell(plural(needy, "check needs", "checks need") + ' ' +
         join({needs.begin(), needs.end()}, " or ") + " and could not look");
  if (const auto others = offline.size() - needy; others > 0)
    tell(plural(others, "check", "checks") + " could not look");
}

void write_passed(std::string& out, const CheckResult& check, const Style& style) {
  if (check.verdict == Verdict::pass)
    out.append(style.paint(Tone::done, style.pass_mark()))
        .append(" ")
        .append(check.code)
        .append(" ")
        .append(check.slug)
        .append("\n");
}

/// The unknowns that are told one by one, and those that are not.
std::pair<Unknowns, Unknowns> told_unknowns(const FindingSet& set, Details details) {
  std::pair<Unknowns, Unknowns> out;
  for (const auto& unknown : set.unknown)
    (unknown.offline && details != Details::all ? out.second : out.first).push_back(&unknown);
  return out;
}

/// Where a whole kind of input is missing, many checks say the same: it is said once.
void fold_unknowns(std::string& out, Unknowns& unknowns, const Style& style) {
  constexpr std::size_t kMany = 3;
  std::map<std::string, std::set<std::string_view>> codes;
  for (const auto* unknown : unknowns)
    if (unknown->object.empty()) codes[unknown->why].insert(unknown->code);
  for (const auto& [why, of] : codes)
    if (of.size() >= kMany)
      out.append(style.paint(Tone::attention, style.unknown_mark()))
          .append(" ")
          .append(wrap(plural(of.size(), "check") + ": " + printable(why) + " (-v lists them)",
                       style.width, "  ", 2))
          .append("\n");
  std::erase_if(unknowns, [&](const Unknown* unknown) {
    return unknown->object.empty() && codes[unknown->why].size() >= kMany;
  });
}

/// One category: its heading, what is wrong, what is not known, and how many checks passed.
void write_category(std::string& out, const std::string& category, const std::string& heading,
                    const FindingSet& set, const Unknowns& unknowns, const Style& style,
                    const RenderContext& context, Details details) {
  std::map<std::string_view, const CheckResult*> checks;
  std::size_t passed = 0;
  for (const auto& check : set.checks)
    if (check.category == category) {
      checks.emplace(check.code, &check);
      passed += check.verdict == Verdict::pass ? 1 : 0;
    }
  std::vector<Finding> findings;
  for (const auto& finding : set.findings)
    if (checks.contains(finding.code)) findings.push_back(finding);
  Unknowns open;
  for (const auto* unknown : unknowns)
    if (checks.contains(unknown->code)) open.push_back(unknown);
  if (findings.empty() && open.empty() && passed == 0) return;
  out.append(style.paint(Tone::name, heading)).append("\n");
  write_findings(out, findings.data(), findings.data() + findings.size(), style, context, details);
  if (details == Details::folded) fold_unknowns(out, open, style);
  write_unknowns(out, open, style, details);
  if (details == Details::all)
    for (const auto& [code, check] : checks) write_passed(out, *check, style);
  else if (passed > 0)
    out.append(style.paint(Tone::done, style.pass_mark()))
        .append(" ")
        .append(plural(passed, "check passed", "checks passed"))
        .append("\n");
  if (!out.ends_with("\n\n")) out += '\n';
}

void write_unavailable(std::string& out, const FindingSet& set, const Style& style,
                       Details details) {
  for (const auto& part : set.unavailable)
    out.append(style.paint(Tone::attention, style.unknown_mark()))
        .append(" ")
        .append(wrap("could not read " + printable(part.what) + ": " + printable(part.why),
                     style.width, "  "))
        .append(details == Details::brief ? "\n" : "\n\n");
}

void write_in_categories(std::string& out, const FindingSet& set, const Style& style,
                         const RenderContext& context, Details details) {
  // Of documents that could not be read no check tells.
  std::set<std::string_view> known;
  for (const auto& check : set.checks) known.insert(check.code);
  std::vector<Finding> others;
  for (const auto& finding : set.findings)
    if (!known.contains(finding.code)) others.push_back(finding);
  write_findings(out, others.data(), others.data() + others.size(), style, context, details);
  const auto [unknowns, offline] = told_unknowns(set, details);
  for (const auto& [category, heading] : context.headings)
    write_category(out, category, heading, set, unknowns, style, context, details);
  write_unavailable(out, set, style, details);
  if (offline.empty()) return;
  write_offline(out, offline, style);
  out += '\n';
}

void write_flat(std::string& out, const FindingSet& set, const Style& style,
                const RenderContext& context, Details details) {
  write_findings(out, set.findings.data(), set.findings.data() + set.findings.size(), style,
                 context, details);
  write_unavailable(out, set, style, details);
  const auto [unknowns, offline] = told_unknowns(set, details);
  write_unknowns(out, unknowns, style, details);
  write_offline(out, offline, style);
  if ((!unknowns.empty() || !offline.empty()) && details != Details::brief) out += '\n';
  if (details == Details::all)
    for (const auto& check : set.checks) write_passed(out, check, style);
}

/// Each object of the mesh that is left; those that stay as they are are only counted.
void write_migration(std::string& out, const FindingSet& set, const Style& style, Details details) {
  if (set.migration.empty()) return;
  Table table{.columns = {{"VERDICT"}, {"OBJECT"}, {"WHY", 1}}, .rows = {}};
  std::size_t kept = 0;
  for (const auto& one : set.migration) {
    const bool stays = one.verdict == Migration::Verdict::keep;
    kept += stays ? 1 : 0;
    if (!stays || details == Details::all)
      table.rows.push_back(
          {std::string(migration_name(one.verdict)), printable(one.object.label()),
           printable_line(join(one.codes, ",") + (one.codes.empty() ? "" : " ") + one.why)});
  }
  out.append(style.paint(Tone::name, "Objects")).append("\n");
  if (!table.rows.empty()) out.append(render_table(table, style, Headers::shown));
  if (kept > 0 && details != Details::all)
    out.append(plural(kept, "object is", "objects are"))
        .append(" kept as they are (-v lists them)\n");
  out += '\n';
}

}  // namespace

std::string summary_line(const FindingSet& set) {
  std::string out = plural(set.count(Severity::error), "error") + ", " +
                    plural(set.count(Severity::warning), "warning") + ", " +
                    plural(set.count(Severity::info), "note") + " in " +
                    plural(set.objects, "object") + " of ";
  if (set.files > 0 || set.live.empty()) out += plural(set.files, "file");
  if (!set.live.empty()) out += (set.files > 0 ? " and " : "") + printable_line(set.live);
  if (set.suppressed != 0) out += "; " + std::to_string(set.suppressed) + " suppressed";
  if (set.hidden != 0) out += "; " + std::to_string(set.hidden) + " below --show-from";
  if (!set.complete) out += "; incomplete: not all input could be read";
  return out;
}

std::string render_text(const FindingSet& set, const Style& style, const RenderContext& context,
                        Details details) {
  std::string out;
  if (context.headings.empty())
    write_flat(out, set, style, context, details);
  else
    write_in_categories(out, set, style, context, details);
  write_migration(out, set, style, details);
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
