// SPDX-License-Identifier: Apache-2.0
#include "checks/azure_findings.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "azure/preconditions.hpp"
#include "base/strings.hpp"

namespace aksmesh::checks {
namespace {

using azure::Obstacle;
using azure::Obstacles;
using report::Verdict;
using Slugs = std::vector<std::string_view>;

/// A look at the cluster: what it can find, and what it needs beside the cluster itself.
struct Look {
  Slugs slugs;
  std::vector<std::string_view> phases;
  void (*run)(const AzureFacts&, Obstacles&);
  enum class Needs {
    nothing,
    offered,
    offered_and_target,
    upgrades_and_target,
    maintenance
  } needs = Needs::nothing;
};

const std::vector<Look>& looks() {
  using Needs = Look::Needs;
  static const std::vector<Look> all{
      {{"cluster-busy"},
       {"enable", "upgrade", "disable", "gateway"},
       [](const AzureFacts& f, Obstacles& out) { azure::check_state(f.cluster, out); }},
      {{"osm-addon-enabled", "app-routing-istio", "cilium-mtls", "virtual-nodes",
        "windows-containers", "acns-l7-policy", "http-proxy-serviceentry"},
       {"enable", "check", "migrate"},
       [](const AzureFacts& f, Obstacles& out) { azure::check_conflicts(f.cluster, out); }},
      {{"disabled-profile-residue", "cni-default-change", "cni-revision",
        "azure-policy-capabilities", "native-sidecar-prereq"},
       {"enable", "migrate"},
       [](const AzureFacts& f, Obstacles& out) {
         azure::check_new_mesh(f.cluster, f.target, {}, out);
       }},
      {{"cluster-version-unsupported"},
       {"enable", "upgrade", "check", "migrate"},
       [](const AzureFacts& f, Obstacles& out) {
         azure::check_kubernetes(f.cluster, f.today, out);
       }},
      {{"revision-not-offered", "cluster-version-incompatible"},
       {"enable", "upgrade", "migrate"},
       [](const AzureFacts& f, Obstacles& out) {
         azure::check_revision(f.cluster, f.target, *f.offered.revisions, out);
       },
       Needs::offered_and_target},
      {{"revision-unsupported", "lts-no-supported-revision"},
       {"upgrade", "check"},
       [](const AzureFacts& f, Obstacles& out) {
         azure::check_support(f.cluster, *f.offered.revisions, out);
       },
       Needs::offered},
      {{"downgrade", "upgrade-skips-too-far"},
       {"upgrade"},
       [](const AzureFacts& f, Obstacles& out) {
         azure::check_upgrade(f.cluster, f.target, *f.upgrades.revisions, out);
       },
       Needs::upgrades_and_target},
      {{"upgrade-in-progress"},
       {"upgrade"},
       [](const AzureFacts& f, Obstacles& out) {
         if (f.cluster.mesh.upgrading())
           out.push_back({"upgrade-in-progress",
                          "the cluster runs " + join(f.cluster.mesh.revisions, " and ") +
                              ": the upgrade is to be completed or rolled back first"});
       }},
      {{"cni-revision"},
       {"upgrade", "check"},
       [](const AzureFacts& f, Obstacles& out) {
         auto revisions = f.cluster.mesh.revisions;
         if (!f.target.empty()) revisions.push_back(f.target);
         azure::check_cni_revision(f.cluster.mesh.redirection, revisions, out);
       }},
      {{"native-sidecar-turns-on"},
       {"upgrade"},
       [](const AzureFacts& f, Obstacles& out) {
         if (!f.target.empty()) azure::check_native_sidecars(f.cluster, f.target, out);
       }},
      {{"app-routing-istio"},
       {"disable"},
       [](const AzureFacts& f, Obstacles& out) { azure::check_disable(f.cluster, out); }},
      {{"plugin-ca-addon", "plugin-ca-incomplete", "plugin-ca-vault-id", "plugin-ca-rotation-off"},
       {"check", "enable"},
       [](const AzureFacts& f, Obstacles& out) {
         if (f.cluster.mesh.plugin_ca)
           azure::check_plugin_ca(f.cluster, *f.cluster.mesh.plugin_ca, out);
       }},
      {{"maintenance-window"},
       {"check"},
       [](const AzureFacts& f, Obstacles& out) {
         azure::check_maintenance(f.cluster, *f.maintenance.windows, out);
       },
       Needs::maintenance}};
  return all;
}

/// Why a look cannot be made; empty when it can.
std::string what_lacks(const Look& look, const AzureFacts& facts) {
  using Needs = Look::Needs;
  if (look.needs == Needs::nothing) return {};
  if (look.needs == Needs::maintenance)
    return facts.maintenance.windows ? std::string() : facts.maintenance.why;
  const bool of_upgrades = look.needs == Needs::upgrades_and_target;
  const auto& answer = of_upgrades ? facts.upgrades : facts.offered;
  if (!answer.revisions) return answer.why;
  if (look.needs == Needs::offered || !facts.target.empty()) return {};
  return of_upgrades ? "the cluster has no revision to be upgraded to, and none is named"
                     : "no revision is named, and the region does not tell the usual one";
}

report::Finding finding_of(const Obstacle& obstacle, const Code& code,
                           const mesh::Limitation& limitation, const AzureFacts& facts) {
  report::Finding out{.code = std::string(code.code),
                      .slug = std::string(code.slug),
                      .title = std::string(limitation.title),
                      .message = obstacle.why};
  out.severity = report::parse_severity(limitation.severity).value_or(report::Severity::warning);
  // What does not stand in the way is no error, whatever it would be elsewhere.
  if (obstacle.warning) out.severity = std::min(out.severity, report::Severity::warning);
  out.object = {.api_version = "containerservice.azure.com",
                .kind = "ManagedCluster",
                .name = facts.cluster.name};
  out.remedy.emplace_back(obstacle.advice.empty() ? std::string(limitation.remedy)
                                                  : obstacle.advice);
  return out;
}

/// Puts what Azure says of a code into a result that has what the cluster says of it.
class Merger {
 public:
  Merger(const AzureFacts& facts, const mesh::Policy& policy, report::FindingSet& out)
      : facts_(facts), policy_(policy), out_(out) {}

