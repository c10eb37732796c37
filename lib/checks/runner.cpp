// SPDX-License-Identifier: Apache-2.0
#include "checks/runner.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <set>
#include <tuple>

#include "base/strings.hpp"
#include "checks/fold.hpp"
#include "checks/mesh_status.hpp"
#include "checks/teller.hpp"
#include "sys/parallel.hpp"

namespace aksmesh::checks {
namespace {

using report::Verdict;

Verdict verdict_of(const Findings& findings, const Facts& facts, const report::FindingSet& out,
                   std::size_t first) {
  if (findings.found() > 0) {
    const bool open =
        std::any_of(out.findings.begin() + static_cast<std::ptrdiff_t>(first), out.findings.end(),
                    [](const report::Finding& finding) { return !finding.suppression; });
    return open ? Verdict::findings : Verdict::suppressed;
  }
  if (findings.unknowns() > 0) return Verdict::unknown;
  return facts.saw_anything() ? Verdict::pass : Verdict::not_applicable;
}

Verdict not_looked(const Code& code, const std::string& why, std::string_view needs,
                   report::FindingSet& out) {
  out.unknown.push_back({.code = std::string(code.code),
                         .slug = std::string(code.slug),
                         .why = why,
                         .offline = true,
                         .needs = needs});
  return Verdict::unknown;
}

/// Why nothing can be said without a kind of the cluster that the check reads; empty when all could
/// be listed.
std::string why_blind(const Check& check, const Model& model) {
  if (check.one_by_one) return {};
  std::vector<std::string> reasons;
  for (const auto& [kind, why] : model.manifests().not_listed)
    if (check.reads.has(kind) && !check.does_without.has(kind) &&
        std::find(reasons.begin(), reasons.end(), why) == reasons.end())
      reasons.push_back(why);
  return join(reasons, "; ");
}

/// Whether a part of the input that a check looks at could not be read: lists of a cluster by their
/// kinds, while what is lost of a file may be anything.
class Losses {
 public:
  explicit Losses(const kube::Manifests& manifests)
      : manifests_(manifests), anything_(lost_anything(manifests)) {}
  [[nodiscard]] bool concern(const Check* check) const {
    if (check == nullptr || manifests_.complete) return false;
    return anything_ || std::any_of(manifests_.not_listed.begin(), manifests_.not_listed.end(),
                                    [&](const auto& one) { return check->reads.has(one.first); });
  }

 private:
  static bool lost_anything(const kube::Manifests& manifests) {
    if (!manifests.misfits.empty()) return true;
    const auto& missing = manifests.unavailable;
    if (std::any_of(missing.begin(), missing.end(),
                    [](const auto& part) { return part.kind == kube::Kind::other; }))
      return true;
    return std::any_of(manifests.files.begin(), manifests.files.end(), [](const auto& file) {
      return std::any_of(file.problems.begin(), file.problems.end(),
                         [](const auto& problem) { return problem.document_lost; });
    });
  }

