// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "azure/operation.hpp"
#include "support/azure_world.hpp"

namespace aksmesh::test {
namespace {

using azure::Operation;
using Style = Operation::Style;
using Word = azure::OperationState::Word;

constexpr const char* kLink =
    "https://management.azure.com/subscriptions/s/providers/Microsoft.ContainerService/locations/"
    "westus2/operations/0123?api-version=2026-03-01&t=1&s=SIGNED";
constexpr const char* kStatus = "GET *operations/0123?*SIGNED";

azure::OperationState look(Style style, int status, std::string body = {}) {
  return azure::state_of(style, {.status = status, .body = std::move(body)});
}

std::string status_json(const std::string& word, const std::string& more = {}) {
  return R"({"name":"0123","status":")" + word + '"' + more + "}";
}

struct Followed : AzureWorld {
  std::int64_t deadline = 0;
  Result<azure::ManagedCluster> result(Operation operation) {
    return azure::follow(arm, id, std::move(operation),
                         {.clock = clock,
                          .progress = progress,
                          .goal = "enable the mesh",
                          .waiting_for = "enabling the mesh",
                          .deadline = deadline});
  }
  Result<azure::ManagedCluster> by_status() {
    return result({.style = Style::status, .link = kLink, .id = "0123"});
  }
  Error failure() {
    auto cluster = by_status();
    REQUIRE(!cluster);
    return cluster.error();
  }
};

const Error kNoNetwork{.kind = ErrorKind::network, .what = "no network"};

}  // namespace

TEST_CASE("operation: how an answer says that it is to be followed") {
  const auto of = [](int status, net::Headers headers) {
    return azure::operation_of({.status = status, .headers = std::move(headers)});
  };
  const auto both = of(201, {{"location", "https://a.example/l"}, {"azure-asyncoperation", kLink}});
  CHECK(both.style == Style::status);
  CHECK(both.link == kLink);
  CHECK(both.id == "0123");
  const auto location = of(202, {{"location", "https://a.example/operationresults/9?s=x"}});
  CHECK(location.style == Style::location);
  CHECK(location.id == "9");
  CHECK(of(200, {}).style == Style::resource);
  CHECK(of(204, {{"location", "https://a.example/l"}}).style == Style::resource);
}

TEST_CASE("operation: status documents") {
  const auto word = [](const std::string& status) {
    return look(Style::status, 200, status_json(status)).word;
  };
  CHECK(word("Succeeded") == Word::succeeded);
  CHECK(word("succeeded") == Word::succeeded);
  CHECK(word("Failed") == Word::failed);
  CHECK(word("Canceled") == Word::canceled);
  CHECK(word("Cancelled") == Word::canceled);
  for (const char* running : {"InProgress", "ReconcilingDNS", "ReconcilingAddons", "Canceling", ""})
    CHECK(word(running) == Word::running);
  const auto percent =
      look(Style::status, 200, status_json("InProgress", R"(,"percentComplete":37.9)"));
  CHECK(percent.percent == 37);
  CHECK(percent.said == "InProgress");
  CHECK(look(Style::status, 200, status_json("x", R"(,"percentComplete":1e300)")).percent == 100);
  CHECK(look(Style::status, 200, "<html>").word == Word::running);
  CHECK(look(Style::status, 200, "").word == Word::running);
  for (const int passes : {408, 429, 500, 502, 503, 504})
    CHECK(look(Style::status, passes).word == Word::running);
  CHECK(look(Style::status, 404).word == Word::lost);
}

TEST_CASE("operation: an error beside a good status means nothing") {
  const std::string note = R"(,"error":{"code":"Note","message":"something"})";
  CHECK(look(Style::status, 200, status_json("Succeeded", note)).word == Word::succeeded);
  CHECK(look(Style::status, 200, status_json("InProgress", note)).word == Word::running);
  CHECK(look(Style::status, 200, status_json("Succeeded", note)).error.message.empty());
  CHECK(look(Style::status, 200, status_json("Failed", note)).error.message == "something");
  CHECK(look(Style::status, 200, status_json("Failed")).error.message.empty());
}

TEST_CASE("operation: locations") {
  CHECK(look(Style::location, 202).word == Word::running);
  CHECK(look(Style::location, 200, "{}").word == Word::succeeded);
  CHECK(look(Style::location, 204).word == Word::succeeded);
  CHECK(look(Style::location, 404).word == Word::lost);
  for (const int passes : {408, 429, 500, 503})
    CHECK(look(Style::location, passes).word == Word::running);
  const auto failed = look(Style::location, 409, R"({"code":"Conflict","message":"no"})");
  CHECK(failed.word == Word::failed);
  CHECK(failed.error.code == "Conflict");
}

TEST_CASE("operation: a status that may not be read is no reason to ask for ever") {
  for (const int refused : {400, 401, 403, 410})
    CHECK(look(Style::status, refused).word == Word::lost);
  for (const int refused : {401, 403}) CHECK(look(Style::location, refused).word == Word::lost);
}

