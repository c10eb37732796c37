// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "support/fake_world.hpp"

namespace aksmesh::test {
namespace {

constexpr const char* kFile = "/home/u/.config/aksmesh/config.yaml";

struct Home : FakeWorld {
  Home() { env.values["HOME"] = "/home/u"; }
  explicit Home(const std::string& text) : Home() { files.content[kFile] = text; }
  std::string& file() { return files.content[kFile]; }
  bool tells(const std::string& piece) const {
    return (out.text + err.text).find(piece) != std::string::npos;
  }
};

}  // namespace

TEST_CASE("config view: each value with where it comes from") {
  Home home("# c\ncluster: prod\nauth: az\n");
  home.env.values["AKSMESH_AUTH"] = "environment";
  CHECK(home.run("aksmesh config view -o json") == 0);
  const auto document = nlohmann::json::parse(home.out.text);
  CHECK(document["schema"] == "aksmesh/config/v1");
  CHECK(document["file"] == kFile);
  nlohmann::json found;
  for (const auto& item : document["items"]) found[std::string(item["key"])] = item;
  CHECK(found["cluster"]["value"] == "prod");
  CHECK(found["cluster"]["origin"] == "file");
  CHECK(found["cluster"]["place"] == std::string(kFile) + ":2");
  CHECK(found["auth"]["value"] == "environment");
  CHECK(found["auth"]["place"] == "AKSMESH_AUTH");
  CHECK(found["policy"]["origin"] == "default");
  CHECK(!found.contains("subscription"));
  CHECK(home.run("aksmesh config view --origin") == 0);
  CHECK(home.tells("cluster          prod         " + std::string(kFile) + ":2\n"));
  CHECK(home.tells("color            auto         built-in default\n"));
  CHECK(home.run("aksmesh config view") == 0);
  CHECK(home.tells("auth             environment\n"));
}

TEST_CASE("config get: the value alone") {
  Home home("cluster: prod\n");
  CHECK(home.run("aksmesh config get cluster") == 0);
  CHECK(home.out.text == "prod\n");
  CHECK(home.run("aksmesh config get output") == 0);
  CHECK(home.out.text == "text\n");
  CHECK(home.run("aksmesh config get subscription") == 1);
  CHECK(home.out.text.empty());
  CHECK(home.tells("subscription is not set"));
  CHECK(home.run("aksmesh config get clustr") == 2);
  CHECK(home.tells("did you mean cluster?"));
  CHECK(home.run("aksmesh config get") == 2);
}

TEST_CASE("config set: makes the file, for its owner alone") {
  Home home;
  CHECK(home.run("aksmesh config set resource-group shop") == 0);
  CHECK(home.file() == "resource-group: shop\n");
  CHECK(home.files.private_paths.contains(kFile));
  CHECK(home.run("aksmesh config set kubernetes-version 1.30") == 0);
  CHECK(home.file() == "resource-group: shop\nkubernetes-version: \"1.30\"\n");
  CHECK(home.run("aksmesh config get kubernetes-version") == 0);
  CHECK(home.out.text == "1.30\n");
  FakeWorld nowhere;
  CHECK(nowhere.run("aksmesh config set cluster prod") == 2);
  CHECK(nowhere.err.text.find("AKSMESH_CONFIG=FILE") != std::string::npos);
}

TEST_CASE("config set: everything else in the file stays") {
  struct Row {
    const char* before;
    const char* line;
    const char* after;
  };
  for (const auto& row : {
           Row{"# a\ncluster: b  # c\n\nauth: az\n", "cluster prod",
               "# a\ncluster: prod  # c\n\nauth: az\n"},
           Row{"cluster: 'b'\n", "cluster prod", "cluster: 'prod'\n"},
           Row{"cluster: b", "auth az", "cluster: b\nauth: az\n"},
           Row{"cluster: b # c\n# end\n", "auth az", "cluster: b # c\nauth: az\n# end\n"},
           Row{"  cluster: b\n", "auth az", "  cluster: b\n  auth: az\n"},
           Row{"---\ncluster: b\n...\n", "auth az", "---\ncluster: b\nauth: az\n...\n"},
           Row{"# only a comment\n", "auth az", "# only a comment\nauth: az\n"},
           Row{"{}\n", "auth az", "auth: az\n"},
           Row{"cluster:\nauth: az\n", "cluster prod", "auth: az\ncluster: prod\n"},
           Row{"cluster: b\r\nauth: az\r\n", "cluster prod", "cluster: prod\r\nauth: az\r\n"},
           Row{"# a\ncluster: b\nauth: az # x\n", "auth --remove", "# a\ncluster: b\n"},
           Row{"outptu: json\ncluster: b\n", "outptu --remove", "cluster: b\n"},
           Row{"cluster: a\nauth: az\ncluster: b\n", "cluster --remove", "auth: az\n"},
           Row{"color: alwys\n", "color always", "color: always\n"},
       }) {
    CAPTURE(row.before);
    CAPTURE(row.line);
    Home home(row.before);
    CHECK_MESSAGE(home.run("aksmesh config set " + std::string(row.line)) == 0, home.err.text);
    CHECK(home.file() == row.after);
    CHECK(home.err.text.empty());
  }
}

TEST_CASE("config set: what cannot be done leaves the file as it is") {
  struct Row {
    const char* before;
    const char* line;
    const char* says;
  };
  for (const auto& row : {
           Row{"cluster: b\n", "clustr prod", "did you mean cluster?"},
           Row{"cluster: b\n", "color alwys", "aksmesh config set color always"},
           Row{"cluster: b\n", "timeout 5", "'5' is no duration"},
           Row{"cluster: b\n", "timeout 5", "aksmesh config set timeout 5m"},
           Row{"cluster: b\n", "cluster", "needs a key and a value"},
           Row{"cluster: b\n", "cluster --remove x", "needs one key"},
           Row{"cluster: b\n", "clustr --remove", "did you mean cluster?"},
           Row{"cluster: [\n", "cluster prod", "cannot be understood"},
           Row{"{cluster: b}\n", "auth az", "auth: az"},
           Row{"auth: &a az\ncluster: *a\n", "cluster prod", "cluster: prod"},
       }) {
    CAPTURE(row.before);
    CAPTURE(row.line);
    Home home(row.before);
    CHECK(home.run("aksmesh config set " + std::string(row.line)) == 2);
    CHECK_MESSAGE(home.tells(row.says), home.err.text);
    CHECK(home.file() == row.before);
  }
}

TEST_CASE("config set: any text comes back as it was") {
  for (const char* value : {"a: b", "# c", "a # b", "'", "\"", "- x", "[x", "null", "0x1",
                            "\xc3\xa9", " x ", "*a", "!t", "a:"}) {
    for (const char* before : {"", "cluster: b\n", "cluster: 'b'\n", "cluster: \"b\" # c\n"}) {
      CAPTURE(value);
      CAPTURE(before);
      Home home(before);
      CHECK(home.run({"aksmesh", "config", "set", "cluster", value}) == 0);
      CHECK(home.run("aksmesh config get cluster") == 0);
      CHECK(home.out.text == std::string(value) + '\n');
    }
  }
  Home home;
  CHECK(home.run({"aksmesh", "config", "set", "cluster", ""}) == 2);
  CHECK(home.tells("--remove"));
}

TEST_CASE("config set: tells what keeps a setting from counting") {
  Home home("outptu: json\n");
  home.env.values["AKSMESH_COLOR"] = "always";
  CHECK(home.run("aksmesh config set color never") == 0);
  CHECK(home.tells("note: AKSMESH_COLOR is set, and stronger than the file"));
  CHECK(home.tells("note: a mistake is left in the file: there is no setting 'outptu'"));
  Home clean;
  CHECK(clean.run("aksmesh config set color --remove") == 0);
  CHECK(clean.tells("nothing to do"));
  CHECK(!clean.files.content.contains(kFile));
}

TEST_CASE("config: keys and their values are completed") {
  Home home;
  home.run({"aksmesh", "__complete", "config", "get", "clus"});
  CHECK(home.out.text.starts_with("cluster\t"));
  CHECK(home.tells("\ncluster-id\t"));
  home.run({"aksmesh", "__complete", "config", "set", "color", "a"});
  CHECK(home.out.text == "auto\nalways\n");
  home.run({"aksmesh", "__complete", "config", "set", "output", "s"});
  CHECK(home.out.text == "sarif\n");
  home.run({"aksmesh", "__complete", "config", "set", "color", "auto", ""});
  CHECK(home.out.text.empty());
}

}  // namespace aksmesh::test
