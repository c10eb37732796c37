// SPDX-License-Identifier: Apache-2.0
#include <set>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "support/fake_world.hpp"
#include "support/golden.hpp"

namespace aksmesh::test {
namespace {

constexpr const char* kProxyConfig =
    "apiVersion: networking.istio.io/v1beta1\nkind: ProxyConfig\nmetadata: {name: tuned, "
    "namespace: shop}\n";
constexpr const char* kNamespace = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n";

void put(FakeWorld& world, const std::string& name, const std::string& text) {
  world.files.content[name] = text;
}

/// The bundled sample, with the names that the quickstart shows.
void add_sample(FakeWorld& world) {
  for (const auto& path : source_files("packaging/sample/shop"))
    put(world, path, read_source_file(path));
}

nlohmann::json findings_of(const FakeWorld& world) {
  return nlohmann::json::parse(world.out.text)["findings"];
}

}  // namespace

TEST_CASE("analyze: every format of the bundled sample, all with the same exit code") {
  for (const std::string format : {"text", "wide", "json", "yaml", "sarif", "junit", "github",
                                   "azure-pipelines", "markdown"}) {
    CAPTURE(format);
    FakeWorld world;
    add_sample(world);
    CHECK(world.run("aksmesh analyze --revision asm-1-28 -o " + format +
                    " packaging/sample/shop") == 3);
    check_golden("analyze." + format, world.out.text);
  }
}

TEST_CASE("analyze: on a terminal, narrow, with colour and without UTF-8") {
  FakeWorld world;
  add_sample(world);
  world.out.terminal = true;
  world.width = 60;
  world.env.values = {{"TERM", "xterm"}, {"LANG", "C.UTF-8"}};
  CHECK(world.run("aksmesh analyze --revision asm-1-28 packaging/sample/shop") == 3);
  check_golden("analyze.terminal-60", world.out.text);
  world.env.values = {{"TERM", "xterm"}, {"LANG", "C"}, {"NO_COLOR", "1"}};
  world.width = 100;
  CHECK(world.run("aksmesh analyze --revision asm-1-28 packaging/sample/shop") == 3);
  check_golden("analyze.terminal-ascii", world.out.text);
}

TEST_CASE("analyze: thresholds decide the code, not the format or what is shown") {
  FakeWorld world;
  put(world, "a.yaml", kProxyConfig);
  CHECK(world.run("aksmesh analyze a.yaml") == 3);
  CHECK(world.run("aksmesh analyze --fail-on never a.yaml") == 0);
  CHECK(world.run("aksmesh analyze --policy upstream a.yaml") == 0);
  CHECK(world.run("aksmesh analyze --only AKM3001 a.yaml") == 0);
  put(world, "a.yaml",
      "apiVersion: networking.istio.io/v1alpha3\nkind: EnvoyFilter\nmetadata: {name: lua, "
      "namespace: shop}\n");
  CHECK(world.run("aksmesh analyze a.yaml") == 0);
  CHECK(world.run("aksmesh analyze --fail-on warning --show-from error a.yaml") == 3);
  CHECK(world.out.text.find("AKM2001") == std::string::npos);
  CHECK(world.run("aksmesh analyze --policy ga-2024-02 a.yaml") == 3);
}

TEST_CASE("analyze: what could not be read is 5, and the rest is analyzed") {
  FakeWorld world;
  put(world, "a.yaml", kNamespace);
  CHECK(world.run("aksmesh analyze a.yaml missing.yaml -o json") == 5);
  auto document = nlohmann::json::parse(world.out.text);
  CHECK(document["complete"] == false);
  REQUIRE(document["unavailable"].size() == 1);
  CHECK(document["unavailable"][0]["what"] == "missing.yaml");
  put(world, "b.yaml", kProxyConfig);
  CHECK(world.run("aksmesh analyze a.yaml b.yaml missing.yaml") == 3);
  put(world, "b.yaml", "a: [");
  CHECK(world.run("aksmesh analyze a.yaml b.yaml -o json") == 3);
  document = nlohmann::json::parse(world.out.text);
  CHECK(document["complete"] == false);
  CHECK(document["findings"][0]["code"] == "AKM9901");
}

TEST_CASE("analyze: a check that cannot look is unknown, never passed") {
  FakeWorld world;
  put(world, "a.yaml", kProxyConfig);
  CHECK(world.run("aksmesh analyze -o json --only AKM1101 a.yaml") == 5);
  const auto document = nlohmann::json::parse(world.out.text);
  CHECK(document["unknown"][0]["reach"] == "offline");
  CHECK(document["checks"][0]["verdict"] == "unknown");
  CHECK(world.run("aksmesh analyze --only AKM1101 a.yaml") == 5);
  CHECK(world.out.text.find("✔") == std::string::npos);
  // Beside a check that looks it is listed, and counts on demand.
  CHECK(world.run("aksmesh analyze --only AKM1101 --only AKM3001 a.yaml") == 0);
  CHECK(world.run("aksmesh analyze --fail-on-unknown --only AKM1101 --only AKM3001 a.yaml") == 5);
}

TEST_CASE("analyze: a check that can find nothing whatever the input holds is a mistake") {
  FakeWorld world;
  put(world, "a.yaml", kProxyConfig);
  for (const char* line : {"aksmesh analyze --policy upstream --only AKM2002 a.yaml",
                           "aksmesh analyze --policy upstream --only AKM7107 a.yaml"}) {
    CAPTURE(line);
    CHECK(world.run(std::string(line)) == 2);
    CHECK(world.err.text.find("it is no rule of the policy upstream") != std::string::npos);
  }
  CHECK(world.run("aksmesh analyze --only AKM1011 a.yaml") == 2);
  CHECK(world.err.text.find("the policy current has nothing to report of it") != std::string::npos);
  CHECK(world.run("aksmesh analyze --only AKM9901 a.yaml") == 0);
}

TEST_CASE("analyze: nothing seen is not nothing found") {
  FakeWorld world;
  put(world, "a.yaml", kProxyConfig);
  put(world, "comment.yaml", "# later\n");
  put(world, "values.yaml", "replicas: 2\n");
  for (const char* command : {"analyze", "validate"}) {
    for (const char* input : {"-", "comment.yaml", "values.yaml"}) {
      CAPTURE(input);
      CHECK(world.run({"aksmesh", command, "-o", "json", input}) == 5);
      CHECK(world.err.text.find("no Kubernetes object was found in") != std::string::npos);
      const auto document = nlohmann::json::parse(world.out.text);
      CHECK(document["complete"] == false);
      CHECK(document["unavailable"].size() == 1);
    }
    CHECK(world.run({"aksmesh", command, "-n", "shpo", "a.yaml"}) == 5);
    CHECK(world.err.text ==
          "note: no object of namespace shpo is in the input; it has: shop; did you mean shop?\n");
    CHECK(world.run({"aksmesh", command, "-n", "bad_ns!", "a.yaml"}) == 2);
  }
}

TEST_CASE("analyze: -n leaves out what is said of other namespaces, and counts what is left") {
  FakeWorld world;
  // The labels of both ask for a revision that nobody names.
  put(world, "a.yaml",
      "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {istio.io/rev: asm-1-27}}\n"
      "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: pay, labels: {istio.io/rev: "
      "asm-1-27}}\n");
  CHECK(world.run("aksmesh analyze -o json --only AKM3002 -n shop a.yaml") == 0);
  const auto document = nlohmann::json::parse(world.out.text);
  REQUIRE(document["unknown"].size() == 1);
  CHECK(document["unknown"][0]["object"]["name"] == "shop");
  CHECK(world.run("aksmesh analyze --only AKM3002 -n shop a.yaml") == 0);
  CHECK(world.out.text.find("in 1 object of 1 file") != std::string::npos);
}

TEST_CASE("analyze: a check that saw no object of the input, or not all of it, did not pass") {
  FakeWorld world;
  const auto verdicts = [&] {
    std::set<std::string> out;
    const auto document = nlohmann::json::parse(world.out.text);
    for (const auto& check : document["checks"]) out.insert(check["verdict"].get<std::string>());
    return out;
  };
  // The gateways that are there by default are no part of the input.
  put(world, "a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: shop}\n");
  CHECK(world.run(
            "aksmesh analyze -o json --policy upstream --only IST0118 --only IST0162 a.yaml") == 0);
  CHECK(verdicts() == std::set<std::string>{"not-applicable"});
  put(world, "a.yaml", kNamespace);
  CHECK(world.run("aksmesh analyze -o json --only AKM3001 a.yaml") == 0);
  CHECK(verdicts() == std::set<std::string>{"pass"});
  put(world, "a.yaml", std::string(kNamespace) + "---\na: [\n");
  CHECK(world.run("aksmesh analyze -o json --only AKM3001 a.yaml") == 3);
  CHECK(verdicts() == std::set<std::string>{"unknown"});
  CHECK(world.run("aksmesh analyze -o junit --only AKM3001 a.yaml") == 3);
  CHECK(world.out.text.find("unknown: part of the input could not be read") != std::string::npos);
}

TEST_CASE("analyze: a dated policy says nothing about what is not recorded for it") {
  FakeWorld world;
  put(world, "a.yaml",
      "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {istio-injection: "
      "enabled}}\n");
  CHECK(world.run(
            "aksmesh analyze -o json --policy 2025-05 --only injection-default-label a.yaml") == 5);
  const auto document = nlohmann::json::parse(world.out.text);
  CHECK(document["findings"].empty());
  CHECK(document["checks"][0]["verdict"] == "unknown");
}

TEST_CASE("analyze: suppression by option and annotation") {
  FakeWorld world;
  put(world, "a.yaml", kProxyConfig);
  for (const char* rule : {"AKM2002=ProxyConfig shop/tuned", "AKM2002=ProxyConfig tuned.shop",
                           "cr-proxyconfig=ProxyConfig shop/*", "AKM2002"}) {
    CAPTURE(rule);
    CHECK(world.run({"aksmesh", "analyze", "--suppress", rule, "a.yaml"}) == 0);
    CHECK(world.out.text.find("1 suppressed") != std::string::npos);
  }
  CHECK(world.run({"aksmesh", "analyze", "-S", "AKM2002=ProxyConfig other/*", "a.yaml"}) == 3);
  CHECK(world.run({"aksmesh", "analyze", "--suppress", "AKM2000=x", "a.yaml"}) == 2);
  CHECK(world.run({"aksmesh", "analyze", "--suppress", "AKM2002=ProxyConfig", "a.yaml"}) == 2);
  CHECK(world.err.text.find("AKM2002=ProxyConfig *") != std::string::npos);
  const std::vector<std::string> wrong_case{"aksmesh", "analyze", "--suppress",
                                            "AKM2002=proxyconfig shop/tuned", "a.yaml"};
  CHECK(world.run(wrong_case) == 3);
  CHECK(world.err.text == "note: --suppress 'AKM2002=proxyconfig shop/tuned' matched nothing\n");
  // Where the check did not run, nothing can be said.
  auto other_check = wrong_case;
  other_check.insert(other_check.end(), {"--only", "AKM3001"});
  CHECK(world.run(other_check) == 0);
  CHECK(world.err.text.empty());
  CHECK(world.run("aksmesh analyze --suppress AKM2002 --show-suppressed -o json a.yaml") == 0);
  CHECK(findings_of(world)[0]["suppression"]["by"] == "--suppress");
  put(world, "a.yaml",
      "apiVersion: networking.istio.io/v1beta1\nkind: ProxyConfig\nmetadata:\n  name: tuned\n  "
      "annotations: {galley.istio.io/analyze-suppress: 'AKM1, AKM2002'}\n");
  CHECK(world.run("aksmesh analyze -o json a.yaml") == 0);
  CHECK(nlohmann::json::parse(world.out.text)["summary"]["suppressed"] == 1);
  CHECK(world.err.text.find("of ProxyConfig default/tuned (a.yaml:5) accepts nothing with 'AKM1', "
                            "which is no code") != std::string::npos);
  CHECK(world.run("aksmesh analyze --policy upstream a.yaml") == 0);
  CHECK(world.err.text.empty());
}

TEST_CASE("analyze: a check's verdict is that of what is left of its findings") {
  FakeWorld world;
  put(world, "a.yaml",
      std::string(kProxyConfig) +
          "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: other}\n");
  const auto verdict = [&](std::vector<std::string> more) {
    std::vector<std::string> args{"aksmesh", "analyze", "-o",    "json",
                                  "--only",  "AKM2002", "a.yaml"};
    args.insert(args.end(), more.begin(), more.end());
    world.run(args);
    return nlohmann::json::parse(world.out.text)["checks"][0]["verdict"].get<std::string>();
  };
  CHECK(verdict({}) == "findings");
  CHECK(verdict({"--suppress", "AKM2002"}) == "suppressed");
  CHECK(verdict({"--suppress", "AKM2002", "--show-suppressed"}) == "suppressed");
  CHECK(verdict({"-n", "other"}) == "pass");
  CHECK(verdict({"-n", "other", "-A"}) == "findings");
}

TEST_CASE("analyze: clusters are looked at each for itself") {
  FakeWorld world;
  put(world, "east/a.yaml", kProxyConfig);
  put(world, "west/a.yaml", kProxyConfig);
  put(world, "west/broken.yaml", "a: [");
  put(world, "b.yaml", kProxyConfig);
  const std::string line =
      "aksmesh analyze -o json --only AKM2002 b.yaml --cluster east=east/a.yaml --cluster "
      "west=west/a.yaml,west/broken.yaml";
  CHECK(world.run(line) == 3);
  const auto document = nlohmann::json::parse(world.out.text);
  const auto& findings = document["findings"];
  REQUIRE(findings.size() == 4);
  CHECK_FALSE(findings[0]["object"].contains("cluster"));
  CHECK(findings[1]["object"]["cluster"] == "east");
  CHECK(findings[2]["object"]["cluster"] == "west");
  CHECK(findings[3]["object"]["cluster"] == "west");
  CHECK(findings[3]["code"] == "AKM9901");
  CHECK(document["complete"] == false);
  CHECK(document["checks"].size() == 1);
  CHECK(world.run("aksmesh analyze --cluster east=east") == 3);
  CHECK(world.out.text.find("ProxyConfig shop/tuned [east]") != std::string::npos);
  // What is accepted in one cluster is not accepted in another.
  CHECK(world.run("aksmesh analyze --cluster east=east --write-baseline base.yaml") == 3);
  CHECK(world.run("aksmesh analyze --cluster east=east --baseline base.yaml") == 0);
  CHECK(world.run("aksmesh analyze --cluster west=west/a.yaml --baseline base.yaml") == 3);
}

TEST_CASE("analyze: mesh configuration and networks that an option names") {
  FakeWorld world;
  put(world, "mesh.yaml", "rootNamespce: x\n");  // nothing that looks like a mesh configuration
  put(world, "list.yaml", "- a\n");
  put(world, "networks.yaml", "networks: {}\n");
  CHECK(world.run("aksmesh analyze mesh.yaml -o json") == 5);
  CHECK(findings_of(world).empty());
  CHECK(world.run("aksmesh analyze --meshConfigFile mesh.yaml -o json") == 3);
  CHECK(findings_of(world)[0]["where"]["file"] == "mesh.yaml");
  CHECK(world.run("aksmesh analyze --meshConfigFile list.yaml -o json") == 3);
  CHECK(findings_of(world)[0]["message"] == "a mesh configuration must be a mapping");
  CHECK(world.run("aksmesh analyze --meshConfigFile missing.yaml") == 5);
  CHECK(world.run("aksmesh analyze --meshNetworksFile networks.yaml") == 0);
  put(world, "networks.yaml", "networks: {n: {endpoints: [{fromRegistry: nowhere}]}}\n");
  CHECK(world.run("aksmesh analyze --policy upstream --meshNetworksFile networks.yaml -o json") ==
        3);
  CHECK(findings_of(world)[0]["code"] == "IST0126");
  put(world, "networks.yaml", "networks: {");
  CHECK(world.run("aksmesh analyze --meshNetworksFile networks.yaml") == 3);
  CHECK(world.run("aksmesh analyze --meshNetworksFile missing.yaml") == 5);
}

TEST_CASE("analyze: a baseline accepts until its last day, then counts again") {
  FakeWorld world;
  put(world, "a.yaml", kProxyConfig);
  CHECK(world.run("aksmesh analyze --write-baseline base.yaml a.yaml") == 3);
  CHECK(world.run("aksmesh analyze --baseline base.yaml a.yaml") == 0);
  world.files.content["base.yaml"] += "  expires: 2026-09-01\n";
  CHECK(world.run("aksmesh analyze --baseline base.yaml a.yaml") == 0);
  world.clock.day = {2026, 9, 2};
  CHECK(world.run("aksmesh analyze --baseline base.yaml a.yaml") == 3);
  CHECK(world.out.text.find("AKM9906") != std::string::npos);
  put(world, "a.yaml", kNamespace);
  CHECK(world.run("aksmesh analyze --baseline base.yaml a.yaml") == 0);
  CHECK(world.err.text.find("matched nothing") != std::string::npos);
  put(world, "base.yaml", "schema: aksmesh/baseline/v1\nentries:\n- code: AKM0\n");
  CHECK(world.run("aksmesh analyze --baseline base.yaml a.yaml") == 2);
  CHECK(world.err.text.find("base.yaml:3:") != std::string::npos);
  CHECK(world.run("aksmesh analyze --baseline missing.yaml a.yaml") == 2);
}

TEST_CASE("analyze: what a baseline accepts of one text it accepts of no other") {
  FakeWorld world;
  put(world, "a.yaml", std::string(kNamespace) + "kind: Namespace\n");
  put(world, "b.yaml", std::string(kNamespace) + "metadata: {name: b}\n");
  CHECK(world.run("aksmesh analyze --write-baseline base.yaml a.yaml") == 3);
  CHECK(world.run("aksmesh analyze --baseline base.yaml a.yaml") == 0);
  CHECK(world.run("aksmesh analyze --baseline base.yaml b.yaml") == 3);
  put(world, "a.yaml", std::string(kNamespace) + "metadata: {name: a}\n");
  CHECK(world.run("aksmesh analyze --baseline base.yaml a.yaml") == 3);
}

TEST_CASE("analyze: a rewritten baseline keeps reasons and dates") {
  FakeWorld world;
  put(world, "a.yaml", kProxyConfig);
  CHECK(world.run("aksmesh analyze --write-baseline base.yaml a.yaml") == 3);
  auto& baseline = world.files.content["base.yaml"];
  baseline.replace(baseline.find("reason: \"\""), 10,
                   "reason: \"waits for \\\"4.0\\\"\"\n  expires: 2027-01-01");
  CHECK(world.run("aksmesh analyze --write-baseline base.yaml a.yaml") == 0);
  CHECK(baseline.find("waits for \\\"4.0\\\"") != std::string::npos);
  CHECK(baseline.find("2027-01-01") != std::string::npos);
}

TEST_CASE("analyze: directories are read recursively, dot names and ignored names are not") {
  FakeWorld world;
  for (const char* name : {"m/a.yaml", "m/deep/b.yml", "m/.git/c.yaml", "m/skip/d.yaml", "m/e.txt",
                           "m/deep/f-test.yaml"})
    put(world, name, kProxyConfig);
  put(world, "m/.aksmeshignore", "# not ours\nskip/\n");
  CHECK(world.run("aksmesh analyze -o json --ignore *-test.yaml m") == 3);
  const auto findings = findings_of(world);
  REQUIRE(findings.size() == 2);
  CHECK(findings[0]["where"]["file"] == "m/a.yaml");
  CHECK(findings[1]["where"]["file"] == "m/deep/b.yml");
}

TEST_CASE("analyze: lists, typed lists and arrays of objects") {
  FakeWorld world;
  put(world, "list.json",
      R"({"kind":"List","apiVersion":"v1","items":[{"apiVersion":"networking.istio.io/v1beta1","kind":"ProxyConfig","metadata":{"name":"a"}}]})");
  put(world, "typed.json",
      R"({"kind":"ProxyConfigList","apiVersion":"networking.istio.io/v1beta1","items":[{"metadata":{"name":"b"}}]})");
  put(world, "array.json",
      R"([{"apiVersion":"networking.istio.io/v1beta1","kind":"ProxyConfig","metadata":{"name":"c"}}])");
  CHECK(world.run("aksmesh analyze -o json list.json typed.json array.json") == 3);
  CHECK(findings_of(world).size() == 3);
}

TEST_CASE("analyze: -n filters and gives a namespace to objects without one") {
  FakeWorld world;
  put(world, "a.yaml",
      "apiVersion: networking.istio.io/v1beta1\nkind: ProxyConfig\nmetadata: {name: a}\n---\n" +
          std::string(kProxyConfig));
  CHECK(world.run("aksmesh analyze -n team -o json a.yaml") == 3);
  const auto findings = findings_of(world);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0]["object"]["namespace"] == "team");
}