TEST_CASE("follow: odd words, then an end, then the cluster") {
  Followed world;
  world.http.expect(kStatus).answer(200, status_json("InProgress"));
  world.http.expect(kStatus).answer(200, status_json("ReconcilingDNS"));
  world.http.expect(kStatus).answer(
      200, status_json("Succeeded", R"(,"error":{"code":"Note","message":"a note"})"));
  world.http.expect(AzureWorld::kGet).answer(200, cluster_json({.state = "Updating"}));
  world.http.expect(AzureWorld::kGet).answer(200, cluster_json({.etag = "e2"}));
  const auto cluster = world.by_status();
  REQUIRE(cluster);
  CHECK(cluster->etag == "e2");
  CHECK(world.progress.waits.front() == "enabling the mesh, 0s");
  CHECK(world.progress.waits.at(1) == "enabling the mesh: InProgress, 2s");
  CHECK(world.progress.waits.back().starts_with("enabling the mesh: Updating, "));
}

TEST_CASE("follow: pauses grow to a bound, and what the service asks for counts") {
  Followed world;
  for (int i = 0; i < 12; ++i) world.http.expect(kStatus).answer(200, status_json("InProgress"));
  world.http.expect(kStatus).answer(200, status_json("InProgress"), {{"retry-after", "42"}});
  world.http.expect(kStatus).answer(200, status_json("Succeeded"));
  world.http.expect(AzureWorld::kGet).answer(200, cluster_json());
  std::int64_t slept = 0;
  REQUIRE(world.by_status());
  for (const auto one : world.clock.sleeps) {
    CHECK(one <= 1'000);
    slept += one;
  }
  // 2, 3, 4.5, 6.75, 10.125, then 15 seconds each, at last 42.
  CHECK(slept == 2'000 + 3'000 + 4'500 + 6'750 + 10'125 + 8 * 15'000 + 42'000);
}

TEST_CASE("follow: nobody waits an hour between two looks because the service asks for it") {
  Followed world;
  world.http.expect(kStatus).answer(200, status_json("InProgress"), {{"retry-after", "3600"}});
  world.http.expect(kStatus).answer(200, status_json("Succeeded"));
  world.http.expect(AzureWorld::kGet).answer(200, cluster_json());
  REQUIRE(world.by_status());
  CHECK(world.clock.steady() == 1'000'000 + 2'000 + 120'000);
}

TEST_CASE("follow: the cluster itself is looked at no more often than every five seconds") {
  Followed world;
  for (int i = 0; i < 2; ++i)
    world.http.expect(AzureWorld::kGet).answer(200, cluster_json({.state = "Updating"}));
  world.http.expect(AzureWorld::kGet).answer(200, cluster_json());
  REQUIRE(world.result({}));
  CHECK(world.clock.steady() == 1'000'000 + 5'000 + 7'500);
}

TEST_CASE("follow: what was asked for once does not count for ever") {
  Followed world;
  world.http.expect(kStatus).answer(200, status_json("InProgress"), {{"retry-after", "60"}});
  world.http.expect(kStatus).fail(kNoNetwork);
  world.http.expect(kStatus).answer(200, status_json("Succeeded"));
  world.http.expect(AzureWorld::kGet).answer(200, cluster_json());
  REQUIRE(world.by_status());
  CHECK(world.clock.steady() < 1'000'000 + 70'000);
}

TEST_CASE("follow: faults of the network do not end it") {
  Followed world;
  world.http.expect(kStatus).fail(kNoNetwork);
  world.http.expect(kStatus).answer(503);
  world.http.expect(kStatus).answer(200, status_json("Succeeded"));
  world.http.expect(AzureWorld::kGet).fail(kNoNetwork);
  world.http.expect(AzureWorld::kGet).answer(429);
  world.http.expect(AzureWorld::kGet).answer(200, cluster_json());
  CHECK(world.by_status());
}

TEST_CASE("follow: a sign-in that ended does") {
  Followed world;
  world.signed_out = true;
  CHECK(world.failure().kind == ErrorKind::auth);
}

TEST_CASE("follow: a status that got lost is looked for in the cluster") {
  Followed world;
  world.http.expect(kStatus).answer(404);
  world.http.expect(AzureWorld::kGet).answer(200, cluster_json({.state = "Updating"}));
  world.http.expect(AzureWorld::kGet).answer(200, cluster_json());
  CHECK(world.by_status());
}

TEST_CASE("follow: without a link the cluster itself tells") {
  Followed world;
  world.http.expect(AzureWorld::kGet).answer(200, cluster_json());
  CHECK(world.result({}));
  CHECK(world.http.sent.front().wants_json);
}

TEST_CASE("follow: the newest location counts") {
  Followed world;
  world.http.expect("GET https://management.azure.com/l/1")
      .with("Bearer token")
      .answer(202, {}, {{"location", "https://elsewhere.example/l/2"}});
  world.http.expect("GET https://elsewhere.example/l/2")
      .without("Bearer")  // the token is for the Resource Manager alone
      .answer(202);
  world.http.expect("GET https://elsewhere.example/l/2").answer(204);
  world.http.expect(AzureWorld::kGet).answer(200, cluster_json());
  CHECK(world.result({.style = Style::location, .link = "https://management.azure.com/l/1"}));
}

TEST_CASE("follow: a failure says why") {
  Followed world;
  world.http.expect(kStatus).answer(
      200, status_json("Failed", R"(,"error":{"code":"ReconcileAddonsError","message":"no quota",
          "details":[{"code":"Inner","message":"4 cores"}]})"));
  world.http.expect(AzureWorld::kGet).answer(200, cluster_json({.state = "Updating"}));
  world.http.expect(AzureWorld::kGet).answer(200, cluster_json({.state = "Failed"}));
  const auto error = world.failure();
  CHECK(error.kind == ErrorKind::server);
  CHECK(error.what == "cannot enable the mesh");
  CHECK(error.why == "no quota; Inner: 4 cores");
  CHECK(error.where == "operation 0123 ReconcileAddonsError");
  CHECK(error.next.back().starts_with("aksmesh show"));
}

TEST_CASE("follow: a link that never tells anything is left for the cluster") {
  for (const char* nothing : {"{", "{}", ""}) {
    Followed world;
    for (int looks = 0; looks < 3; ++looks) world.http.expect(kStatus).answer(200, nothing);
    world.http.expect(AzureWorld::kGet).answer(200, cluster_json());
    CHECK(world.result({.style = Style::status, .link = kLink}));
  }
  Followed away;
  for (int looks = 0; looks < 3; ++looks)
    away.http.expect(kStatus).fail({.kind = ErrorKind::network, .what = "cannot reach it"});
  away.http.expect(AzureWorld::kGet).answer(200, cluster_json());
  CHECK(away.result({.style = Style::status, .link = kLink}));
}

TEST_CASE("follow: a failure that the catalogue knows comes with its remedy") {
  Followed world;
  world.http.expect(kStatus).answer(
      200, status_json("Failed", R"(,"error":{"code":"ScopeLocked","message":"the scope"})"));
  world.http.expect(AzureWorld::kGet).answer(200, cluster_json({.state = "Failed"}));
  const auto error = world.failure();
  CHECK(error.kind == ErrorKind::denied);
  CHECK(error.why == "a lock forbids changes of this resource (the service says: the scope)");
  CHECK(error.next.front().starts_with("az lock list"));
}

TEST_CASE("follow: a failure without a reason is looked for in the cluster") {
  Followed world;
  world.http.expect(kStatus).answer(200, status_json("Failed"));
  world.http.expect(AzureWorld::kGet)
      .answer(200, cluster_json({.state = "Failed", .more = R"("status":{"provisioningError":
                                     {"code":"Quota","message":"no quota"}},)"}));
  CHECK(world.failure().why == "no quota");
  Followed silent;
  silent.http.expect(kStatus).answer(200, status_json("Failed"));
  silent.http.expect(AzureWorld::kGet).answer(200, cluster_json({.state = "Failed"}));
  CHECK(silent.failure().why == "the operation failed, and Azure does not say why");
  Followed canceled;
  canceled.http.expect(kStatus).answer(200, status_json("Canceled"));
  canceled.http.expect(AzureWorld::kGet).answer(200, cluster_json({.state = "Canceled"}));
  CHECK(canceled.failure().why == "the operation was canceled");
}

TEST_CASE("follow: a cluster that ends in failure after a good status") {
  Followed world;
  world.http.expect(kStatus).answer(200, status_json("Succeeded"));
  world.http.expect(AzureWorld::kGet)
      .answer(200, cluster_json({.state = "Failed", .more = R"("status":{"provisioningError":
                                     {"code":"Quota","message":"no quota"}},)"}));
  CHECK(world.failure().why == "no quota");
}

TEST_CASE("follow: Ctrl-C ends the waiting, not the operation") {
  Followed world;
  world.clock.interrupted_at = 2;
  const auto error = world.failure();
  CHECK(error.kind == ErrorKind::cancelled);
  CHECK(error.what == "stopped waiting; enabling the mesh goes on in Azure");
  CHECK(error.next.front() == "aksmesh wait   (follows it)");
  Followed within_request;
  within_request.http.expect(kStatus).fail({.kind = ErrorKind::cancelled, .what = "interrupted"});
  CHECK(within_request.failure().what == "stopped waiting; enabling the mesh goes on in Azure");
  Followed at_the_cluster;
  at_the_cluster.http.expect(kStatus).answer(200, status_json("Succeeded"));
  at_the_cluster.http.expect(AzureWorld::kGet)
      .fail({.kind = ErrorKind::cancelled, .what = "interrupted"});
  CHECK(at_the_cluster.failure().what == "stopped waiting; enabling the mesh goes on in Azure");
}

TEST_CASE("follow: the deadline ends the waiting") {
  Followed world;
  world.deadline = 1'000'000 + 4'000;
  world.http.expect(kStatus).answer(200, status_json("InProgress"));
  const auto error = world.failure();
  CHECK(error.kind == ErrorKind::timeout);
  CHECK(error.what == "enabling the mesh is still running in Azure");
  CHECK(error.why == "the time to wait was over after 4s");
}

}  // namespace aksmesh::test
