// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "kube/client.hpp"
#include "support/fake_world.hpp"

namespace aksmesh::test {
namespace {

using kube::Write;
using Verb = kube::Write::Verb;

const kube::ApiResource kServices{
    .version = "v1", .plural = "services", .kind = "Service", .namespaced = true};
const kube::ApiResource kNamespaces{.version = "v1", .plural = "namespaces", .kind = "Namespace"};

struct World {
  MemoryFiles files;
  FakeProcess process;
  FakeClock clock;
  FakeProgress progress;
  HttpScript http;
  Result<std::string> write(const Write& wish) {
    kube::Client client({.context = "prod", .server = "https://api", .token = Secret("T")}, http,
                        files, process, clock, progress);
    return client.write(wish, "label namespace shop");
  }
};

const Write kLabel{.verb = Verb::merge,
                   .resource = kNamespaces,
                   .name = "shop",
                   .body = R"({"metadata":{"labels":{"a":"b"}}})",
                   .resource_version = "12"};

}  // namespace

TEST_CASE("client: a merge patch is guarded by what was read, and goes out once") {
  World world;
  world.http.expect("PATCH https://api/api/v1/namespaces/shop?fieldManager=aksmesh")
      .with("Content-Type: application/merge-patch+json")
      .with("Authorization: Bearer T\n")
      .with(R"({"metadata":{"labels":{"a":"b"},"resourceVersion":"12"}})")
      .answer(200, "{}");
  CHECK(world.write(kLabel));
  CHECK(world.http.sent.front().repeat == net::Repeat::if_not_sent);
}

TEST_CASE("client: the other writes") {
  World world;
  Write apply{.verb = Verb::apply,
              .resource = kServices,
              .name_space = "a b",
              .name = "s",
              .body = "{}",
              .effect = Write::Effect::rehearsed};
  world.http
      .expect(
          "PATCH https://api/api/v1/namespaces/a%20b/services/s?fieldManager=aksmesh&dryRun=All")
      .with("Content-Type: application/apply-patch+yaml")
      .answer(201, "{}");
  CHECK(world.write(apply));
  apply.owners = Write::Owners::overruled;
  apply.effect = Write::Effect::kept;
  world.http.expect("PATCH *?fieldManager=aksmesh&force=true").answer(200, "{}");
  CHECK(world.write(apply));
  apply.verb = Verb::create;
  world.http.expect("POST https://api/api/v1/namespaces/a%20b/services?fieldManager=aksmesh")
      .answer(201, "{}");
  CHECK(world.write(apply));
  world.http.expect("DELETE https://api/api/v1/namespaces/shop")
      .with(R"("preconditions":{"uid":"u","resourceVersion":"7"})")
      .answer(200, "{}");
  CHECK(world.write({.verb = Verb::erase,
                     .resource = kNamespaces,
                     .name = "shop",
                     .resource_version = "7",
                     .uid = "u"}));
}

TEST_CASE("client: a conflict names the manager that owns the field") {
  World world;
  world.http.expect("PATCH *").answer(
      409,
      R"({"kind":"Status","reason":"Conflict","message":"Apply failed with 1 conflict",
          "details":{"causes":[{"reason":"FieldManagerConflict","message":"conflict with \"helm\" using v1",
          "field":".metadata.labels.istio.io/rev"}]}})");
  auto wish = kLabel;
  wish.verb = Verb::apply;
  const auto error = world.write(wish).error();
  CHECK(error.kind == ErrorKind::conflict);
  CHECK(error.what == "cannot label namespace shop");
  CHECK(error.why == "conflict with \"helm\" using v1 at .metadata.labels.istio.io/rev");
}

TEST_CASE("client: a conflict with a later state says to look again") {
  World world;
  world.http.expect("PATCH *").answer(
      409, R"({"kind":"Status","reason":"Conflict","message":"the object has been modified"})");
  const auto error = world.write(kLabel).error();
  CHECK(error.kind == ErrorKind::conflict);
  CHECK(error.why == "the object has been modified");
  CHECK(error.next.front().find("run the command again") != std::string::npos);
}

TEST_CASE("client: a refused write names the right") {
  const auto refusal = R"({"kind":"Status","reason":"Forbidden","message":"no"})";
  const auto right_of = [&](Write wish) {
    World world;
    world.http.expect("*").answer(403, refusal);
    const auto error = world.write(wish).error();
    CHECK(error.kind == ErrorKind::denied);
    return error.next.front();
  };
  auto wish = kLabel;
  CHECK(right_of(wish) == "ask for the right to patch namespaces");
  wish.verb = Verb::erase;
  CHECK(right_of(wish) == "ask for the right to delete namespaces");
  wish.verb = Verb::apply;
  CHECK(right_of(wish) == "ask for the right to create and patch namespaces");
  wish.verb = Verb::create;
  wish.resource = kServices;
  wish.name_space = "shop";
  CHECK(right_of(wish) == "ask for the right to create services in namespace shop");
}

TEST_CASE("client: whether a lost write arrived is said to be unknown") {
  World world;
  world.http.expect("PATCH *").fail({.kind = ErrorKind::network, .what = "no answer"});
  const auto error = world.write(kLabel).error();
  CHECK(error.kind == ErrorKind::network);
  CHECK(error.next.front().find("is not known") != std::string::npos);
}

}  // namespace aksmesh::test
