// SPDX-License-Identifier: Apache-2.0
#include "analysis.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <string_view>

#include "analysis_plan.hpp"
#include "analysis_scope.hpp"
#include "base/error_kind.hpp"
#include "base/strings.hpp"
#include "checks/migration.hpp"
#include "kube/live_objects.hpp"
#include "mesh/mesh_config_fields.hpp"
#include "repair.hpp"
#include "repeated_objects.hpp"

namespace aksmesh::commands {
namespace {

report::Severity severity_option(const std::string& text) {
  return report::parse_severity(to_lower(text)).value_or(report::Severity::error);
}

/// Whether each check that was asked for by name needs what no input of this kind can hold.
bool nothing_could_look(const report::FindingSet& set, const AnalyzeOptions& o) {
  if (o.only.empty() || set.checks.empty()) return false;
  std::set<std::string_view> offline;
  for (const auto& unknown : set.unknown)
    if (unknown.offline) offline.insert(unknown.code);
  return std::all_of(set.checks.begin(), set.checks.end(), [&](const report::CheckResult& check) {
    return check.verdict == report::Verdict::unknown && offline.contains(check.code);
  });
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
  const bool counts_unknown = o.fail_on_unknown && !set.unknown.empty();
  if (!set.complete || counts_unknown || nothing_could_look(set, o)) return Verdict::could_not_look;
  return Verdict::done;
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

/// What one pass over the input found.
struct Pass {
  report::FindingSet set;
  std::vector<std::string> notes;
  std::string diff;  ///< what repairs change, or would
  std::size_t repaired = 0;
  std::size_t repaired_files = 0;
  std::string live{};  ///< the cluster that was looked at, for people
};

void add_notes(Pass& pass, std::vector<std::string> notes) {
  pass.notes.insert(pass.notes.end(), std::make_move_iterator(notes.begin()),
                    std::make_move_iterator(notes.end()));
}

enum class Repairing { off, show, write };

Error nothing_to_analyze(Error no_cluster, const std::string& program) {
  no_cluster.why = "no files are named, and " + no_cluster.what + ": " + no_cluster.why;
  no_cluster.what = "nothing to analyze";
  no_cluster.next.insert(no_cluster.next.begin(), program + " analyze manifests/");
  return no_cluster;
}

Result<kube::LiveObjects> read_live(const Analysis& analysis, const AnalyzeOptions& o,
                                    const AnalysisPlan& plan, const AnalyzeInput& input,
                                    const Context& context, Pass& pass) {
  const auto kinds = plan.selection.reads() |
                     (analysis.phase == "migrate" ? checks::kMigrationKinds : kube::KindSet{});
  if (analysis.read) return analysis.read(kinds, input.cluster, pass.live);
  auto opened = KubeSession::open(o.kube, context);
  // Neither files nor a cluster were named: it may well be that files were meant.
  if (const bool named = o.live || !o.kube.context.empty() || !o.kube.kubeconfig.empty();
      !opened && !named)
    return nothing_to_analyze(std::move(opened).error(), context.program);
  auto live = Result<kube::LiveObjects>(kube::LiveObjects{});
  if (opened) {
    pass.live = opened->name();
    live = opened->read({.kinds = kinds, .name_space = o.name_space, .cluster = input.cluster});
  } else {
    live = std::move(opened).error();
  }
  const bool goes_on =
      analysis.cluster == Analysis::Cluster::wanted && !live &&
      live.error().kind != ErrorKind::cancelled &&
      !(analysis.cluster_alone && is_refusal(live.error().kind)) &&
      // What was named and is not there is a mistake.
      (live.error().kind != ErrorKind::usage ||
       (o.kube.context.empty() && o.kube.kubeconfig.empty() && o.kube.snapshot.empty()));
  if (!goes_on) return live;
  const auto& error = live.error();
  const auto why = error.in_one_line();
  return kube::nothing_listed(kinds, pass.live.empty() ? "the cluster" : pass.live, why);
}

/// Of a cluster that is left out, with no files in its place.
std::map<kube::Kind, std::string> left_out(const AnalysisPlan& plan) {
  std::map<kube::Kind, std::string> out;
  kube::for_each_kind(plan.selection.reads(), [&](kube::Kind kind) {
    out.emplace(kind, "the cluster is left out, and no file is named");
  });
  return out;
}

/// The clusters that were asked for, each with its own objects.
Result<std::vector<std::unique_ptr<mesh::Model>>> read_clusters(
    const Analysis& analysis, const AnalyzeOptions& o, const AnalysisPlan& plan,
    std::vector<const mesh::Model*>& all, const Context& context, Pass& pass) {
  std::vector<std::unique_ptr<mesh::Model>> models;
  for (const auto& input : plan.inputs) {
    kube::ReadOptions reading{
        .walk = plan.policy.is_upstream() ? kube::Walk::as_istioctl : kube::Walk::usual,
        .ignore = o.ignore,
        .default_namespace = plan.default_namespace,
        .cluster = input.cluster,
        .mesh_config_files = o.mesh_config_files,
        .limits = plan.model.limits,
        .is_mesh_config = mesh::looks_like_mesh_config};
    if (&input == &plan.inputs.front()) reading.mesh_networks_files = o.mesh_network_files;
    kube::LiveObjects live;
    if (input.live) {
      AK_TRY(live, read_live(analysis, o, plan, input, context, pass));
    } else if (is_left_out(input, o)) {
      live.not_listed = left_out(plan);
    }
    const auto server_version = parse_version(live.version);
    auto manifests = kube::read_manifests(context.files, input.paths, reading, std::move(live));
    add_notes(pass, skipped_notes(manifests));
    if (!plan.policy.is_upstream()) add_notes(pass, repeated_notes(manifests));
    auto options = plan.model;
    options.cluster = input.cluster;
    if (!options.kubernetes_version) options.kubernetes_version = server_version;
    if (plan.inputs.size() > 1) options.clusters = &all;
    models.push_back(std::make_unique<mesh::Model>(std::move(manifests), std::move(options)));
    all.push_back(models.back().get());
  }
  return models;
}

/// Runs the checks over each cluster: but for the rules that compare clusters, what one holds says
/// nothing of another.
Result<Pass> look(const Analysis& analysis, const AnalyzeOptions& o, const AnalysisPlan& plan,
                  Repairing repairing, const Context& context) {
  Pass pass;
  std::vector<const mesh::Model*> all;
  AK_TRY(const auto models, read_clusters(analysis, o, plan, all, context, pass));
  const Scope scope(o.all_namespaces ? "" : o.name_space);
  std::vector<const kube::Manifests*> inputs;
  for (const auto& model : models) {
    inputs.push_back(&model->manifests());
    auto set = checks::run_checks(*model, plan.policy, plan.selection);
    if (analysis.beside) AK_CHECK(analysis.beside(plan, *model, set));
    if (analysis.phase == "migrate") set.migration = checks::migration_of(*model, plan.policy, set);
    scope.keep(set, model->manifests());
    if (repairing != Repairing::off) {
      auto open = set;
      checks::apply_suppressions(open, plan.suppressions);
      const auto repairs = plan_repairs(open, model->manifests());
      pass.diff += repairs.diff();
      pass.repaired += repairs.findings;
      pass.repaired_files += repairs.files.size();
      add_notes(pass, repairs.notes);
      if (repairing == Repairing::write) AK_CHECK(carry_out(repairs, context.files));
    }
    report::merge(pass.set, std::move(set));
  }
  if (analysis.more) analysis.more(plan, pass.set);
  pass.set.live = pass.live;
  // Some checks ask nothing but Azure.
  const bool looks = std::any_of(plan.inputs.begin(), plan.inputs.end(),
                                 [&](const AnalyzeInput& input) { return !is_left_out(input, o); });
  if (!analysis.more || (looks && !plan.selection.reads().empty()))
    add_notes(pass, tell_nothing_seen(pass.set, scope, inputs, plan.paths()));
  // Plain Istio says nothing of words that it does not know there.
  if (!plan.policy.is_upstream())
    add_notes(pass, checks::unknown_in_annotations(
                        inputs, [&](const kube::Object& object) { return scope.holds(object); }));
  return pass;
}

/// The repairs as a diff, in the place of the findings.
class DiffOutcome final : public Outcome {
 public:
  explicit DiffOutcome(std::string diff) : diff_(std::move(diff)) {}
  [[nodiscard]] std::string text(const report::Style&) const override { return diff_; }

 private:
  std::string diff_;
};

std::string repaired_note(const Pass& pass, std::string_view verb) {
  if (pass.repaired == 0) return "nothing to repair";
  return plural(pass.repaired, "finding ", "findings ") + std::string(verb) + " in " +
         plural(pass.repaired_files, "file", "files");
}

/// Settles what is shown and how the run ended.
Result<OutcomePtr> settle(Pass pass, const AnalyzeOptions& o, const AnalysisPlan& plan,
                          const Analysis& analysis, const Context& context) {
  auto& set = pass.set;
  auto& notes = pass.notes;
  if (!o.write_baseline.empty())
    AK_CHECK(context.files.write(o.write_baseline,
                                 checks::write_baseline(set, plan.suppressions.baseline)));
  for (auto& note : checks::apply_suppressions(set, plan.suppressions))
    notes.push_back(std::move(note));
  const auto verdict = verdict_of(set, o);
  set.failed = verdict == Verdict::findings;
  const auto shown = severity_option(o.show_from);
  set.hidden = std::erase_if(
      set.findings, [&](const report::Finding& finding) { return finding.severity < shown; });
  OutcomePtr outcome;
  if (o.dry_run)
    outcome = std::make_unique<DiffOutcome>(std::move(pass.diff));
  else
    outcome = std::make_unique<FindingsOutcome>(std::move(set), plan.policy, context,
                                                analysis.command, analysis.layout);
  outcome->verdict = verdict;
  outcome->notes = std::move(notes);
  return outcome;
}

/// The checks of a phase, or of those what was named.
Status choose_phase(const Analysis& analysis, AnalysisPlan& plan, const Context& context) {
  auto all = checks::of_phase(plan.policy, analysis.phase);
  if (plan.policy.is_upstream())
    return Error{.kind = ErrorKind::usage,
                 .what = "--policy upstream has nothing to " + analysis.command,
                 .why = "it is about plain Istio, without the add-on",
                 .next = {context.program + " analyze --policy upstream"}};
  if (plan.selection.codes.empty() && plan.selection.checks.empty()) {
    plan.selection = std::move(all);
    return Done{};
  }
  for (const auto* check : plan.selection.checks)
    for (const auto* code : checks::codes_of(*check)) plan.selection.codes.emplace_back(code->code);
  plan.selection.checks.clear();
  for (const auto& code : plan.selection.codes)
    if (std::find(all.codes.begin(), all.codes.end(), code) == all.codes.end())
      return Error{.kind = ErrorKind::usage,
                   .what = "--only " + code + " is no check of the phase " + analysis.phase,
                   .next = {context.program + " checks --phase " + analysis.phase,
                            context.program + " analyze --only " + code}};
  return Done{};
}

Status check_repair_options(const AnalyzeOptions& o, const Context& context) {
  if (o.dry_run && !o.fix)
    return Error{.kind = ErrorKind::usage,
                 .what = "--dry-run is of no use without --fix",
                 .why = "an analysis changes nothing anyway",
                 .next = {"--fix --dry-run"}};
  if (o.dry_run && context.global.output != "text")
    return Error{.kind = ErrorKind::usage,
                 .what = "--fix --dry-run cannot print the format '" + context.global.output + "'",
                 .why = "it prints a diff as text"};
  return Done{};
}

}  // namespace

Result<OutcomePtr> run_analysis(const Analysis& analysis, const AnalyzeOptions& o,
                                const Context& context) {
  AK_CHECK(check_repair_options(o, context));
  AK_TRY(auto plan, plan_analysis(o, analysis.command, context));
  if (!analysis.selection.codes.empty()) plan.selection = analysis.selection;
  if (!analysis.phase.empty()) AK_CHECK(choose_phase(analysis, plan, context));
  const auto repairing = !o.fix ? Repairing::off : o.dry_run ? Repairing::show : Repairing::write;
  AK_TRY(auto pass, look(analysis, o, plan, repairing, context));
  std::string note;
  if (repairing == Repairing::show) note = repaired_note(pass, "would be repaired");
  if (repairing == Repairing::write) {
    note = repaired_note(pass, "repaired");
    // What is told is what is left.
    if (pass.repaired > 0) {
      AK_TRY(pass, look(analysis, o, plan, Repairing::off, context));
    }
  }
  if (!note.empty()) pass.notes.insert(pass.notes.begin(), std::move(note));
  return settle(std::move(pass), o, plan, analysis, context);
}

}  // namespace aksmesh::commands