  const kube::Manifests& manifests_;
  bool anything_;
};

Verdict not_seen(const Code& code, const std::string& why, report::FindingSet& out) {
  out.unknown.push_back(
      {.code = std::string(code.code), .slug = std::string(code.slug), .why = why});
  return Verdict::unknown;
}

Verdict run_one(const Code& code, const mesh::Limitation& limitation, const Model& model,
                const mesh::Policy& policy, report::FindingSet& out) {
  if (!limitation.recorded)
    return not_looked(code, "what policy " + policy.id() + " said of this is not recorded", {},
                      out);
  const auto* check = find_check(code.slug);
  if (check == nullptr) {
    if (limitation.severity.empty()) return Verdict::not_applicable;
    if (limitation.needs_azure_only)
      return not_looked(code, "needs the cluster's Azure resource", "Azure", out);
    if (model.manifests().whole.empty())
      return not_looked(code, "needs a live cluster", "a live cluster", out);
    return not_looked(code, "is not built yet for a live cluster", {}, out);
  }
  if (const auto why = why_blind(*check, model); !why.empty()) return not_seen(code, why, out);
  Facts facts(model, &limitation, check->reads);
  if (check->concerns != nullptr && !check->concerns(facts)) return Verdict::not_applicable;
  Findings findings(&limitation, code.code, code.slug, out);
  const auto first = out.findings.size();
  check->run(facts, findings);
  return verdict_of(findings, facts, out, first);
}

void add_result(const Code& code, Verdict verdict, report::FindingSet& out) {
  out.checks.push_back({.code = std::string(code.code),
                        .slug = std::string(code.slug),
                        .category = std::string(category_of(code.code)),
                        .verdict = verdict});
}

/// Runs a check that is no limitation; it may report several codes.
void run_istio_check(const Check& check, const Model& model, const Selection& selection,
                     report::FindingSet& out) {
  const auto flavour = model.options().flavour;
  std::vector<const Code*> wanted;
  for (const auto* code : codes_of(check))
    if (code->applies(flavour) && selection.wants(*code, &check)) wanted.push_back(code);
  if (wanted.empty()) return;
  const auto first = out.findings.size();
  const auto first_unknown = out.unknown.size();
  if (const auto why = why_blind(check, model); !why.empty()) {
    for (const auto* code : wanted) add_result(*code, not_seen(*code, why, out), out);
    return;
  }
  const bool single = check.codes.empty();
  Facts facts(model, nullptr, check.reads);
  if (check.concerns != nullptr && !check.concerns(facts)) {
    for (const auto* code : wanted) add_result(*code, Verdict::not_applicable, out);
    return;
  }
  Findings findings(nullptr, single ? wanted.front()->code : std::string_view{},
                    single ? wanted.front()->slug : std::string_view{}, out, flavour);
  check.run(facts, findings);
  const auto unwanted = [&](const auto& item) {
    return std::none_of(wanted.begin(), wanted.end(),
                        [&](const Code* code) { return code->code == item.code; });
  };
  const auto found = out.findings.begin() + static_cast<std::ptrdiff_t>(first);
  out.findings.erase(std::remove_if(found, out.findings.end(), unwanted), out.findings.end());
  const auto asked = out.unknown.begin() + static_cast<std::ptrdiff_t>(first_unknown);
  out.unknown.erase(std::remove_if(asked, out.unknown.end(), unwanted), out.unknown.end());
  for (const auto* code : wanted) {
    auto verdict = facts.saw_anything() ? Verdict::pass : Verdict::not_applicable;
    for (auto i = first_unknown; i < out.unknown.size(); ++i)
      if (out.unknown[i].code == code->code) verdict = Verdict::unknown;
    for (auto i = first; i < out.findings.size(); ++i)
      if (out.findings[i].code == code->code && verdict != Verdict::findings)
        verdict = out.findings[i].suppression ? Verdict::suppressed : Verdict::findings;
    add_result(*code, verdict, out);
  }
}

/// What is to be run, in the order in which results are put together. A task sees the model alone
/// and writes to a set of its own, so any number of them may run at once.
using Task = std::function<void(report::FindingSet&)>;

std::vector<Task> tasks_of(const Model& model, const mesh::Policy& policy,
                           const Selection& selection) {
  std::vector<Task> tasks;
  const Losses losses(model.manifests());
  const auto add = [&](const Check* check, Task task) {
    tasks.push_back([task = std::move(task), partial = losses.concern(check)](auto& out) {
      task(out);
      for (auto& result : out.checks) result.partial = partial;
    });
  };
  for (const auto& code : codes()) {
    // Plain Istio has none of the add-on's limitations.
    if (policy.is_upstream() || code.retired || !selection.wants(code, nullptr)) continue;
    if (teller_of(code) == Teller::page) continue;  // nothing can be said of it
    if (teller_of(code) == Teller::istiods) {
      // Who names it wants to know that objects do not tell it.
      if (!selection.codes.empty())
        add(nullptr, [&](report::FindingSet& out) {
          add_result(code,
                     not_looked(code, "needs the istiods, which `check` asks", "the istiods", out),
                     out);
        });
      continue;
    }
    const auto* check = find_check(code.slug);
    if (check != nullptr && !selection.wants(*check)) continue;
    // Codes without an entry are no limitations.
    if (const auto* limitation = policy.find(code.slug))
      add(check, [&, limitation](report::FindingSet& out) {
        add_result(code, run_one(code, *limitation, model, policy, out), out);
      });
  }
  for (const auto* check : catalogue())
    if (!is_limitation(*check) && selection.wants(*check))
      add(check,
          [&, check](report::FindingSet& out) { run_istio_check(*check, model, selection, out); });
  return tasks;
}

void run_all(const std::vector<Task>& tasks, report::FindingSet& out) {
  std::vector<report::FindingSet> sets(tasks.size());
  sys::parallel_for(tasks.size(), 0, [&](std::size_t i) { tasks[i](sets[i]); });
  const auto append = [](auto& to, auto& from) {
    std::move(from.begin(), from.end(), std::back_inserter(to));
    from = {};
  };
  auto count = out.findings.size();
  for (const auto& set : sets) count += set.findings.size();
  out.findings.reserve(count);
  for (auto& set : sets) {
    append(out.findings, set.findings);
    append(out.unknown, set.unknown);
    append(out.checks, set.checks);
  }
}

/// Several analyzers report one code: the weightiest verdict counts.
void merge_results(report::FindingSet& out) {
  const auto weight = [](Verdict verdict) {
    switch (verdict) {
      case Verdict::findings: return 4;
      case Verdict::unknown: return 3;
      case Verdict::suppressed: return 2;
      case Verdict::pass: return 1;
      case Verdict::not_applicable: break;
    }
    return 0;
  };
  std::map<std::string, report::CheckResult> by_code;
  for (auto& result : out.checks) {
    const auto [at, is_new] = by_code.try_emplace(result.code, result);
    if (!is_new && weight(result.verdict) > weight(at->second.verdict))
      at->second.verdict = result.verdict;
    at->second.partial = at->second.partial || result.partial;
  }
  out.checks.clear();
  for (auto& [code, result] : by_code) out.checks.push_back(std::move(result));
}

/// One thing that several rules say in the same words about the same place is said once. To
/// istioctl a place is a line.
void drop_repeated(mesh::Flavour flavour, report::FindingSet& out) {
  std::set<std::tuple<std::string, std::string, std::string, std::string, std::uint32_t,
                      std::uint32_t, std::string, std::string>>
      seen;
  const bool by_line = flavour == mesh::Flavour::upstream;
  std::erase_if(out.findings, [&](const report::Finding& finding) {
    const auto& where = finding.where;
    return !seen.emplace(finding.code, finding.object.cluster, finding.object.text(), where.file,
                         where.line, by_line ? 0 : where.column, by_line ? "" : where.path,
                         finding.message)
                .second;
  });
  std::set<std::tuple<std::string, std::string, std::string>> asked;
  std::erase_if(out.unknown, [&](const report::Unknown& unknown) {
    return !asked.emplace(unknown.code, unknown.object.text(), unknown.why).second;
  });
}

}  // namespace

bool Selection::wants(const Check& check) const {
  if (codes.empty() && checks.empty()) return check.runs == Runs::always;
  if (std::find(checks.begin(), checks.end(), &check) != checks.end()) return true;
  const auto reported = codes_of(check);
  return std::any_of(reported.begin(), reported.end(),
                     [&](const Code* code) { return wants(*code, nullptr); });
}

bool Selection::wants(const Code& code, const Check* by) const {
  if (codes.empty() && checks.empty()) return true;
  return std::find(codes.begin(), codes.end(), code.code) != codes.end() ||
         (by != nullptr && std::find(checks.begin(), checks.end(), by) != checks.end());
}

namespace {

/// Finds lines of a text, each from the one before, so that many close to each other cost little.
class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text) {}
  /// From the beginning of the line to the end of the text.
  std::string_view from(std::uint32_t line) {
    for (; line_ < line; ++line_) {
      const auto end = text_.find('\n', begin_);
      begin_ = end == std::string_view::npos ? text_.size() : end + 1;
    }
    for (; line_ > line; --line_) {
      // At the end of the text there may be lines that it does not have.
      const auto end = begin_ < 2 ? std::string_view::npos : text_.rfind('\n', begin_ - 2);
      begin_ = end == std::string_view::npos ? 0 : end + 1;
    }
    return text_.substr(begin_);
  }

