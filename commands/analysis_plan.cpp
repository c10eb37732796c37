// SPDX-License-Identifier: Apache-2.0
#include "analysis_plan.hpp"

#include <algorithm>
#include <array>

#include "base/strings.hpp"
#include "built_in_policy.hpp"
#include "checks/code_lookup.hpp"
#include "checks/teller.hpp"

namespace aksmesh::commands {
namespace {

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

/// Why a check that is asked for by name could tell nothing whatever the input holds; empty when it
/// could. What needs Azure or a live cluster is no mistake: it is told as unknown.
std::string why_never(const checks::Code& code, const mesh::Policy& policy) {
  if (code.retired) return "it is retired";
  if (code.of_input) return {};
  const bool limitation = code.title.empty();
  const auto* entry = policy.find(code.slug);
  if (limitation ? policy.is_upstream() || entry == nullptr : !code.applies(policy.flavour()))
    return "it is no rule of the policy " + policy.id();
  if (checks::is_built(code) || checks::teller_of(code) == checks::Teller::istiods) return {};
  if (checks::teller_of(code) == checks::Teller::service)
    return "Azure tells it when it refuses; no check looks for it";
  if (!limitation) return "it is planned; nothing looks for it yet";
  if (entry->recorded && entry->severity.empty())
    return "the policy " + policy.id() + " has nothing to report of it";
  return checks::teller_of(code) == checks::Teller::page
             ? "nothing looks for it; its page tells what there is to know"
             : "";
}

Status check_selection(const checks::Selection& selection, const mesh::Policy& policy,
                       const std::string& program) {
  std::vector<std::string> names;
  std::vector<std::string> reasons;
  const auto refuse = [&](std::string_view name, const std::string& why) {
    names.emplace_back(name);
    if (std::find(reasons.begin(), reasons.end(), why) == reasons.end()) reasons.push_back(why);
  };
  for (const auto& name : selection.codes)
    if (const auto why = why_never(*checks::find_code(name), policy); !why.empty())
      refuse(name, why);
  for (const auto* check : selection.checks) {
    const auto codes = checks::codes_of(*check);
    if (std::all_of(codes.begin(), codes.end(),
                    [&](const auto* code) { return !why_never(*code, policy).empty(); }))
      refuse(check->analyzer, why_never(*codes.front(), policy));
  }
  if (names.empty()) return Done{};
  return Error{.kind = ErrorKind::usage,
               .what = "--only " + join(names, ", ") + " cannot find anything",
               .why = join(reasons, "; "),
               .next = {program + " checks --state built --policy " + policy.id()}};
}

Result<mesh::Model::Options> model_options(const AnalyzeOptions& o, const mesh::Policy& policy,
                                           const Context& context) {
  mesh::Model::Options out;
  out.today = context.clock.today();
  out.flavour = policy.flavour();
  out.control_plane_namespace = o.istio_namespace;
  for (const auto& text : o.revisions) {
    for (const auto part : split(text, ',')) {
      const auto revision = parse_revision(trim(part));
      if (!revision)
        return mistake_in(
            "--revision",
            {.kind = ErrorKind::usage,
             .what = "--revision " + std::string(part) + " is no revision of the add-on",
             .why = "revisions are written asm-X-Y",
             .next = {"--revision asm-1-29"}},
            context);
      out.revisions.push_back(*revision);
    }
  }
  if (!o.kubernetes_version.empty()) {
    out.kubernetes_version = parse_version(o.kubernetes_version);
    if (!out.kubernetes_version)
      return mistake_in("--kubernetes-version",
                        {.kind = ErrorKind::usage,
                         .what = "--kubernetes-version " + o.kubernetes_version + " is no version",
                         .next = {"--kubernetes-version 1.34"}},
                        context);
  }
  AK_TRY(out.horizon_days, horizon_days(o.horizon, context));
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
    return mistake_in("--baseline", std::move(error), context);
  }
  auto baseline = checks::read_baseline(path, std::move(*text));
  if (!baseline) return mistake_in("--baseline", std::move(baseline).error(), context);
  out.baseline = std::move(baseline).value();
  return out;
}

/// A name that no namespace can have (RFC 1123) is a slip of the hand.
Status check_namespace(const AnalyzeOptions& o, const Context& context) {
  constexpr std::string_view kAlphanumeric = "abcdefghijklmnopqrstuvwxyz0123456789";
  constexpr std::size_t kLongest = 63;
  const std::string_view name = o.name_space;
  if (name.empty()) return Done{};
  const bool fine = name.size() <= kLongest && kAlphanumeric.find(name.front()) != name.npos &&
                    kAlphanumeric.find(name.back()) != name.npos &&
                    name.find_first_not_of(std::string(kAlphanumeric) + '-') == name.npos;
  if (fine) return Done{};
  return mistake_in(
      "--namespace",
      {.kind = ErrorKind::usage,
       .what = "'" + o.name_space + "' is no name of a namespace",
       .why = "it takes up to 63 lower-case letters, digits and '-', with no '-' at either end"},
      context);
}

std::string default_namespace(const AnalyzeOptions& o, const mesh::Policy& policy) {
  if (!o.name_space.empty()) return o.name_space;
  // istioctl knows no default namespace when it is asked for all of them; results shall compare.
  return policy.is_upstream() && o.all_namespaces ? "" : "default";
}

Result<mesh::Policy> load_policy(const AnalyzeOptions& o, const Context& context) {
  if (o.policy_file.empty()) return built_in_policy(o.policy, context);
  auto text = context.files.read(o.policy_file, data::Limits{}.document);
  if (text) return mesh::Policy::load(*text, o.policy, o.policy_file);
  auto error = std::move(text).error();
  error.kind = ErrorKind::usage;
  return mistake_in("--policy-file", std::move(error), context);
}

}  // namespace

std::vector<std::string> AnalysisPlan::paths() const {
  std::vector<std::string> out;
  for (const auto& input : inputs)
    for (const auto& path : input.paths) out.push_back(path == "-" ? "standard input" : path);
  if (out.empty()) out.emplace_back("the input");
  return out;
}

Result<AnalysisPlan> plan_analysis(const AnalyzeOptions& o, const std::string& command,
                                   const Context& context) {
  AK_TRY(auto inputs, analyze_inputs(o, command, context.program));
  const bool live = std::any_of(inputs.begin(), inputs.end(),
                                [](const AnalyzeInput& input) { return input.live; });
  for (const auto& [name, value] : context.aim)
    if (!live && (name == "--context" || name == "--kubeconfig" || name == "--snapshot"))
      return Error{.kind = ErrorKind::usage,
                   .what = name + " is of no use while only files are read",
                   .next = {command == "analyze" ? "--live   (reads the cluster too)"
                                                 : "leave out --no-cluster",
                            "leave out " + name}};
  AK_CHECK(check_namespace(o, context));
  AK_TRY(auto policy, load_policy(o, context));
  AK_TRY(auto model, model_options(o, policy, context));
  AK_TRY(auto selection, select_checks(o.only, context.program));
  AK_CHECK(check_selection(selection, policy, context.program));
  AK_TRY(auto suppressions, read_suppressions(o, context));
  suppressions.notes = !policy.is_upstream();
  auto name_space = default_namespace(o, policy);
  return AnalysisPlan{std::move(inputs),    std::move(policy),       std::move(model),
                      std::move(selection), std::move(suppressions), std::move(name_space)};
}

}  // namespace aksmesh::commands