  void unknown(const Code& code, const std::string& why) {
    auto& result = result_of(code);
    drop_offline(code);
    if (result.verdict == Verdict::findings) return;
    result.verdict = Verdict::unknown;
    out_.unknown.push_back(
        {.code = std::string(code.code), .slug = std::string(code.slug), .why = why});
  }

  void told(const Code& code, const std::vector<const Obstacle*>& found) {
    auto& result = result_of(code);
    drop_offline(code);
    const bool still_open =
        std::any_of(out_.unknown.begin(), out_.unknown.end(),
                    [&](const auto& unknown) { return unknown.code == code.code; });
    const auto* limitation = policy_.find(code.slug);
    // What is found needs no second look.
    if (!found.empty())
      std::erase_if(out_.unknown, [&](const auto& unknown) { return unknown.code == code.code; });
    if (result.verdict == Verdict::findings || limitation == nullptr) return;
    for (const auto* one : found)
      if (!limitation->severity.empty())
        out_.findings.push_back(finding_of(*one, code, *limitation, facts_));
    result.verdict = !found.empty() ? Verdict::findings
                     : still_open   ? Verdict::unknown
                                    : Verdict::pass;
  }

 private:
  report::CheckResult& result_of(const Code& code) {
    const auto found = std::find_if(out_.checks.begin(), out_.checks.end(),
                                    [&](const auto& one) { return one.code == code.code; });
    if (found != out_.checks.end()) return *found;
    return out_.checks.emplace_back(
        report::CheckResult{std::string(code.code), std::string(code.slug),
                            std::string(category_of(code.code)), Verdict::not_applicable});
  }
  void drop_offline(const Code& code) {
    std::erase_if(out_.unknown, [&](const auto& unknown) {
      return unknown.offline && unknown.code == code.code;
    });
  }

  const AzureFacts& facts_;
  const mesh::Policy& policy_;
  report::FindingSet& out_;
};

}  // namespace

std::string usual_target(const AzureFacts& facts, std::string_view phase) {
  if (phase == "upgrade") {
    if (!facts.upgrades.revisions) return {};
    for (const auto& one : *facts.upgrades.revisions)
      if (!one.upgrades.empty()) return one.upgrades.back();
    return {};
  }
  // AKS installs the one before the newest (istio-support-policy.md).
  if ((phase != "enable" && phase != "migrate") || !facts.offered.revisions) return {};
  const auto& all = *facts.offered.revisions;
  return all.empty() ? "" : all[all.size() < 2 ? 0 : all.size() - 2].revision;
}

void add_azure_findings(const AzureFacts& facts, std::string_view phase, const mesh::Policy& policy,
                        const Selection& wanted, report::FindingSet& out) {
  Merger merger(facts, policy, out);
  for (const auto& look : looks()) {
    if (std::find(look.phases.begin(), look.phases.end(), phase) == look.phases.end()) continue;
    const auto why = what_lacks(look, facts);
    Obstacles found;
    if (why.empty()) look.run(facts, found);
    for (const auto slug : look.slugs) {
      const auto* code = find_code(slug);
      if (!wanted.wants(*code, nullptr)) continue;
      std::vector<const Obstacle*> of_code;
      for (const auto& one : found)
        if (one.slug == slug) of_code.push_back(&one);
      if (why.empty())
        merger.told(*code, of_code);
      else
        merger.unknown(*code, why);
    }
  }
  std::sort(out.checks.begin(), out.checks.end(),
            [](const auto& a, const auto& b) { return a.code < b.code; });
  report::sort_findings(out.findings);
}

void leave_azure_open(std::string_view phase, report::FindingSet& out) {
  for (const auto& look : looks()) {
    if (std::find(look.phases.begin(), look.phases.end(), phase) == look.phases.end()) continue;
    for (auto& result : out.checks)
      if (std::find(look.slugs.begin(), look.slugs.end(), result.slug) != look.slugs.end())
        result.partial = true;
  }
}

}  // namespace aksmesh::checks
