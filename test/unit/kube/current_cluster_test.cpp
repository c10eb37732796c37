// SPDX-License-Identifier: Apache-2.0
#include "kube/current_cluster.hpp"

#include <doctest/doctest.h>

#include "kube/kubeconfig.hpp"

#include "support/fake_world.hpp"

namespace aksmesh::test {
namespace {

std::string context(const std::string& name, const std::string& cluster) {
  return "contexts:\n- name: " + name + "\n  context: {cluster: " + cluster + ", user: u}\n";
}

std::string cluster(const std::string& name, const std::string& server) {
  return "clusters:\n- name: " + name + "\n  cluster: {server: '" + server + "'}\n";
}

std::string current(const std::string& name) {
  return "current-context: " + name + "\n";
}

struct World {
  MemoryFiles files;
  FakeEnvironment env;
  /// `CONTEXT HOST`, `none`, or the why of an error.
  std::string answer() {
    const auto found = kube::current_cluster(files, env);
    if (!found) return found.error().why;
    if (!found->has_value()) return "none";
    return (*found)->context + ' ' + (*found)->host;
  }
};

}  // namespace

TEST_CASE("current cluster: ~/.kube/config counts when KUBECONFIG names nothing") {
  World world;
  CHECK(world.answer() == "none");
  world.env.values["HOME"] = "/home/u";
  CHECK(world.answer() == "none");
  world.files.content["/home/u/.kube/config"] =
      current("a") + context("a", "c") + cluster("c", "https://A.hcp.Westus2.azmk8s.io:443");
  CHECK(world.answer() == "a a.hcp.westus2.azmk8s.io");
  world.env.values["KUBECONFIG"] = "";
  CHECK(world.answer() == "a a.hcp.westus2.azmk8s.io");
  world.env.values["KUBECONFIG"] = "/elsewhere";
  CHECK(world.answer() == "none");
}

TEST_CASE("current cluster: of several files the first that says a thing counts") {
  World world;
  world.env.values["KUBECONFIG"] = "/none:/1::/2";
  world.files.content["/1"] = context("b", "c") + cluster("c", "https://first");
  world.files.content["/2"] = current("b") + context("a", "d") + cluster("d", "https://other");
  CHECK(world.answer() == "b first");
  // The parts may be spread over the files, and a later file changes nothing.
  world.files.content["/1"] = current("b") + cluster("c", "https://first");
  world.files.content["/2"] = current("x") + context("b", "c") + cluster("c", "https://second");
  CHECK(world.answer() == "b first");
  world.files.content["/1"] = "current-context: ''\n";
  world.files.content["/2"] = current("b") + context("b", "c") + cluster("c", "https://second");
  CHECK(world.answer() == "b second");
}

TEST_CASE("current cluster: what leads nowhere is told") {
  World world;
  world.env.values["KUBECONFIG"] = "/1";
  auto& text = world.files.content["/1"];
  text = current("b");
  CHECK(world.answer() == "b leads to no server");
  text = current("b") + context("b", "c");
  CHECK(world.answer() == "b leads to no server");
  text = "{";
  CHECK(world.answer().find("line 1") != std::string::npos);
  text = "# empty\n";
  CHECK(world.answer() == "none");
  world.files.broken["/1"] = ErrorKind::denied;
  CHECK(world.answer() == "broken by the test");
}

TEST_CASE("current cluster: the host of an address") {
  struct Row {
    const char* address;
    const char* host;
  };
  for (const auto& row :
       {Row{"https://a.example", "a.example"}, Row{"https://A.example.:6443/p?q", "a.example"},
        Row{"a.example:1", "a.example"}, Row{"https://u:p@a.example", "a.example"},
        Row{"https://[::1]:6443", "::1"}, Row{"", ""}, Row{"https://", ""}})
    CHECK_MESSAGE(kube::host_of(row.address) == row.host, row.address);
}

}  // namespace aksmesh::test
