// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "base/edit_distance.hpp"
#include "base/strings.hpp"
#include "checks/runner.hpp"
#include "checks/suppress.hpp"
#include "command.hpp"
#include "data/resources.hpp"
#include "findings_outcome.hpp"
#include "mesh/mesh_config_fields.hpp"

namespace aksmesh::commands {
namespace {

constexpr std::string_view kBuiltInPolicy = "lib/mesh/tables/limitations.json";

struct Options {
  std::vector<std::string> operands;
  std::vector<std::string> files;
  std::string policy = "current";
  std::string policy_file;
  std::vector<std::string> revisions;
  std::string kubernetes_version;
  std::string name_space;
  std::vector<std::string> only;
  std::vector<std::string> suppress;
  bool show_suppressed = false;
  std::string baseline;
  std::string write_baseline;
  std::string fail_on = "error";
  std::string show_from = "info";
  bool fail_on_unknown = false;
  std::vector<std::string> ignore;
  std::vector<std::string> limits;
  bool all_namespaces = false;
  bool recursive = false;
  bool live = false;
};

void declare(OptionSet& set, Options& o) {
  set.operands(o.operands, "PATH")
      .complete(Complete::files)
      .help("Files or directories to read, `-` for standard input");
  set.values("-f,--file", o.files, "PATH")
      .alias("--filename")
      .complete(Complete::files)
      .help("Another file or directory; the same as an operand");
  set.values("--ignore", o.ignore, "PATTERN")
      .help(
          "Leave out files and directories of this name or path, `*` allowed; as the lines of a "
          "file .aksmeshignore");
  set.value("-n,--namespace", o.name_space, "NAME")
      .env("AKSMESH_NAMESPACE")
      .help("Only this namespace; also the namespace of objects that name none");

  const std::string rules = "Which rules apply";
  set.value("--policy", o.policy, "NAME")
      .group(rules)
      .env("AKSMESH_POLICY")
      .preset("current")
      .complete(Complete::policies)
      .help("The add-on's rules at a date, or upstream for plain Istio");
  set.value("--policy-file", o.policy_file, "PATH")
      .group(rules)
      .env("AKSMESH_POLICY_FILE")
      .complete(Complete::files)
      .help("Use this table of limitations instead of the built-in one");
  set.values("--revision", o.revisions, "REV")
      .group(rules)
      .env("AKSMESH_REVISION")
      .complete(Complete::revisions)
      .help("Revision that is installed or planned, such as asm-1-29");
  set.value("--kubernetes-version", o.kubernetes_version, "X.Y")
      .group(rules)
      .env("AKSMESH_KUBERNETES_VERSION")
      .help("Kubernetes version of the cluster");
  set.values("--only", o.only, "CODE")
      .alias("--analyzer")
      .group(rules)
      .complete(Complete::codes)
      .help("Run only this check, by code or slug");

  const std::string result = "What counts";
  set.value("--fail-on", o.fail_on, "SEVERITY")
      .alias("--failure-threshold")
      .group(result)
      .env("AKSMESH_FAIL_ON")
      .preset("error")
      .choices({"error", "warning", "info", "never"})
      .also({"Error", "Warning", "Info"})
      .help("Exit with 3 from this severity on");
  set.flag("--fail-on-unknown", o.fail_on_unknown)
      .group(result)
      .help("Exit with 5 when a check could not look");
  set.value("--show-from", o.show_from, "SEVERITY")
      .alias("--output-threshold")
      .group(result)
      .env("AKSMESH_SHOW_FROM")
      .preset("info")
      .choices({"error", "warning", "info"})
      .also({"Error", "Warning", "Info"})
      .help("Leave out findings below this severity");
  set.values("--suppress", o.suppress, "CODE[=OBJECT]")
      .alias("-S")
      .group(result)
      .complete(Complete::codes)
      .help("Accept a finding for `Kind namespace/name`, `*` allowed");
  set.flag("--show-suppressed", o.show_suppressed)
      .group(result)
      .help("Show suppressed findings, marked as such");
  set.value("--baseline", o.baseline, "PATH")
      .group(result)
      .env("AKSMESH_BASELINE")
      .complete(Complete::files)
      .help("Accept the findings listed in this file");
  set.value("--write-baseline", o.write_baseline, "PATH")
      .group(result)
      .complete(Complete::files)
      .help("Write the present findings to this file, keeping known reasons");
  set.values("--limit", o.limits, "NAME=N")
      .group(result)
      .help("Raise a limit: file, document, scalar (bytes), depth, expansion, files");

  // istioctl's words, so that pipelines can switch.
  set.flag("-A,--all-namespaces", o.all_namespaces)
      .hide()
      .help("Files are always read for all namespaces");
  set.flag("-R,--recursive", o.recursive).hide().help("Directories are always read recursively");
  set.flag("--use-kube", o.live)
      .hide()
      .help("A live cluster; only --use-kube=false can be given yet");
  set.values("--meshConfigFile", o.files, "PATH")
      .hide()
      .help("A mesh configuration; an operand does the same");
}

/// Codes, slugs, and analyzers by the names that istioctl gives them.
Result<checks::Selection> select_checks(const std::vector<std::string>& names) {
  checks::Selection out;
  for (const auto& name : names) {
    if (const auto* code = checks::find_code(name)) {
      out.codes.emplace_back(code->code);
      continue;
    }
    if (const auto* check = checks::find_analyzer(name)) {
      out.checks.push_back(check);
      continue;
    }
    std::vector<std::string> known;
    for (const auto& code : checks::codes()) {
      known.emplace_back(code.code);
      known.emplace_back(code.slug);
    }
    for (const auto* check : checks::catalogue())
      if (!check->analyzer.empty()) known.emplace_back(check->analyzer);
    Error error{.kind = ErrorKind::usage,
                .what = "unknown check '" + name + "'",
                .next = {"aksmesh checks   (lists all)"}};
    for (const auto& near : suggestions(name, known)) error.next.push_back("--only " + near);
    return error;
  }
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

Result<mesh::Model::Options> model_options(const Options& o, const Context& context) {
  mesh::Model::Options out;
  out.today = context.clock.today();
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

Result<checks::Suppressions> read_suppressions(const Options& o, const Context& context) {
  checks::Suppressions out;
  out.today = context.clock.today();
  out.show = o.show_suppressed;
  for (const auto& text : o.suppress) {
    AK_TRY(auto rule, checks::parse_suppress(text));
    out.rules.push_back(std::move(rule));
  }
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
Verdict verdict_of(const report::FindingSet& set, const Options& o) {
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
    // What is said of cluster-scoped objects concerns every namespace.
    return object.kind == "Namespace"
               ? object.name != name_space
               : !object.name_space.empty() && object.name_space != name_space;
  });
  std::erase_if(set.unknown, [&](const report::Unknown& unknown) {
    return !unknown.object.name_space.empty() && unknown.object.name_space != name_space;
  });
}

std::string default_namespace(const Options& o, const mesh::Policy& policy) {
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

Result<OutcomePtr> run(const Options& o, const Context& context) {
  auto operands = o.operands;
  operands.insert(operands.end(), o.files.begin(), o.files.end());
  if (o.live)
    return Error{
        .kind = ErrorKind::usage,
        .what = "a live cluster cannot be read yet",
        .why = "this version reads files and standard input",
        .next = {"kubectl get ns,deploy,gw,vs,cm -A -o yaml | " + context.program + " analyze -"}};
  if (operands.empty())
    return Error{
        .kind = ErrorKind::usage,
        .what = "nothing to analyze",
        .why =
            "give files, directories or - for standard input; reading a live cluster is not built "
            "yet",
        .next = {context.program + " analyze manifests/",
                 "helm template shop ./chart | " + context.program + " analyze -",
                 "kubectl get ns,deploy,gw,vs,cm -A -o yaml | " + context.program + " analyze -"}};
  std::string policy_text(data::resource(kBuiltInPolicy));
  if (!o.policy_file.empty()) {
    auto text = context.files.read(o.policy_file, data::Limits{}.document);
    if (!text) {
      auto error = std::move(text).error();
      error.kind = ErrorKind::usage;
      return error;
    }
    policy_text = std::move(*text);
  }
  AK_TRY(const auto policy, mesh::Policy::load(policy_text, o.policy,
                                               o.policy_file.empty() ? "built-in" : o.policy_file));
  AK_TRY(auto options, model_options(o, context));
  AK_TRY(const auto selection, select_checks(o.only));
  AK_TRY(const auto suppressions, read_suppressions(o, context));

  auto manifests = kube::read_manifests(context.files, operands,
                                        {.ignore = o.ignore,
                                         .default_namespace = default_namespace(o, policy),
                                         .limits = options.limits,
                                         .is_mesh_config = mesh::looks_like_mesh_config});
  options.flavour = policy.is_upstream() ? mesh::Flavour::upstream : mesh::Flavour::addon;
  auto notes = skipped_notes(manifests);
  const mesh::Model model(std::move(manifests), std::move(options));
  auto set = checks::run_checks(model, policy, selection);
  keep_namespace(set, o.name_space);
  if (!o.write_baseline.empty())
    AK_CHECK(
        context.files.write(o.write_baseline, checks::write_baseline(set, suppressions.baseline)));
  for (auto& note : checks::apply_suppressions(set, suppressions)) notes.push_back(std::move(note));
  const auto verdict = verdict_of(set, o);
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
constinit const Command analyze_command = command<declare, run>(
    {.path = "analyze",
     .summary =
         "Tell what the add-on will refuse, ignore or break in manifests or exported objects",
     .page = "commands/analyze.md",
     .formats = Formats::findings,
     .examples = kExamples});

}  // namespace aksmesh::commands
