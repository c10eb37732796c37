// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "base/strings.hpp"
#include "support/fake_world.hpp"
#include "support/golden.hpp"

namespace aksmesh::test {

TEST_CASE("cli: mistakes are usage errors with a way out") {
  struct Row {
    const char* line;
    const char* says;
  };
  for (const auto& row : {Row{"aksmesh analyse x", "did you mean aksmesh analyze?"},
                          Row{"aksmesh analyze --ploicy x y", "did you mean --policy?"},
                          Row{"aksmesh version --policy x", "--policy is an option of"},
                          Row{"aksmesh analyze", "nothing to analyze"},
                          Row{"aksmesh analyze -o xml x", "it prints text"},
                          Row{"aksmesh analyze -o jsno x", "-o json"},
                          Row{"aksmesh version -o sarif", "cannot print the format 'sarif'"},
                          Row{"aksmesh analyze --policy", "a value is missing: --policy NAME"},
                          Row{"aksmesh analyze --policy curent x", "--policy current"},
                          Row{"aksmesh analyze --fail-on eror x", "--fail-on error"},
                          Row{"aksmesh analyze --revision 1.28 x", "asm-X-Y"},
                          Row{"aksmesh explain AKM20", "aksmesh checks"},
                          Row{"aksmesh version extra", "does not take 'extra'"},
                          Row{"aksmesh analyze --only AKM200 x", "unknown check"},
                          Row{"aksmesh install", "installed by Azure"},
                          Row{"aksmesh analyze --limit depth=x y", "NAME=N"},
                          Row{"aksmesh analyze --policy a --policy b x", "given 2 times"},
                          Row{"aksmesh completion tcsh", "bash, zsh, fish"},
                          Row{"aksmesh completion zhs", "aksmesh completion zsh"},
                          Row{"aksmesh --polcy x", "did you mean --policy?"},
                          Row{"aksmesh --polcy x analyze y", "unknown option --polcy"},
                          Row{"aksmesh --policy x", "no command is given"},
                          Row{"aksmesh analyze --policy= x", "a value is missing: --policy NAME"},
                          Row{"aksmesh analyze --use-kube=no x", "--live=false"},
                          Row{"aksmesh analyze -n -o json x", "a value is missing: -n NAME"},
                          Row{"aksmesh analyze -n --polcy x", "a value is missing: -n NAME"},
                          Row{"aksmesh analyze -f -odd.yaml", "-f=-odd.yaml"},
                          Row{"aksmesh explain AKM1 AKM2", "unknown codes 'AKM1', 'AKM2'"},
                          Row{"aksmesh analyze --cluster east x", "--cluster east=manifests/"},
                          Row{"aksmesh analyze --cluster =a x", "--cluster NAME=FILES"},
                          Row{"aksmesh analyze --cluster east=, x", "--cluster NAME=FILES"}}) {
    CAPTURE(row.line);
    FakeWorld world;
    CHECK(world.run(std::string(row.line)) == 2);
    CHECK_MESSAGE(world.err.text.find(row.says) != std::string::npos, world.err.text);
    CHECK(world.out.text.empty());
  }
}

TEST_CASE("cli: with -o json the error is one JSON object") {
  FakeWorld world;
  CHECK(world.run("aksmesh analyze -o json") == 2);
  const auto error = nlohmann::json::parse(world.err.text);
  CHECK(error["kind"] == "usage");
  CHECK(error["what"] == "nothing to analyze");
}

TEST_CASE("cli: format and colour of a mistake are told before the line is understood") {
  struct Row {
    const char* line;
    const char* starts;
  };
  for (const auto& row :
       {Row{"aksmesh analyz -o json", "{"}, Row{"aksmesh -ojson analyz", "{"},
        Row{"aksmesh -o=json analyze", "{"}, Row{"aksmesh analyze --output=yaml --polcy", "{"},
        Row{"aksmesh analyze -n -o json", "{"}, Row{"aksmesh analyz -- -o json", "error:"},
        Row{"aksmesh analyz --color always", "\033["}}) {
    CAPTURE(row.line);
    FakeWorld world;
    CHECK(world.run(std::string(row.line)) == 2);
    CHECK_MESSAGE(world.err.text.starts_with(row.starts), world.err.text);
  }
  FakeWorld world;
  world.env.values["AKSMESH_OUTPUT"] = "json";
  CHECK(world.run("aksmesh analyz") == 2);
  CHECK(world.err.text.starts_with("{"));
  CHECK(world.run("aksmesh -o text analyz") == 2);
  CHECK(world.err.text.starts_with("error:"));
}

TEST_CASE("cli: values may be joined to short options, options may stand before the command") {
  FakeWorld world;
  world.files.content["-odd.yaml"] = "kind: Namespace\napiVersion: v1\nmetadata: {name: shop}\n";
  for (const char* line :
       {"aksmesh analyze -o=json -f=-odd.yaml", "aksmesh -ojson analyze -f-odd.yaml",
        "aksmesh --only AKM3001 -o json analyze -- -odd.yaml",
        "aksmesh analyze -qvo json -- -odd.yaml",
        "aksmesh analyze --use-kube=F -o json -- -odd.yaml"}) {
    CAPTURE(line);
    CHECK_MESSAGE(world.run(std::string(line)) == 0, world.err.text);
    CHECK(world.out.text.starts_with("{"));
  }
}

TEST_CASE("cli: whoever has to type the input is told so, nobody else") {
  const auto told = [](bool types, bool reads_messages, const std::string& line) {
    FakeWorld world;
    world.files.standard_input = "kind: Namespace\napiVersion: v1\nmetadata: {name: shop}\n";
    world.in_is_terminal = types;
    world.err.terminal = reads_messages;
    CHECK(world.run(line) == 0);
    return !world.err.text.empty();
  };
  CHECK(told(true, true, "aksmesh analyze -"));
  CHECK_FALSE(told(true, true, "aksmesh version"));
  CHECK_FALSE(told(false, true, "aksmesh analyze -"));
  CHECK_FALSE(told(true, false, "aksmesh analyze -"));
  CHECK_FALSE(told(true, true, "aksmesh analyze -q -"));
  CHECK_FALSE(told(true, true, "aksmesh analyze -o json -"));
}

TEST_CASE("cli: no word of the line reaches the terminal as a command") {
  FakeWorld world;
  CHECK(world.run({"aksmesh", "explain", "a\x1b[31m\nb", "\u202E"}) == 2);
  CHECK(world.err.text.find('\x1b') == std::string::npos);
  CHECK(world.err.text.find("'a\\u001b[31m\\nb'") != std::string::npos);
}

TEST_CASE(
    "cli: help goes to standard output and works anywhere, with the name the program was called "
    "by") {
  FakeWorld world;
  CHECK(world.run("mesh analyze --nonsense -h") == 0);
  CHECK(world.out.text.find("Usage: mesh analyze [PATH...]") != std::string::npos);
  CHECK(world.run("/usr/bin/kubectl-aksmesh --help") == 0);
  CHECK(world.out.text.find("kubectl aksmesh COMMAND") != std::string::npos);
  CHECK(world.run("aksmesh") == 2);
  CHECK(world.out.text.empty());
  CHECK(world.err.text == "Usage: aksmesh COMMAND [options]\nMore: aksmesh help\n");
  CHECK(world.run("aksmesh --version") == 0);
  CHECK(world.out.text.starts_with("aksmesh "));
}

TEST_CASE("cli: help pages") {
  FakeWorld world;
  CHECK(world.run("aksmesh help") == 0);
  check_golden("help.overview", world.out.text);
  CHECK(world.run("aksmesh analyze -h") == 0);
  check_golden("help.analyze-short", world.out.text);
  CHECK(world.run("aksmesh help analyze") == 0);
  check_golden("help.analyze-long", world.out.text);
  CHECK(world.run("aksmesh help exit-codes") == 0);
  // As wide as the terminal, as far as lines of that length can be read.
  world.out.terminal = true;
  for (const int width : {60, 160}) {
    world.width = width;
    for (const char* line : {"aksmesh analyze -h", "aksmesh help analyze", "aksmesh -h"}) {
      CAPTURE(line);
      CHECK(world.run(std::string(line)) == 0);
      std::size_t longest = 0;
      for (const auto one : split(world.out.text, '\n'))
        if (one.starts_with("  ") && !one.starts_with("  #") && one.find("aksmesh ") == one.npos)
          longest = std::max(longest, one.size());
      CHECK(longest <= (width == 60 ? 60U : 110U));  // bytes, of which a column may take several
      CHECK(longest > (width == 60 ? 50U : 80U));
    }
  }
  world.out.terminal = false;
  CHECK(world.run("aksmesh help exit-cods") == 2);
  CHECK(world.err.text.find("aksmesh help exit-codes") != std::string::npos);
}

TEST_CASE("cli: options may stand before the command, and variables give defaults") {
  FakeWorld world;
  CHECK(world.run("aksmesh -o json version") == 0);
  CHECK(nlohmann::json::parse(world.out.text)["schema"] == "aksmesh/version/v1");
  world.env.values["AKSMESH_OUTPUT"] = "yaml";
  CHECK(world.run("aksmesh version") == 0);
  CHECK(world.out.text.starts_with("schema: "));
  CHECK(world.run("aksmesh version -o text") == 0);
  CHECK(world.out.text.starts_with("aksmesh "));
  // A default that suits other commands leaves this one its own.
  world.env.values["AKSMESH_OUTPUT"] = "sarif";
  CHECK(world.run("aksmesh version") == 0);
  CHECK(world.out.text.starts_with("aksmesh "));
  world.env.values["AKSMESH_OUTPUT"] = "sarfi";
  CHECK(world.run("aksmesh version") == 2);
  CHECK(world.err.text.find("AKSMESH_OUTPUT=sarif") != std::string::npos);
  world.env.values.clear();
  world.env.values["AKSMESH_POLICY"] = "bogus";
  for (const char* line : {"aksmesh analyze a.yaml", "aksmesh checks", "aksmesh explain AKM2001"}) {
    CHECK(world.run(std::string(line)) == 2);
    CHECK(world.err.text.starts_with("error: AKSMESH_POLICY: unknown policy 'bogus'\n"));
  }
  CHECK(world.run("aksmesh checks --policy bogus") == 2);
  CHECK(world.err.text.starts_with("error: unknown policy 'bogus'\n"));
  world.env.values.clear();
  world.env.values["AKSMESH_COLOR"] = "sometimes";
  CHECK(world.run("aksmesh version") == 2);
  CHECK(world.err.text.find("AKSMESH_COLOR") != std::string::npos);
}

TEST_CASE("cli: colour by option, variables and terminal, strongest first") {
  const auto colored = [](bool terminal, std::map<std::string, std::string> variables,
                          const std::string& option) {
    FakeWorld world;
    world.out.terminal = terminal;
    world.env.values = std::move(variables);
    CHECK(world.run("aksmesh explain AKM9901 " + option) == 0);
    return world.out.text.find('\033') != std::string::npos;
  };
  CHECK(colored(true, {{"TERM", "xterm"}}, ""));
  CHECK_FALSE(colored(false, {{"TERM", "xterm"}}, ""));
  CHECK_FALSE(colored(true, {{"TERM", "dumb"}}, ""));
  CHECK_FALSE(colored(true, {{"TERM", "xterm"}, {"NO_COLOR", "1"}}, ""));
  CHECK(colored(true, {{"TERM", "xterm"}, {"NO_COLOR", ""}}, ""));
  CHECK(colored(false, {{"CLICOLOR_FORCE", "1"}}, ""));
  CHECK_FALSE(colored(false, {{"FORCE_COLOR", "0"}}, ""));
  CHECK_FALSE(colored(false, {{"FORCE_COLOR", "1"}, {"NO_COLOR", "1"}}, ""));
  CHECK(colored(false, {{"NO_COLOR", "1"}}, "--color always"));
  CHECK_FALSE(colored(true, {{"TERM", "xterm"}}, "--color=never"));
}

TEST_CASE("cli: a result that cannot be written is a failure") {
  FakeWorld world;
  world.out.broken = "No space left on device";
  for (const char* line : {"aksmesh version", "aksmesh --version", "aksmesh analyze -h",
                           "aksmesh --help", "aksmesh help analyze"}) {
    CAPTURE(line);
    CHECK(world.run(std::string(line)) == 1);
    CHECK(world.err.text.find("No space left") != std::string::npos);
  }
}

TEST_CASE("cli: --output-file takes the result, standard output stays empty") {
  FakeWorld world;
  CHECK(world.run("aksmesh version -o json --output-file v.json") == 0);
  CHECK(world.out.text.empty());
  CHECK(nlohmann::json::parse(world.files.content["v.json"])["version"].is_string());
}

TEST_CASE("cli: completion offers commands, options, values and codes") {
  struct Row {
    std::vector<std::string> words;
    const char* offers;
  };
  for (const auto& row :
       {Row{{""}, "analyze\t"}, Row{{"ch"}, "checks\t"}, Row{{"analyze", "--pol"}, "--policy\t"},
        Row{{"analyze", "-o", "sa"}, "sarif\n"}, Row{{"analyze", "--policy", ""}, "seed-2023\t"},
        Row{{"analyze", "--policy=up"}, "upstream\t"},
        Row{{"explain", "AKM2001"}, "AKM2001\tcr-envoyfilter"}, Row{{"analyze", ""}, ":files"},
        Row{{"analyze", "--revision", "asm-1-3"}, "asm-1-30\t"},
        Row{{"-o", "json", "ver"}, "version\t"}, Row{{"-ojson", "ver"}, "version\t"},
        Row{{"--only", "AKM2001", "ana"}, "analyze\t"}, Row{{"--only", "AKM200"}, "AKM2001\t"},
        Row{{"dashboard", "gr"}, "grafana\tGrafana"}, Row{{"version", "-o", ""}, "yaml\n"}}) {
    FakeWorld world;
    std::vector<std::string> args{"aksmesh", "__complete"};
    args.insert(args.end(), row.words.begin(), row.words.end());
    CAPTURE(row.offers);
    CHECK(world.run(args) == 0);
    CHECK_MESSAGE(world.out.text.find(row.offers) != std::string::npos, world.out.text);
    CHECK(world.err.text.empty());
  }
  FakeWorld world;
  CHECK(world.run({"aksmesh", "__complete", "version", "-o", "sarif"}) == 0);
  CHECK(world.out.text.empty());
  // Behind `--` there are operands only.
  CHECK(world.run({"aksmesh", "__complete", "analyze", "--", "--pol"}) == 0);
  CHECK(world.out.text == ":files\n");
  CHECK(world.run({"aksmesh", "__complete", "--", "-"}) == 0);
  CHECK(world.out.text.empty());
  // Behind a dashboard stands a pod.
  CHECK(world.run({"aksmesh", "__complete", "dashboard", "envoy", ""}) == 0);
  CHECK(world.out.text.empty());
}

TEST_CASE("cli: completion offers the contexts of the kubeconfig") {
  FakeWorld world;
  world.env.values = {{"HOME", "/home/u"}, {"KUBECONFIG", "one:missing:two"}};
  world.files.content["one"] =
      "current-context: prod-us\ncontexts: [{name: prod-us}, {name: prod-eu}, {name: test}]\n";
  world.files.content["two"] =
      "contexts: [{name: prod-us}, {name: stage}, {name: '$(id)'}, {name: 'a b'}, {name: ''}, "
      "{name: \"x\\ty\"}, {name: ':files'}, {name: -x}]\n";
  world.files.content["/home/u/own"] = "contexts: [{name: mine}]\n";
  world.files.content["/home/u/broken"] = "contexts: [{name: mine}\n  - [";
  const auto offered = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {"aksmesh", "__complete"});
    CHECK(world.run(words) == 0);
    CHECK(world.err.text.empty());
    return world.out.text;
  };
  CHECK(offered({"status", "--context", ""}) == "prod-eu\nprod-us\tcurrent\nstage\ntest\n");
  CHECK(offered({"analyze", "--context=st"}) == "stage\n");
  CHECK(offered({"--context", "prod-e"}) == "prod-eu\n");
  CHECK(offered({"credentials", "--context", "te"}) == "test\n");
  CHECK(offered({"status", "--contexts", "s"}) == "stage\n");
  CHECK(offered({"status", "--contexts", "stage,prod-"}) ==
        "stage,prod-eu\nstage,prod-us\tcurrent\n");
  CHECK(offered({"status", "--contexts=prod-us,stage,"}) ==
        "prod-us,stage,prod-eu\nprod-us,stage,test\n");
  // A comma is no end of the name of one context.
  CHECK(offered({"status", "--context", "stage,"}).empty());
  for (const char* file : {"/home/u/own", "~/own"}) {
    CHECK(offered({"status", "--kubeconfig", file, "--context", ""}) == "mine\n");
    CHECK(offered({"--kubeconfig=" + std::string(file), "status", "--context", ""}) == "mine\n");
  }
  for (const char* file : {"/home/u/broken", "/home/u/missing"})
    CHECK(offered({"status", "--kubeconfig", file, "--context", ""}).empty());
}

TEST_CASE("cli: marks follow the locale on every stream, and what installs only a terminal") {
  FakeWorld world;
  world.files.content["a.yaml"] = "kind: Namespace\napiVersion: v1\nmetadata: {name: shop}\n";
  const auto marks = [&](std::map<std::string, std::string> variables, bool terminal) {
    world.env.values = std::move(variables);
    world.out.terminal = terminal;
    CHECK(world.run("aksmesh analyze --only AKM3001 a.yaml") == 0);
    return world.out.text.substr(0, world.out.text.find(' '));
  };
  CHECK(marks({{"LC_ALL", "C"}}, false) == "ok");
  CHECK(marks({{"LC_ALL", "C.UTF-8"}}, false) == "✔");
  CHECK(marks({{"LC_ALL", "C"}}, true) == "ok");
  CHECK(marks({}, true) == "ok");
  CHECK(marks({}, false) == "✔");
  world.out.terminal = false;
  CHECK(world.run("aksmesh completion bash") == 0);
  CHECK(world.err.text.empty());
  world.out.terminal = true;
  CHECK(world.run("aksmesh completion bash") == 0);
  CHECK(world.err.text.find("to install:") != std::string::npos);
}

}  // namespace aksmesh::test
