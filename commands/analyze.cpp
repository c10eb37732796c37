// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "analyze_inputs.hpp"
#include "analyze_options.hpp"
#include "base/strings.hpp"
#include "checks/code_lookup.hpp"
#include "checks/runner.hpp"
#include "checks/suppress.hpp"
#include "command.hpp"
#include "data/resources.hpp"
#include "findings_outcome.hpp"
#include "mesh/mesh_config_fields.hpp"

namespace aksmesh::commands {
namespace {

constexpr std::string_view kBuiltInPolicy = "lib/mesh/tables/limitations.json";

/// Codes, slugs, and analyzers by the names that istioctl gives them.
Result<checks::Selection> select_checks(const std::vector<std::string>& names,
                                        const std::string& program) {
  checks::Selection out;
  std::vector<std::string> codes;
  for (const auto& name : names) {
    const auto* check = checks::find_code(name) == nullptr ? checks::find_analyzer(name) : nullptr;
    if (check == nullptr)
      codes.push_back(name);
    else
      out.checks.push_back(check);
  }
  checks::CodeWords words{
      .what = "unknown check",
      .list = program + " checks   (lists all)",
      .retry = [](const std::string&, const std::string& near) { return "--only " + near; }};
  for (const auto* check : checks::catalogue())
    if (!check->analyzer.empty()) words.also.emplace_back(check->analyzer);
  AK_TRY(const auto found, checks::find_codes(codes, words));
  for (const auto* code : found) out.codes.emplace_back(code->code);
  return out;
}

Status apply_limit(const std::string& text, data::Limits& limits) {
  const std::array<std::pair<std::string_view, std::uint64_t*>, 6> known{
      {{"file", &limits.file},
       {"document", &limits.document},
       {"scalar", &limits.scalar},
       {"depth", &limits.depth},
       {"expansion", &limits.expansion},
       {"files", &limits.files}}};
  const auto equals = text.find('=');
  const auto digits =
      equals == std::string::npos ? std::string_view{} : std::string_view(text).substr(equals + 1);
  const bool number = !digits.empty() && digits.size() < 19 &&
                      digits.find_first_not_of("0123456789") == std::string_view::npos;
  for (const auto& [name, target] : known) {
    if (!number || std::string_view(text).substr(0, equals) != name) continue;
    *target = std::stoull(std::string(digits));
    if (name == "depth" && *target > 10'000) break;
    // Places are kept in 32 bits.
    if (name == "file" && *target > (4ULL << 30U) - 1) break;
    return Done{};
  }
  return Error{.kind = ErrorKind::usage,
               .what = "--limit " + text + " is not understood",
               .why =
                   "it takes NAME=N with NAME one of file (up to 4294967295), document, scalar, "
                   "depth (up to 10000), expansion, files"};
}

Result<mesh::Model::Options> model_options(const AnalyzeOptions& o, const mesh::Policy& policy,
                                           const Context& context) {
  mesh::Model::Options out;
  out.today = context.clock.today();
  out.flavour = policy.is_upstream() ? mesh::Flavour::upstream : mesh::Flavour::addon;
  out.control_plane_namespace = o.istio_namespace;
  for (const auto& text : o.revisions) {
    for (const auto part : split(text, ',')) {
      const auto revision = parse_revision(trim(part));
      if (!revision)
        return Error{.kind = ErrorKind::usage,
                     .what = "--revision " + std::string(part) + " is no revision of the add-on",
                     .why = "revisions are written asm-X-Y",
                     .next = {"--revision asm-1-29"}};
      out.revisions.push_back(*revision);
    }
  }
  if (!o.kubernetes_version.empty()) {
    out.kubernetes_version = parse_version(o.kubernetes_version);
    if (!out.kubernetes_version)
      return Error{.kind = ErrorKind::usage,
                   .what = "--kubernetes-version " + o.kubernetes_version + " is no version",
                   .next = {"--kubernetes-version 1.34"}};
  }
  for (const auto& limit : o.limits) AK_CHECK(apply_limit(limit, out.limits));
  return out;
}

Result<checks::Suppressions> read_suppressions(const AnalyzeOptions& o, const Context& context) {
  checks::Suppressions out;
  out.today = context.clock.today();
  out.show = o.show_suppressed;
  AK_TRY(out.rules, checks::parse_suppress(o.suppress, context.program));
  // A baseline that is to be written anew may exist already; its reasons are kept.
  const bool rewrite = o.baseline.empty() && !o.write_baseline.empty();
  const auto& path = rewrite ? o.write_baseline : o.baseline;
  if (path.empty()) return out;
  auto text = context.files.read(path, data::Limits{}.file);
  if (!text && rewrite && text.error().kind == ErrorKind::not_found) return out;
  if (!text) {
    auto error = std::move(text).error();
    error.kind = ErrorKind::usage;
    return error;
  }
  AK_TRY(out.baseline, checks::read_baseline(path, std::move(*text)));
  return out;
}

report::Severity severity_option(const std::string& text) {
  return report::parse_severity(to_lower(text)).value_or(report::Severity::error);
}

/// The exit verdict of a finished run; findings below --show-from still count.
Verdict verdict_of(const report::FindingSet& set, const AnalyzeOptions& o) {
  const bool never = o.fail_on == "never";
  const auto threshold = severity_option(o.fail_on);
  const bool reached =
      !never &&
      std::any_of(set.findings.begin(), set.findings.end(), [&](const report::Finding& finding) {
        return !finding.suppression && finding.severity >= threshold;
      });
  if (reached) return Verdict::findings;
  if (!set.complete || (o.fail_on_unknown && !set.unknown.empty())) return Verdict::could_not_look;
  return Verdict::done;
}

void keep_namespace(report::FindingSet& set, const std::string& name_space) {
  if (name_space.empty()) return;
  std::erase_if(set.findings, [&](const report::Finding& finding) {
    const auto& object = finding.object;
    const bool of_namespace = object.name_space == name_space ||
                              (object.kind == "Namespace" && object.name == name_space);
    return !object.empty() && !of_namespace;
  });
  std::erase_if(set.unknown, [&](const report::Unknown& unknown) {
    return !unknown.object.name_space.empty() && unknown.object.name_space != name_space;
  });
}

std::string default_namespace(const AnalyzeOptions& o, const mesh::Policy& policy) {
  if (!o.name_space.empty()) return o.name_space;
  // istioctl knows no default namespace when it is asked for all of them; results shall compare.
  return policy.is_upstream() && o.all_namespaces ? "" : "default";
}

std::vector<std::string> skipped_notes(const kube::Manifests& manifests) {
  if (manifests.skipped.empty()) return {};
  constexpr std::size_t kShown = 3;
  std::string out = plural(manifests.skipped.size(), "document is no Kubernetes object and was",
                           "documents are no Kubernetes objects and were") +
                    " skipped: ";
  for (std::size_t i = 0; i < manifests.skipped.size() && i < kShown; ++i)
    out += (i == 0 ? "" : ", ") + manifests.skipped[i];
  if (manifests.skipped.size() > kShown) out += ", ...";
  return {out};
}

Result<mesh::Policy> load_policy(const AnalyzeOptions& o, sys::Files& files) {
  if (o.policy_file.empty())
    return mesh::Policy::load(data::resource(kBuiltInPolicy), o.policy, "built-in");
  auto text = files.read(o.policy_file, data::Limits{}.document);
  if (text) return mesh::Policy::load(*text, o.policy, o.policy_file);
  auto error = std::move(text).error();
  error.kind = ErrorKind::usage;
  return error;
}

/// What the options come to.
struct Plan {
  std::vector<AnalyzeInput> inputs;
  mesh::Policy policy;
  mesh::Model::Options model;
  checks::Selection selection;
};

Result<Plan> make_plan(const AnalyzeOptions& o, const Context& context) {
  AK_TRY(auto inputs, analyze_inputs(o, context.program));
  AK_TRY(auto policy, load_policy(o, context.files));
  AK_TRY(auto model, model_options(o, policy, context));
  AK_TRY(auto selection, select_checks(o.only, context.program));
  return Plan{std::move(inputs), std::move(policy), std::move(model), std::move(selection)};
}

/// Runs the checks over each cluster for itself: what one cluster holds says nothing of another.
report::FindingSet run_checks(const AnalyzeOptions& o, const Plan& plan, sys::Files& files,
                              std::vector<std::string>& notes) {
  report::FindingSet all;
  for (const auto& input : plan.inputs) {
    kube::ReadOptions reading{.ignore = o.ignore,
                              .default_namespace = default_namespace(o, plan.policy),
                              .cluster = input.cluster,
                              .mesh_config_files = o.mesh_config_files,
                              .limits = plan.model.limits,
                              .is_mesh_config = mesh::looks_like_mesh_config};
    if (&input == &plan.inputs.front()) reading.other_files = o.mesh_network_files;
    auto manifests = kube::read_manifests(files, input.paths, reading);
    for (auto& note : skipped_notes(manifests)) notes.push_back(std::move(note));
    const mesh::Model model(std::move(manifests), plan.model);
    report::merge(all, checks::run_checks(model, plan.policy, plan.selection));
  }
  for (const auto& file : o.mesh_network_files)
    notes.push_back("mesh networks are not checked yet: " + file + " was read and no more");
  return all;
}

Result<OutcomePtr> run(const AnalyzeOptions& o, const Context& context) {
  AK_TRY(const auto plan, make_plan(o, context));
  AK_TRY(const auto suppressions, read_suppressions(o, context));

  std::vector<std::string> notes;
  auto set = run_checks(o, plan, context.files, notes);
  if (!o.all_namespaces) keep_namespace(set, o.name_space);
  if (!o.write_baseline.empty())
    AK_CHECK(
        context.files.write(o.write_baseline, checks::write_baseline(set, suppressions.baseline)));
  for (auto& note : checks::apply_suppressions(set, suppressions)) notes.push_back(std::move(note));
  const auto verdict = verdict_of(set, o);
  set.failed = verdict == Verdict::findings;
  const auto shown = severity_option(o.show_from);
  set.hidden = std::erase_if(
      set.findings, [&](const report::Finding& finding) { return finding.severity < shown; });

  auto outcome = std::make_unique<FindingsOutcome>(std::move(set), plan.policy, context, "analyze");
  outcome->verdict = verdict;
  outcome->notes = std::move(notes);
  return OutcomePtr(std::move(outcome));
}

constexpr std::array kExamples{
    Example{"aksmesh analyze manifests/", "What will the add-on refuse, ignore or break?"},
    Example{"aksmesh analyze --revision asm-1-29 --fail-on warning deploy.yaml",
            "Fail a pipeline from warnings on"},
    Example{"aksmesh analyze -o sarif --output-file aksmesh.sarif rendered/",
            "A report for code scanning"},
    Example{"aksmesh analyze --policy seed-2023 -",
            "Read standard input under the rules of 2024's general availability"},
};

}  // namespace

extern const Command analyze_command;
constinit const Command analyze_command = command<declare_analyze, run>(
    {.path = "analyze",
     .summary =
         "Tell what the add-on will refuse, ignore or break in manifests or exported objects",
     .page = "commands/analyze.md",
     .formats = Formats::findings,
     .examples = kExamples});

}  // namespace aksmesh::commands
