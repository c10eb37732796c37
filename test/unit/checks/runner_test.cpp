// SPDX-License-Identifier: Apache-2.0
#include "checks/runner.hpp"

#include <algorithm>

#include <doctest/doctest.h>

#include "checks/azure_findings.hpp"
#include "data/resources.hpp"
#include "support/azure_world.hpp"
#include "support/live_model.hpp"

namespace aksmesh::test {
namespace {

using kube::Kind;
using report::Verdict;

const mesh::Policy& current() {
  static const auto policy =
      mesh::Policy::load(data::resource("lib/mesh/tables/limitations.json"), "current", "built-in");
  return policy.value();
}

std::unique_ptr<mesh::Model> file_model(const std::string& yaml) {
  FakeWorld world;
  world.files.content["a.yaml"] = yaml;
  return std::make_unique<mesh::Model>(kube::read_manifests(world.files, {"a.yaml"}, {}),
                                       mesh::Model::Options{});
}

report::FindingSet found(const mesh::Model& model, const std::string& code = {}) {
  checks::Selection selection;
  if (!code.empty()) selection.codes = {code};
  return checks::run_checks(model, current(), selection);
}

Verdict verdict(const report::FindingSet& set, const std::string& code) {
  const auto at = std::find_if(set.checks.begin(), set.checks.end(),
                               [&](const auto& one) { return one.code == code; });
  REQUIRE_MESSAGE(at != set.checks.end(), code);
  return at->verdict;
}

/// What the rule of a code does not know of the only object of that kind.
std::string why_unknown(const mesh::Model& model, const std::string& code) {
  const auto set = found(model, code);
  REQUIRE_MESSAGE(set.unknown.size() == 1, code, " has ", set.unknown.size());
  return set.unknown.front().why;
}

constexpr const char* kShared =
    "{apiVersion: v1, kind: ConfigMap, metadata: {name: istio-shared-configmap-asm-1-28, "
    "namespace: aks-istio-system}, data: {mesh: 'accessLogFile: /dev/stdout'}}\n---\n";
constexpr const char* kValidated =
    "{apiVersion: v1, kind: Pod, metadata: {name: web-1, namespace: shop}, spec: {containers: "
    "[{name: istio-proxy, image: 'proxyv2:1.28.3'}], initContainers: [{name: istio-validation, "
    "image: 'proxyv2:1.28.3'}]}, status: {phase: Running}}\n---\n";
constexpr const char* kDeployment =
    "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: "
    "{selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: "
    "{containers: [{name: web, image: 'web:1'}]}}}}\n---\n";

bool speaks_of_files(const std::string& why) {
  for (const char* word : {"export", "add the", "in the input", "files"})
    if (why.find(word) != std::string::npos) return true;
  return false;
}

}  // namespace

TEST_CASE("unknown: nobody is told to export anything of a cluster that was read") {
  const std::string meshed = namespace_of("shop", "istio.io/rev: asm-1-28");
  const std::string istiod =
      "{apiVersion: apps/v1, kind: Deployment, metadata: {name: istiod-asm-1-28, namespace: "
      "aks-istio-system}, spec: {template: {spec: {containers: [{name: discovery, image: "
      "'pilot:1.28.10'}]}}}}\n---\n";
  for (const auto& [code, yaml] : std::vector<std::pair<std::string, std::string>>{
           {"AKM8006", kShared},
           {"AKM9002", kValidated},
           {"IST0158", meshed + kValidated},
           {"AKM3006", meshed + istiod + kValidated},
           {"AKM3101", istiod},
           {"AKM3002", namespace_of("pay", "istio.io/rev: prod")}}) {
    CAPTURE(code);
    CHECK_FALSE(speaks_of_files(why_unknown(*live_model(yaml), code)));
  }
  CHECK(why_unknown(*file_model(kShared), "AKM8006").find("an export of aks-istio-system") !=
        std::string::npos);
  CHECK(why_unknown(*file_model(kValidated), "AKM9002").find("add the DaemonSets") !=
        std::string::npos);
}

TEST_CASE("verdicts: what judges parts of the mesh passes nothing where there are none") {
  for (const auto& model : {file_model(kDeployment), live_model(kDeployment)}) {
    const auto set = found(*model);
    for (const std::string code :
         {"AKM1105", "AKM3101", "AKM5104", "AKM5110", "AKM5112", "AKM8101", "AKM3011", "AKM3012",
          "AKM4010", "AKM4012", "AKM4013", "AKM5009", "AKM5010", "AKM5011", "AKM9002", "AKM9003",
          "AKM9101", "AKM9102", "AKM9103", "AKM9104", "AKM9107", "AKM9108", "AKM9112"}) {
      CAPTURE(code);
      CHECK(verdict(set, code) == Verdict::not_applicable);
    }
  }
  const std::string istiod =
      "{apiVersion: apps/v1, kind: Deployment, metadata: {name: istiod-asm-1-28, namespace: "
      "aks-istio-system}, spec: {replicas: 1}, status: {readyReplicas: 1}}\n---\n";
  CHECK(verdict(found(*file_model(istiod)), "AKM4012") == Verdict::pass);
}

TEST_CASE("verdicts: only what looks at the missing part of a cluster stays open") {
  const std::string istiod =
      "{apiVersion: apps/v1, kind: Deployment, metadata: {name: istiod-asm-1-28, namespace: "
      "aks-istio-system}, spec: {replicas: 1}, status: {readyReplicas: 1}}\n---\n";
  FakeWorld world;
  kube::LiveObjects live{.unavailable = {{"services", "forbidden", Kind::service}},
                         .not_listed = {{Kind::service, "could not list services"}},
                         .whole = {Kind::deployment, Kind::name_space, Kind::virtual_service}};
  live.answers.push_back(
      {.name = "objects", .live = true, .tree = data::read_documents(istiod, {}).tree});
  const mesh::Model model(kube::read_manifests(world.files, {}, {}, std::move(live)), {});
  auto set = found(model);
  report::settle_verdicts(set);
  CHECK_FALSE(set.complete);
  CHECK(verdict(set, "AKM4012") == Verdict::pass);
  CHECK(verdict(set, "AKM5011") == Verdict::unknown);
  CHECK(verdict(set, "AKM7001") == Verdict::unknown);  // looks at each kind by itself
}

TEST_CASE("verdicts: what was lost of a file may be anything") {
  const std::string istiod =
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: istiod-asm-1-28, namespace: "
      "aks-istio-system}\nspec: {replicas: 1}\nstatus: {readyReplicas: 1}\n";
  for (const auto& [yaml, wanted] :
       {std::pair{istiod, Verdict::pass}, {istiod + "---\n{\n", Verdict::unknown}}) {
    auto set = found(*file_model(yaml));
    report::settle_verdicts(set);
    CHECK(verdict(set, "AKM4012") == wanted);
  }
}

TEST_CASE("verdicts: two clusters pass together only") {
  report::FindingSet one{.checks = {{.code = "AKM4012", .verdict = Verdict::pass}}};
  report::FindingSet other{
      .checks = {{.code = "AKM4012", .verdict = Verdict::pass, .partial = true}}};
  report::merge(one, std::move(other));
  CHECK(verdict(one, "AKM4012") == Verdict::unknown);
}

TEST_CASE("what two rules say of one object is told once") {
  const auto policy_of = [](const std::string& labels) {
    return "apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: p, "
           "namespace: shop}\nspec: {selector: {matchLabels: {" +
           labels + "}}, action: ALLOW, rules: [{}]}\n---\n";
  };
  FakeWorld world;
  world.files.content["a.yaml"] = policy_of("istio.io/gateway-name: shop") + kDeployment +
                                  namespace_of("shop", "istio.io/rev: asm-1-28");
  const auto codes_in = [&](const std::string& more) {
    world.run("aksmesh analyze -o json --revision asm-1-28 --only AKM2021 --only IST0127 " + more +
              " a.yaml");
    return world.out.text;
  };
  const auto told = codes_in("");
  CHECK(told.find("\"AKM2021\"") != std::string::npos);
  CHECK(told.find("\"IST0127\"") != std::string::npos);  // as related
  const auto set_of = [&](const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
    return count;
  };
  CHECK(set_of(told, "\"severity\"") == 1);

  const auto tag = injector_of("asm-1-27", "prod") + injector_of("asm-1-28") +
                   service_of("asm-1-28") +
                   "{apiVersion: apps/v1, kind: Deployment, metadata: {name: istiod-asm-1-28, "
                   "namespace: aks-istio-system}}\n---\n";
  const auto set = found(*live_model(tag));
  std::vector<std::string> codes;
  for (const auto& one : set.findings)
    if (one.object.name == "istio-revision-tag-prod-aks-istio-system") {
      codes.push_back(one.code);
      for (const auto& related : one.related) codes.push_back('+' + related.code);
    }
  CHECK(std::count(codes.begin(), codes.end(), "AKM3008") == 1);
  CHECK(std::count(codes.begin(), codes.end(), "+IST0139") >= 1);
  CHECK(std::count(codes.begin(), codes.end(), "IST0139") == 0);
}

TEST_CASE("maintenance: a window of the right name is looked for when Azure answers") {
  const auto verdict_with = [](const checks::MaintenanceAnswer& answer,
                               const std::string& profile) {
    const auto cluster = cluster_of({.profile = profile});
    report::FindingSet set;
    checks::add_azure_findings({.cluster = cluster, .maintenance = answer, .today = {2026, 8, 1}},
                               "check", current(), {.codes = {"AKM4009"}}, set);
    return verdict(set, "AKM4009");
  };
  const auto mesh = mesh_json(R"("asm-1-28")");
  CHECK(verdict_with({.windows = {{"aksManagedAutoUpgradeSchedule"}}}, mesh) == Verdict::findings);
  CHECK(verdict_with({.windows = std::vector<std::string>{}}, mesh) == Verdict::findings);
  CHECK(verdict_with({.windows = {{"default"}}}, mesh) == Verdict::pass);
  CHECK(verdict_with({.why = "forbidden"}, mesh) == Verdict::unknown);
  CHECK(verdict_with({.windows = std::vector<std::string>{}}, R"({"mode":"Disabled"})") ==
        Verdict::pass);
}

TEST_CASE("Azure that did not answer leaves open what it would have told") {
  report::FindingSet set{
      .checks = {{.code = "AKM1001", .slug = "osm-addon-enabled", .verdict = Verdict::pass},
                 {.code = "AKM4012", .slug = "control-plane-down", .verdict = Verdict::pass}}};
  checks::leave_azure_open("check", set);
  report::settle_verdicts(set);
  CHECK(verdict(set, "AKM1001") == Verdict::unknown);
  CHECK(verdict(set, "AKM4012") == Verdict::pass);
}

}  // namespace aksmesh::test
