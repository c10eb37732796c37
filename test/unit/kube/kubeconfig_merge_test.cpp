// SPDX-License-Identifier: Apache-2.0
#include "kube/kubeconfig_merge.hpp"

#include <doctest/doctest.h>

namespace aksmesh::test {
namespace {

using kube::merge_kubeconfig;
using kube::Overwrite;

std::string config(const std::string& name, const std::string& server) {
  return "apiVersion: v1\nkind: Config\nclusters:\n- name: " + name +
         "\n  cluster: {server: " + server + "}\ncontexts:\n- name: " + name +
         "\n  context: {cluster: " + name + ", user: u}\nusers:\n- name: u\n" +
         "  user: {token: t}\ncurrent-context: " + name + "\n";
}

}  // namespace

TEST_CASE("kubeconfig: an empty file takes the new one as it is") {
  const auto added = config("a", "https://a");
  CHECK(*merge_kubeconfig("", added, Overwrite::no) == added);
  CHECK(*merge_kubeconfig("# nothing\n", added, Overwrite::no) == added);
}

TEST_CASE("kubeconfig: entries are merged by name, and what is unknown stays") {
  const auto existing = config("a", "https://a") + "extensions:\n- name: mine\n";
  const auto merged = merge_kubeconfig(existing, config("b", "https://b"), Overwrite::no);
  REQUIRE(merged.has_value());
  for (const char* part : {"name: a\n", "name: b\n", "server: https://a", "server: https://b",
                           "current-context: b", "extensions:\n  - name: mine"})
    CHECK_MESSAGE(merged->find(part) != std::string::npos, part);
  CHECK(merged->find("name: u\n") == merged->rfind("name: u\n"));
  // Once more changes nothing.
  CHECK(*merge_kubeconfig(*merged, config("b", "https://b"), Overwrite::no) == *merged);
}

TEST_CASE("kubeconfig: an entry that differs is replaced only when that is wanted") {
  const auto existing = config("a", "https://old");
  const auto refused = merge_kubeconfig(existing, config("a", "https://new"), Overwrite::no);
  REQUIRE(!refused.has_value());
  CHECK(refused.error().kind == ErrorKind::conflict);
  CHECK(refused.error().what == "the kubeconfig has another entry 'a' among its clusters");
  const auto replaced = merge_kubeconfig(existing, config("a", "https://new"), Overwrite::yes);
  REQUIRE(replaced.has_value());
  CHECK(replaced->find("https://new") != std::string::npos);
  CHECK(replaced->find("https://old") == std::string::npos);
}

TEST_CASE("kubeconfig: broken files are told, not overwritten") {
  const auto broken = merge_kubeconfig("a: [\n", config("a", "https://a"), Overwrite::yes);
  REQUIRE(!broken.has_value());
  CHECK(broken.error().kind == ErrorKind::bad_data);
  CHECK(broken.error().what == "cannot read the existing kubeconfig");
  CHECK(!merge_kubeconfig("- a\n", config("a", "https://a"), Overwrite::no).has_value());
}

TEST_CASE("kubeconfig: texts keep their type, and the context its new name") {
  const auto renamed = kube::with_context_name(
      "contexts:\n- name: c\n  context: {cluster: '1', namespace: 'yes'}\ncurrent-context: c\n",
      "d");
  REQUIRE(renamed.has_value());
  CHECK(*renamed ==
        "contexts:\n  - name: d\n    context:\n      cluster: \"1\"\n      namespace: \"yes\"\n"
        "current-context: d\n");
}

TEST_CASE("kubeconfig: the program that signs in") {
  CHECK(kube::uses_program("users:\n- user: {exec: {command: kubelogin}}\n", "kubelogin"));
  CHECK(!kube::uses_program("users:\n- user: {token: t}\n", "kubelogin"));
}

}  // namespace aksmesh::test
