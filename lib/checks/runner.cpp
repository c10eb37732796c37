// SPDX-License-Identifier: Apache-2.0
#include "checks/runner.hpp"

#include <algorithm>

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

Verdict not_looked(const Code& code, const std::string& why, report::FindingSet& out) {
  out.unknown.push_back({.code = std::string(code.code),
                         .slug = std::string(code.slug),
                         .why = why,
                         .offline = true});
  return Verdict::unknown;
}

Verdict run_one(const Code& code, const mesh::Limitation& limitation, const Model& model,
                const mesh::Policy& policy, report::FindingSet& out) {
  if (!limitation.recorded)
    return not_looked(code, "what policy " + policy.id() + " said of this is not recorded", out);
  const auto* check = find_check(code.slug);
  if (check == nullptr) {
    if (limitation.severity.empty()) return Verdict::not_applicable;
    return not_looked(
        code,
        limitation.needs_azure_only ? "needs the cluster's Azure resource" : "needs a live cluster",
        out);
  }
  Facts facts(model, &limitation, check->reads);
  Findings findings(&limitation, code.code, code.slug, out);
  const auto first = out.findings.size();
  check->run(facts, findings);
  return verdict_of(findings, facts, out, first);
}

}  // namespace

void add_input_findings(const kube::Manifests& manifests, report::FindingSet& out) {
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
      // The line's text, found by counting: problems are rare, so it need not be fast.
      auto text = file.tree->source();
      for (std::uint32_t line = 1; line < mark.line; ++line)
        text.remove_prefix(std::min(text.size(), text.find('\n') + 1));
      text = text.substr(0, std::min<std::size_t>(text.find('\n'), 200));
      while (text.ends_with('\r')) text.remove_suffix(1);
      if (find_invalid_utf8(text) == std::string_view::npos &&
          text.find('\0') == std::string_view::npos)
        finding.where.source_line = text;
    }
    finding.arguments = {{"problem", finding.message}};
    finding.remedy.push_back(std::move(remedy));
    out.findings.push_back(std::move(finding));
  };
  for (const auto& file : manifests.files) {
    for (const auto& problem : file.problems) {
      switch (problem.kind) {
        case data::Problem::Kind::syntax: {
          // Unrendered chart templates are the most common "broken YAML".
          const bool chart =
              file.tree != nullptr && file.tree->source().find("{{") != std::string_view::npos;
          add("unparsable-document", file, problem.mark, problem.what,
              chart ? "this looks like a chart template; render it first: helm template RELEASE "
                      "CHART | aksmesh analyze -"
                    : problem.next);
          break;
        }
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

report::FindingSet run_checks(const Model& model, const mesh::Policy& policy,
                              const std::vector<std::string>& only) {
  report::FindingSet out;
  const auto wanted = [&](std::string_view code) {
    return only.empty() || std::find(only.begin(), only.end(), code) != only.end();
  };
  add_input_findings(model.manifests(), out);
  for (const auto& code : codes()) {
    if (code.retired || !wanted(code.code)) continue;
    const auto* limitation = policy.find(code.slug);
    // Plain Istio has none of the add-on's limitations; codes without an entry are about the input
    // and settled above.
    if (limitation == nullptr || policy.is_upstream()) continue;
    const auto verdict = run_one(code, *limitation, model, policy, out);
    out.checks.push_back({std::string(code.code), std::string(code.slug),
                          std::string(category_of(code.code)), verdict});
  }
  out.objects = model.manifests().objects.size();
  out.files = model.manifests().files.size();
  report::sort_findings(out.findings);
  return out;
}

}  // namespace aksmesh::checks
