// SPDX-License-Identifier: Apache-2.0
#include "analyze_options.hpp"

#include <charconv>

#include "mesh/model.hpp"

namespace aksmesh::commands {
namespace {

constexpr const char* kRules = "Which rules apply";
constexpr const char* kResult = "What counts";

void declare_rules(OptionSet& set, AnalyzeOptions& o) {
  set.value("--policy-file", o.policy_file, "PATH")
      .group(kRules)
      .env("AKSMESH_POLICY_FILE")
      .complete(Complete::files)
      .help("Use this table of limitations instead of the built-in one");
  set.values("--revision", o.revisions, "REV")
      .group(kRules)
      .env("AKSMESH_REVISION")
      .complete(Complete::revisions)
      .help("Revision that is installed or planned, such as asm-1-29");
  set.value("--kubernetes-version", o.kubernetes_version, "X.Y")
      .group(kRules)
      .env("AKSMESH_KUBERNETES_VERSION")
      .help("Kubernetes version of the cluster");
  declare_only(set, o);
}

/// Repairs, which only `analyze` offers: they are those of its rules.
void declare_repairs(OptionSet& set, AnalyzeOptions& o) {
  const std::string group = "Repairs";
  set.flag("--fix", o.fix)
      .group(group)
      .help("Repair in place what can be repaired safely, then analyze again");
  set.flag("--dry-run", o.dry_run)
      .group(group)
      .help("Show what would be changed and change nothing");
}

void declare_live(OptionSet& set, AnalyzeOptions& o) {
  auto& live = set.flag("--live", o.live);
  live.set = [&o](const std::string& text) -> Status {
    o.live = text == "true";
    o.offline = !o.live;
    return Done{};
  };
  live.alias("--use-kube")
      .group("Kubernetes")
      .help(
          "Also the objects of the cluster, under those of the files; alone, this is the default");
  declare_cluster_source(set, o.kube);
}

/// istioctl's words, so that pipelines can switch; more are aliases of ours above.
void declare_neighbour(OptionSet& set, AnalyzeOptions& o) {
  set.flag("-A,--all-namespaces", o.all_namespaces)
      .hide()
      .help("Files are always read for all namespaces");
  set.flag("-R,--recursive", o.recursive).hide().help("Directories are always read recursively");
  set.value("-i,--istioNamespace", o.istio_namespace, "NAME")
      .hide()
      .help("Namespace of the control plane and its root configuration");
  set.values("--meshConfigFile", o.mesh_config_files, "PATH")
      .hide()
      .complete(Complete::files)
      .help("A file that is a mesh configuration, whatever its fields");
  set.values("--meshNetworksFile", o.mesh_network_files, "PATH")
      .hide()
      .complete(Complete::files)
      .help("Mesh networks, as in the key meshNetworks of Istio's ConfigMap");
  set.values("--cluster", o.clusters, "NAME=FILES")
      .hide()
      .help("Files and directories, with commas between, of one of several clusters");
}

}  // namespace

void declare_namespace(OptionSet& set, std::string& target) {
  set.value("-n,--namespace", target, "NAME")
      .env("AKSMESH_NAMESPACE")
      .help("Only this namespace; also the namespace of objects that name none");
}

void declare_files(OptionSet& set, std::vector<std::string>& target) {
  set.values("-f,--file", target, "PATH")
      .alias("--filename")
      .complete(Complete::files)
      .help("Path to read, `-` for standard input");
}

void declare_paths(OptionSet& set, AnalyzeOptions& o, Paths need) {
  auto& operand = set.operands(o.operands, "PATH")
                      .complete(Complete::files)
                      .help("Files or directories to read, `-` for standard input");
  if (need == Paths::optional) operand.may_lack();
  declare_files(set, o.files);
}

void declare_input(OptionSet& set, AnalyzeOptions& o, Paths need) {
  declare_paths(set, o, need);
  set.values("--ignore", o.ignore, "PATTERN")
      .help(
          "Leave out files and directories of this name or path, `*` allowed; as the lines of a "
          "file .aksmeshignore");
  declare_namespace(set, o.name_space);
}

void declare_horizon(OptionSet& set, std::string& target) {
  set.value("--expires-within", target, "DAYS")
      .group(kRules)
      .env("AKSMESH_EXPIRES_WITHIN")
      .preset("30")
      .help("Report support and certificates that end within this many days");
}

Result<int> horizon_days(const std::string& typed, const Context& context) {
  if (typed.empty()) return mesh::Model::kUsualHorizon;
  constexpr int kMost = 36'500;
  int days = -1;
  const auto* end = typed.data() + typed.size();
  const auto [at, problem] = std::from_chars(typed.data(), end, days);
  if (problem == std::errc{} && at == end && days >= 0 && days <= kMost) return days;
  return mistake_in("--expires-within",
                    {.kind = ErrorKind::usage,
                     .what = "--expires-within " + typed + " is no number of days",
                     .next = {"--expires-within 30"}},
                    context);
}

void declare_only(OptionSet& set, AnalyzeOptions& o) {
  set.values("--only", o.only, "CODE")
      .alias("--analyzer")
      .group(kRules)
      .complete(Complete::codes)
      .help("Run only this check, by code or slug");
}

void declare_policy(OptionSet& set, AnalyzeOptions& o) {
  set.value("--policy", o.policy, "NAME")
      .group(kRules)
      .env("AKSMESH_POLICY")
      .preset("current")
      .complete(Complete::policies)
      .help("The add-on's rules at a date, or upstream for plain Istio");
}

void declare_fail_on(OptionSet& set, std::string& target) {
  set.value("--fail-on", target, "SEVERITY")
      .alias("--failure-threshold")
      .group(kResult)
      .env("AKSMESH_FAIL_ON")
      .preset("error")
      .choices({"error", "warning", "info", "never"})
      .also({"Error", "Warning", "Info"})
      .help("Exit with 3 from this severity on");
}

void declare_result(OptionSet& set, AnalyzeOptions& o) {
  declare_fail_on(set, o.fail_on);
  set.flag("--fail-on-unknown", o.fail_on_unknown)
      .group(kResult)
      .help("Exit with 5 when a check could not look");
  set.value("--show-from", o.show_from, "SEVERITY")
      .alias("--output-threshold")
      .group(kResult)
      .env("AKSMESH_SHOW_FROM")
      .preset("info")
      .choices({"error", "warning", "info"})
      .also({"Error", "Warning", "Info"})
      .help("Leave out findings below this severity");
  set.values("--suppress", o.suppress, "CODE[=OBJECT]")
      .alias("-S")
      .group(kResult)
      .complete(Complete::codes)
      .help("Accept a finding for `Kind namespace/name`, `*` allowed");
  set.flag("--show-suppressed", o.show_suppressed)
      .group(kResult)
      .help("Show suppressed findings, marked as such");
  set.value("--baseline", o.baseline, "PATH")
      .group(kResult)
      .env("AKSMESH_BASELINE")
      .complete(Complete::files)
      .help("Accept the findings listed in this file");
  set.value("--write-baseline", o.write_baseline, "PATH")
      .group(kResult)
      .complete(Complete::files)
      .help("Write the present findings to this file, keeping known reasons");
  set.values("--limit", o.limits, "NAME=N")
      .group(kResult)
      .help("Raise a limit: file, document, scalar (bytes), depth, expansion, files");
}

void declare_analyze(OptionSet& set, AnalyzeOptions& options) {
  declare_input(set, options, Paths::optional);
  declare_live(set, options);
  declare_policy(set, options);
  declare_rules(set, options);
  declare_result(set, options);
  declare_repairs(set, options);
  declare_neighbour(set, options);
}

}  // namespace aksmesh::commands