TEST_CASE("analyze: a policy file replaces the built-in table") {
  FakeWorld world;
  put(world, "a.yaml", kProxyConfig);
  put(world, "p.json",
      R"({"asOf":"2030-01-01","policies":[{"id":"mine"}],"customResourcePolicy":[],"limitations":[
    {"id":"cr-proxyconfig","title":"T","policies":{"mine":{"status":"advice","severity":"warning"}},"remedy":"R"}]})");
  CHECK(world.run("aksmesh analyze --policy-file p.json --policy mine -o json a.yaml") == 0);
  CHECK(findings_of(world)[0]["severity"] == "warning");
  CHECK(world.run("aksmesh analyze --policy-file p.json a.yaml") == 2);
  put(world, "p.json", "{}");
  CHECK(world.run("aksmesh analyze --policy-file p.json a.yaml") == 2);
}

TEST_CASE("analyze: --fix repairs what can be repaired safely, and then tells what is left") {
  // Shows which of the two gateways there is.
  const std::string shown =
      "---\napiVersion: v1\nkind: Service\nmetadata: {name: aks-istio-ingressgateway-external, "
      "namespace: aks-istio-ingress}\n";
  const std::string before =
      "# mine\napiVersion: networking.istio.io/v1beta1\nkind: Gateway\nmetadata: {name: g, "
      "namespace: shop}\nspec:\n  selector: {istio: ingressgateway}  # as ever\n---\n"
      "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    "
      "istio-injection: enabled\n" +
      shown;
  const std::string after =
      "# mine\napiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: {name: g, "
      "namespace: shop}\nspec:\n  selector: {istio: aks-istio-ingressgateway-external}  # as "
      "ever\n---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    "
      "istio.io/rev: asm-1-29\n" +
      shown;
  FakeWorld world;
  world.files.content["f.yaml"] = before;
  CHECK(world.run("aksmesh analyze --fix --dry-run --revision asm-1-29 f.yaml") == 3);
  CHECK(world.out.text.find("-    istio-injection: enabled\n+    istio.io/rev: asm-1-29\n") !=
        std::string::npos);
  CHECK(world.err.text == "note: 3 findings would be repaired in 1 file\n");
  CHECK(world.files.content["f.yaml"] == before);
  world.run("aksmesh analyze --fix --revision asm-1-29 f.yaml");
  CHECK(world.files.content["f.yaml"] == after);
  CHECK(world.err.text.find("note: 3 findings repaired in 1 file\n") != std::string::npos);
  CHECK(world.out.text.find("AKM3001") == std::string::npos);
  // A second run has nothing to do, and a suppressed finding is left as it is.
  world.run("aksmesh analyze --fix --revision asm-1-29 f.yaml");
  CHECK(world.err.text.find("note: nothing to repair\n") != std::string::npos);
  world.files.content["f.yaml"] = before;
  world.run("aksmesh analyze --fix --revision asm-1-29 --suppress AKM3001 f.yaml");
  CHECK(world.files.content["f.yaml"].find("istio-injection: enabled") != std::string::npos);
  CHECK(world.run("aksmesh analyze --dry-run f.yaml") == 2);
  CHECK(world.run("aksmesh analyze --fix --dry-run -o json f.yaml") == 2);
}

