// SPDX-License-Identifier: Apache-2.0
#include "azure/operation_store.hpp"

#include <doctest/doctest.h>

#include "support/azure_world.hpp"

namespace aksmesh::test {
namespace {

using azure::Operation;
using Style = Operation::Style;

constexpr const char* kPath =
    "/state/aksmesh/operations/00000000-0000-0000-0000-000000000001_shop_prod.json";

Operation operation() {
  return {.style = Style::status, .link = "https://management.azure.com/op/7?s=SIGNED", .id = "7"};
}

struct Remembered : AzureWorld {
  MemoryFiles files;
  FakeEnvironment env{};
  Remembered() { env.values["XDG_STATE_HOME"] = "/state"; }
  Result<azure::ManagedCluster> follow(azure::OperationStore& store) {
    return azure::follow(arm, id, store.find(id).operation,
                         {.clock = clock,
                          .progress = progress,
                          .goal = "enable the mesh",
                          .waiting_for = "enabling the mesh"},
                         store);
  }
};

}  // namespace

TEST_CASE("operation store: an operation is found again, in a file for its owner alone") {
  Remembered world;
  azure::OperationStore store(world.files, world.env);
  CHECK(store.find(world.id).operation.style == Style::resource);
  store.keep(world.id, {.operation = operation(), .doing = "enabling the mesh"});
  CHECK(world.files.private_paths.contains(kPath));
  auto shouted = world.id;
  shouted.name = "PROD";
  const auto found = store.find(shouted);
  CHECK(found.operation.style == Style::status);
  CHECK(found.operation.link == operation().link);
  CHECK(found.operation.id == "7");
  CHECK(found.doing == "enabling the mesh");
  store.keep(world.id, {.doing = "disabling the mesh"});
  CHECK(store.find(world.id).operation.style == Style::resource);
  CHECK(store.find(world.id).doing == "disabling the mesh");
  store.forget(world.id);
  CHECK(world.files.content.empty());
}

TEST_CASE("operation store: what could lead a token elsewhere is not followed") {
  Remembered world;
  const azure::OperationStore store(world.files, world.env);
  for (const char* text : {R"({"style":"status","link":"http://management.azure.com/op/7"})", "{",
                           R"({"style":"status"})"}) {
    REQUIRE(world.files.write_private(kPath, text));
    CHECK(store.find(world.id).operation.style == Style::resource);
  }
}

TEST_CASE("operation store: without a place nothing is remembered") {
  Remembered world;
  world.env.values.clear();
  azure::OperationStore store(world.files, world.env);
  store.keep(world.id, {.operation = operation(), .doing = "enabling the mesh"});
  CHECK(world.files.content.empty());
  CHECK(store.find(world.id).operation.style == Style::resource);
}

TEST_CASE("operation store: an operation is forgotten at its end, not when the waiting ends") {
  Remembered world;
  azure::OperationStore store(world.files, world.env);
  store.keep(world.id, {.operation = operation(), .doing = "enabling the mesh"});
  world.clock.interrupted_at = 1;
  CHECK(world.follow(store).error().kind == ErrorKind::cancelled);
  CHECK(world.files.content.contains(kPath));
  world.http.expect("GET *op/7?s=SIGNED").answer(200, R"({"status":"Failed"})");
  world.http.expect(AzureWorld::kGet).answer(200, cluster_json({.state = "Failed"}));
  CHECK(!world.follow(store));
  CHECK(world.files.content.empty());
}

TEST_CASE("operation store: an old failure is forgiven when the cluster has come through since") {
  for (const bool repaired : {true, false}) {
    Remembered world;
    azure::OperationStore store(world.files, world.env);
    store.keep(world.id, {.operation = operation()});
    world.http.expect("GET *op/7?s=SIGNED")
        .answer(200, R"({"status":"Failed","error":{"code":"Old","message":"It broke"}})");
    const auto state = repaired ? "Succeeded" : "Failed";
    for (int looks = 0; looks < 2; ++looks)
      world.http.expect(AzureWorld::kGet).answer(200, cluster_json({.state = state}));
    const auto after = azure::resume(world.arm, world.id, store.find(world.id).operation,
                                     {.clock = world.clock,
                                      .progress = world.progress,
                                      .goal = "enable the mesh",
                                      .waiting_for = "enabling the mesh"},
                                     store);
    CHECK(static_cast<bool>(after) == repaired);
    if (after) CHECK(after->earlier.find("It broke") != std::string::npos);
    CHECK(world.files.content.empty());
  }
}

}  // namespace aksmesh::test