 private:
  std::string_view text_;
  std::uint32_t line_ = 1;
  std::size_t begin_ = 0;
};

/// The text of a line as far as it can be shown.
std::string shown_line(std::string_view text) {
  constexpr std::size_t kLongest = 200;
  text = text.substr(0, std::min<std::size_t>(text.find('\n'), kLongest));
  while (text.ends_with('\r')) text.remove_suffix(1);
  const bool fine = find_invalid_utf8(text) == std::string_view::npos &&
                    text.find('\0') == std::string_view::npos;
  return fine ? std::string(text) : std::string{};
}

}  // namespace

void add_input_findings(const kube::Manifests& manifests, report::FindingSet& out) {
  const kube::InputFile* current = nullptr;
  Lines lines({});
  const auto add = [&](std::string_view slug, const kube::InputFile& file, const data::Mark& mark,
                       std::string message, std::string remedy) {
    const auto* code = find_code(slug);
    report::Finding finding{.code = std::string(code->code),
                            .slug = std::string(slug),
                            .title = std::string(code->title),
                            .message = std::move(message)};
    finding.severity = report::parse_severity(code->severity).value_or(report::Severity::error);
    finding.object.cluster = file.cluster;
    finding.where = {.file = file.name, .line = mark.line, .column = mark.column};
    if (file.tree != nullptr && mark.line != 0) {
      if (current != &file) lines = Lines(file.tree->source());
      current = &file;
      finding.where.source_line = shown_line(lines.from(mark.line));
    }
    finding.arguments = {{"problem", finding.message}};
    finding.remedy.push_back(std::move(remedy));
    out.findings.push_back(std::move(finding));
  };
  for (const auto& file : manifests.files) {
    if (file.problems.empty()) continue;
    // Unrendered chart templates are the most common "broken YAML".
    const bool chart =
        file.tree != nullptr && file.tree->source().find("{{") != std::string_view::npos;
    for (const auto& problem : file.problems) {
      switch (problem.kind) {
        case data::Problem::Kind::syntax:
          add("unparsable-document", file, problem.mark, problem.what,
              chart ? "this looks like a chart template; render it first: helm template RELEASE "
                      "CHART | aksmesh analyze -"
                    : problem.next);
          break;
        case data::Problem::Kind::duplicate_key:
          add("duplicate-key", file, problem.mark, problem.what, problem.next);
          break;
        case data::Problem::Kind::limit:
          add("limit-exceeded", file, problem.mark, problem.what, problem.next);
          break;
        case data::Problem::Kind::encoding:
          add("not-text", file, problem.mark, problem.what, problem.next);
          break;
      }
    }
  }
  for (const auto& misfit : manifests.misfits) {
    const auto place = misfit.node.key() ? misfit.node.key() : misfit.node;
    add("not-an-object", *misfit.file, place.mark(), misfit.what,
        "write it as a Kubernetes object: apiVersion, kind and metadata.name");
  }
  for (const auto& part : manifests.unavailable) out.unavailable.push_back({part.what, part.why});
  out.complete = out.complete && manifests.complete;
}

