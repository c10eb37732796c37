// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

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

Result<std::vector<std::string>> resolve_codes(const std::vector<std::string>& names,
                                               const std::string& program) {
  AK_TRY(const auto codes,
         checks::find_codes(names, {.what = "unknown check",
                                    .list = program + " checks   (lists all)",
                                    .retry = [](const std::string&, const std::string& near) {
                                      return "--only " + near;
                                    }}));
  std::vector<std::string> out;
  for (const auto* code : codes) out.emplace_back(code->code);
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

Result<checks::Model::Options> model_options(const AnalyzeOptions& o, const Context& context) {
  checks::Model::Options out;
  out.today = context.clock.today();
  out.istio_namespace = o.istio_namespace;
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

/// The input of one cluster, or of the only one, which then has no name.
struct Input {
  std::string cluster{};
  std::vector<std::string> paths{};
};

/// Adds `NAME=FILES` of --cluster; a name that is given again gets more files.
Status add_cluster(const std::string& text, std::vector<Input>& inputs) {
  const auto equals = text.find('=');
  const std::string name(trim(text.substr(0, equals)));
  std::vector<std::string> paths;
  if (equals != std::string::npos)
    for (const auto part : split(std::string_view(text).substr(equals + 1), ','))
      if (!trim(part).empty()) paths.emplace_back(trim(part));
  if (name.empty() || paths.empty())
    return Error{.kind = ErrorKind::usage,
                 .what = "--cluster " + text + " is not understood",
                 .why = "analyze takes --cluster NAME=FILES, with commas between several files",
                 .next = {"--cluster " + (name.empty() ? "east" : name) + "=manifests/"}};
  auto same = std::find_if(inputs.begin(), inputs.end(),
                           [&](const Input& input) { return input.cluster == name; });
  if (same == inputs.end()) same = inputs.insert(inputs.end(), Input{.cluster = name});
  same->paths.insert(same->paths.end(), paths.begin(), paths.end());
  return Done{};
}

Result<std::vector<Input>> inputs_of(const AnalyzeOptions& o, const std::string& program) {
  if (o.live)
    return Error{.kind = ErrorKind::usage,
                 .what = "a live cluster cannot be read yet",
                 .why = "this version reads files and standard input",
                 .next = {"kubectl get ns,deploy,gw,vs,cm -A -o yaml | " + program + " analyze -"}};
  Input own{.paths = o.operands};
  own.paths.insert(own.paths.end(), o.files.begin(), o.files.end());
  std::vector<Input> out;
  const bool only_options =
      o.clusters.empty() && !(o.mesh_config_files.empty() && o.mesh_network_files.empty());
  if (!own.paths.empty() || only_options) out.push_back(std::move(own));
  for (const auto& text : o.clusters) AK_CHECK(add_cluster(text, out));
  if (!out.empty()) return out;
  return Error{.kind = ErrorKind::usage,
               .what = "nothing to analyze",
               .why =
                   "give files, directories or - for standard input; reading a live cluster is not "
                   "built yet",
               .next = {program + " analyze manifests/",
                        "helm template shop ./chart | " + program + " analyze -",
                        "kubectl get ns,deploy,gw,vs,cm -A -o yaml | " + program + " analyze -"}};
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

/// Runs the checks over each cluster for itself: what one cluster holds says nothing of another.
report::FindingSet run_checks(const AnalyzeOptions& o, const std::vector<Input>& inputs,
                              const checks::Model::Options& options, const mesh::Policy& policy,
                              const std::vector<std::string>& only, sys::Files& files,
                              std::vector<std::string>& notes) {
  report::FindingSet all;
  for (const auto& input : inputs) {
    kube::ReadOptions reading{.ignore = o.ignore,
                              .default_namespace = o.name_space,
                              .cluster = input.cluster,
                              .mesh_config_files = o.mesh_config_files,
                              .limits = options.limits,
                              .is_mesh_config = mesh::looks_like_mesh_config};
    if (&input == &inputs.front()) reading.other_files = o.mesh_network_files;
    auto manifests = kube::read_manifests(files, input.paths, reading);
    for (auto& note : skipped_notes(manifests)) notes.push_back(std::move(note));
    const checks::Model model(std::move(manifests), options);
    report::merge(all, checks::run_checks(model, policy, only));
  }
  for (const auto& file : o.mesh_network_files)
    notes.push_back("mesh networks are not checked yet: " + file + " was read and no more");
  return all;
}

Result<OutcomePtr> run(const AnalyzeOptions& o, const Context& context) {
  AK_TRY(const auto inputs, inputs_of(o, context.program));
  AK_TRY(const auto policy, load_policy(o, context.files));
  AK_TRY(const auto options, model_options(o, context));
  AK_TRY(const auto only, resolve_codes(o.only, context.program));
  AK_TRY(const auto suppressions, read_suppressions(o, context));

  std::vector<std::string> notes;
  auto set = run_checks(o, inputs, options, policy, only, context.files, notes);
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

  auto outcome = std::make_unique<FindingsOutcome>(std::move(set), policy, context, "analyze");
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
