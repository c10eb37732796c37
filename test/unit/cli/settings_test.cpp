// SPDX-License-Identifier: Apache-2.0
// The settings file as every command reads it.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "support/fake_world.hpp"

namespace aksmesh::test {
namespace {

constexpr const char* kFile = "/home/u/.config/aksmesh/config.yaml";

struct Configured : FakeWorld {
  explicit Configured(const std::string& text) {
    env.values["HOME"] = "/home/u";
    files.content[kFile] = text;
    files.content["warned.yaml"] =
        "apiVersion: networking.istio.io/v1alpha3\nkind: EnvoyFilter\n"
        "metadata: {name: lua, namespace: shop}\n";
  }
  bool tells(const std::string& piece) const { return err.text.find(piece) != std::string::npos; }
};

}  // namespace

TEST_CASE("settings: line over variable over file over what is built in") {
  FakeWorld plain;
  plain.run("aksmesh version");
  CHECK(plain.out.text.starts_with("aksmesh "));
  Configured world("output: json\n");
  CHECK(world.run("aksmesh version") == 0);
  CHECK(world.out.text.starts_with("{"));
  world.env.values["AKSMESH_OUTPUT"] = "yaml";
  CHECK(world.run("aksmesh version") == 0);
  CHECK(world.out.text.starts_with("schema:"));
  CHECK(world.run("aksmesh version -o text") == 0);
  CHECK(world.out.text.starts_with("aksmesh "));
  world.env.values["AKSMESH_OUTPUT"] = "";  // as if it were not set
  CHECK(world.run("aksmesh version") == 0);
  CHECK(world.out.text.starts_with("{"));
}

TEST_CASE("settings: where the file is") {
  Configured world("output: json\n");
  world.env.values["XDG_CONFIG_HOME"] = "/xdg";
  CHECK(world.run("aksmesh version") == 0);
  CHECK(world.out.text.starts_with("aksmesh "));
  world.files.content["/xdg/aksmesh/config.yaml"] = "output: yaml\n";
  CHECK(world.run("aksmesh version") == 0);
  CHECK(world.out.text.starts_with("schema:"));
  world.env.values["AKSMESH_CONFIG"] = kFile;
  CHECK(world.run("aksmesh version") == 0);
  CHECK(world.out.text.starts_with("{"));
  world.env.values = {{"HOME", "/home/u"}, {"XDG_CONFIG_HOME", "relative"}};
  CHECK(world.run("aksmesh version") == 0);
  CHECK(world.out.text.starts_with("{"));
}

TEST_CASE("settings: a command passes over what it does not use") {
  Configured world("# mine\nfail-on: warning\ncluster: prod\noutput: sarif\nrevision:\n");
  CHECK(world.run("aksmesh version") == 0);
  CHECK(world.out.text.starts_with("aksmesh "));  // a format of others
  CHECK(world.run("aksmesh analyze -o text warned.yaml") == 3);
  CHECK(world.run("aksmesh analyze -o text --fail-on never warned.yaml") == 0);
}

TEST_CASE("settings: values keep their text") {
  Configured world("kubernetes-version: 1.30\n");
  CHECK(world.run("aksmesh config get kubernetes-version") == 0);
  CHECK(world.out.text == "1.30\n");
}

TEST_CASE("settings: mistakes are told with their place") {
  struct Row {
    const char* text;
    const char* what;
    const char* place;
  };
  for (const auto& row :
       {Row{"outptu: json\n", "did you mean output?", ":1:1"},
        Row{"# c\ncolor: alwys\n", "color does not take 'alwys'", ":2:8"},
        Row{"color: alwys\n", "color: always", ":1:8"},
        Row{"output: jsno\n", "output does not take 'jsno'", ":1:9"},
        Row{"timeout: 5x\n", "timeout: '5x' is no duration", ":1:10"},
        Row{"cluster: [a, b]\n", "takes one value", ":1:10"},
        Row{"cluster: a\ncluster: b\n", "given twice", ":2:1"},
        Row{"- a\n", "is no mapping", ":1:1"}, Row{"cluster: [a\n", "cannot be understood", ":2:1"},
        Row{"--- {}\n--- {}\n", "more than one document", ":2:5"},
        Row{"token: x\n", "there is no setting 'token'", ":1:1"},
        Row{"aa: x\nbb: x\n", "there is no setting 'bb' (/home/u/.config/aksmesh/config.yaml:2:1)",
            ":1:1"}}) {
    CAPTURE(row.text);
    Configured world(row.text);
    CHECK(world.run("aksmesh analyze warned.yaml") == 2);
    CHECK(world.out.text.empty());
    CHECK_MESSAGE(world.tells(row.what), world.err.text);
    CHECK_MESSAGE(world.tells("at:   " + std::string(kFile) + row.place + '\n'), world.err.text);
  }
  Configured unreadable("");
  unreadable.files.broken[kFile] = ErrorKind::denied;
  CHECK(unreadable.run("aksmesh analyze warned.yaml") == 2);
  CHECK(unreadable.tells("while reading the settings file"));
}

TEST_CASE("settings: what only a command can tell is blamed on the file") {
  Configured world("# c\npolicy: curent\n");
  CHECK(world.run("aksmesh analyze warned.yaml") == 2);
  CHECK_MESSAGE(world.tells(std::string(kFile) + ":2: policy: unknown policy 'curent'"),
                world.err.text);
}

TEST_CASE("settings: the format of a mistake is that of the file") {
  Configured world("output: json\noutptu: x\n");
  CHECK(world.run("aksmesh analyz") == 2);
  CHECK(nlohmann::json::parse(world.err.text)["what"] == "unknown command 'analyz'");
  CHECK(world.run("aksmesh analyze warned.yaml") == 2);
  CHECK(nlohmann::json::parse(world.err.text)["where"] == std::string(kFile) + ":2:1");
}

TEST_CASE("settings: help outlives a broken file") {
  for (const char* text : {"outptu: json\ncolor: alwys\n", "cluster: [\n", "- a\n", "\t"}) {
    CAPTURE(text);
    for (const char* line :
         {"aksmesh --help", "aksmesh analyze -h", "aksmesh analyze --help", "aksmesh help",
          "aksmesh help environment", "aksmesh version", "aksmesh --version",
          "aksmesh completion bash", "aksmesh __complete ana"}) {
      CAPTURE(line);
      Configured world(text);
      CHECK(world.run(std::string(line)) == 0);
      CHECK(!world.out.text.empty());
      CHECK(world.err.text.empty());
    }
  }
}

}  // namespace aksmesh::test