Selection of_phase(const mesh::Policy& policy, std::string_view phase) {
  Selection out;
  for (const auto& code : codes()) {
    const auto teller = teller_of(code);
    if (code.retired || teller == Teller::service || teller == Teller::page) continue;
    const auto* limitation = policy.find(code.slug);
    const auto& phases = limitation == nullptr ? code.phases : limitation->phases;
    if (std::find(phases.begin(), phases.end(), phase) != phases.end())
      out.codes.emplace_back(code.code);
  }
  return out;
}

KindSet Selection::reads() const {
  KindSet out;
  for (const auto* check : catalogue())
    if (wants(*check)) out = out | check->reads;
  // What the istiods tell is told of pods.
  const auto of_istiods = [](const std::string& name) {
    const auto* code = find_code(name);
    return code != nullptr && teller_of(*code) == Teller::istiods;
  };
  if (std::any_of(codes.begin(), codes.end(), of_istiods)) out = out | kStatusKinds;
  return out;
}

report::FindingSet run_checks(const Model& model, const mesh::Policy& policy,
                              const Selection& selection) {
  report::FindingSet out;
  add_input_findings(model.manifests(), out);
  run_all(tasks_of(model, policy, selection), out);
  merge_results(out);
  drop_repeated(model.options().flavour, out);
  fold(out.findings, model.options().flavour);
  out.objects = model.manifests().objects.size();
  const auto& files = model.manifests().files;
  out.files = static_cast<std::size_t>(
      std::count_if(files.begin(), files.end(), [](const auto& file) { return !file.live; }));
  report::sort_findings(out.findings);
  return out;
}

}  // namespace aksmesh::checks