TEST_CASE("analyze: texts that name things as their reader does") {
  FakeWorld world;
  const auto output = [&](const std::string& text, const std::string& code) {
    world.files.content["f.yaml"] = text;
    world.out.text.clear();
    world.run("aksmesh analyze -o json --only " + code + " f.yaml");
    return world.out.text;
  };
  const auto has = [](const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  };
  CHECK(
      has(output("apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: web, "
                 "namespace: shop}\nspec:\n  parentRefs: [{name: public}]\n",
                 "AKM7202"),
          "no Gateways of the Gateway API in namespace shop"));
  const auto mesh = [](const std::string& config) {
    return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio-shared-configmap-asm-1-28, "
           "namespace: aks-istio-system}\ndata:\n  mesh: |\n    " +
           config + "\n";
  };
  CHECK(has(output(mesh("concurrency: 2"), "AKM8001"), "\"Move it under defaultConfig.\""));
  CHECK(has(output(mesh("accessLogFil: a"), "AKM8001"), "\"Write accessLogFile.\""));
  // What the add-on refuses is no cure.
  CHECK(has(output(mesh("rootNamespac: a"), "AKM8001"), "\"Remove the field.\""));
  std::string open =
      "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {istio.io/rev: asm-1-28}}\n"
      "---\napiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: orders, "
      "namespace: shop}\nspec:\n  selector: {matchLabels: {app: orders}}\n  action: ALLOW\n";
  for (const std::string name : {"a", "b"})
    open += "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: " + name +
            ", namespace: shop}\nspec:\n  template:\n    metadata: {labels: {app: " + name +
            "}}\n    spec: {containers: [{name: c, image: i, ports: [{containerPort: 80}]}]}\n";
  CHECK(has(output(open, "AKM7134"), "Deployment shop/a, Deployment shop/b"));
}

}  // namespace aksmesh::test
