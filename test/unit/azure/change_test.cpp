// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "azure/change.hpp"
#include "azure/profile_edit.hpp"
#include "support/azure_world.hpp"

namespace aksmesh::test {
namespace {

constexpr const char* kMismatch =
    R"({"code":"PreconditionFailed","message":"The etag provided does not match"})";
const std::string kOne = mesh_json(R"("asm-1-28")");
const std::string kTwo = mesh_json(R"("asm-1-28","asm-1-29")");

struct Sender : AzureWorld {
  azure::Edit edit = [](const azure::ManagedCluster& cluster) {
    return azure::upgrade_started(cluster, "asm-1-29");
  };
  Result<azure::Plan> plan = azure::make_plan(cluster_of({.profile = kOne}), edit);

  Result<azure::Sent> send() {
    REQUIRE(plan);
    return azure::send_plan(arm, id, *plan, edit, sending());
  }
  azure::Sending sending() {
    return {.clock = clock,
            .progress = progress,
            .goal = "start the upgrade",
            .how_to_follow = "aksmesh wait",
            .agree = [this](const azure::ManagedCluster& now) { return agree(now); }};
  }
  Status agree(const azure::ManagedCluster& now) {
    if (now.body.text().find("disagreeable") == std::string::npos) return Done{};
    return Error{.kind = ErrorKind::conflict, .what = "not agreed"};
  }
  void refuse(const std::string& tag) {
    http.expect(kPut).with("If-Match: " + tag + "\n").answer(412, kMismatch);
  }
  void read(const ClusterWish& wish) { http.expect(kGet).answer(200, cluster_json(wish)); }
};

}  // namespace

TEST_CASE("change: a plan holds the body and what it changes") {
  const Sender sender;
  REQUIRE(sender.plan);
  CHECK(!sender.plan->nothing_to_do());
  REQUIRE(sender.plan->changes.size() == 1);
  CHECK(sender.plan->changes[0].path == "properties.serviceMeshProfile.istio.revisions");
  CHECK(sender.plan->body.text().find("eTag") == std::string::npos);
  CHECK(azure::make_plan(cluster_of({.profile = kTwo}), sender.edit)->nothing_to_do());
  CHECK(!azure::make_plan(cluster_of(), sender.edit));
}

TEST_CASE("change: sent with the tag that it was made from") {
  Sender sender;
  sender.http.expect(AzureWorld::kPut)
      .with("If-Match: \"e1\"\n")
      .with(R"("revisions":["asm-1-28","asm-1-29"])")
      .without("provisioningState")
      .answer(200, "{}", {{"azure-asyncoperation", "https://management.azure.com/o/7?s=x"}});
  const auto sent = sender.send();
  REQUIRE(sent);
  CHECK(sent->operation.id == "7");
  CHECK(!sent->was_there_already);
  CHECK(sender.http.sent.front().tries == 1);
  CHECK(!sender.http.sent.front().wants_json);  // it would be sent again
}

TEST_CASE("change: tags that are quoted already stay as they are") {
  for (const std::string tag : {R"(\"e1\")", R"(W/\"e1\")"}) {
    Sender sender;
    sender.plan = azure::make_plan(cluster_of({.profile = kOne, .etag = tag}), sender.edit);
    sender.http.expect(AzureWorld::kPut)
        .with(tag.front() == 'W' ? "If-Match: W/\"e1\"\n" : "If-Match: \"e1\"\n")
        .answer(200, cluster_json({.profile = kTwo}));
    CHECK(sender.send());
  }
}

TEST_CASE("change: without a tag nothing could be guarded, so nothing is sent") {
  Sender sender;
  sender.plan = azure::make_plan(cluster_of({.profile = kOne, .etag = ""}), sender.edit);
  const auto sent = sender.send();
  REQUIRE(!sent);
  CHECK(sent.error().next.front().find("--api-version") != std::string::npos);
}

TEST_CASE("change: after a fault the next try is made from a fresh look") {
  for (const int status : {429, 500, 503}) {
    Sender taken;
    taken.http.expect(AzureWorld::kPut).answer(status, "{}", {{"retry-after", "7"}});
    taken.read({.profile = kTwo, .state = "Updating"});
    CHECK(taken.send()->was_there_already);
    CHECK(taken.clock.sleeps == std::vector<std::int64_t>{7'000});
    Sender lost;
    lost.http.expect(AzureWorld::kPut).answer(status, "{}");
    lost.read({.profile = kOne, .pools = R"({"name":"system","mode":"System","count":5})"});
    lost.http.expect(AzureWorld::kPut)
        .with(R"("count":5)")
        .answer(200, cluster_json({.profile = kTwo}));
    CHECK(lost.send());
  }
  Sender patient;
  patient.http.expect(AzureWorld::kPut).answer(429, "{}", {{"retry-after", "3600"}});
  CHECK(patient.send().error().kind == ErrorKind::throttled);
}

TEST_CASE("change: after the last try the cluster tells whether it has the change") {
  Sender cut;
  for (int number = 0; number < 5; ++number) {
    cut.http.expect(AzureWorld::kPut).fail({.kind = ErrorKind::network, .what = "cannot reach it"});
    cut.read({.profile = kOne});
  }
  const auto sent = cut.send();
  REQUIRE(!sent);
  CHECK(sent.error().what == "cannot start the upgrade");
  CHECK(sent.error().why == "cannot reach it; the cluster does not have the change");
}

TEST_CASE("change: no try begins after the time for the whole run") {
  Sender sender;
  auto how = sender.sending();
  how.deadline = sender.clock.steady() + 5'000;
  sender.http.expect(AzureWorld::kPut).answer(429, "{}", {{"retry-after", "7"}});
  const auto sent = azure::send_plan(sender.arm, sender.id, *sender.plan, sender.edit, how);
  REQUIRE(!sent);
  CHECK(sent.error().kind == ErrorKind::timeout);
  CHECK(sender.clock.sleeps.empty());
}

TEST_CASE("change: what nobody can tell is called unknown") {
  Sender stopped;
  stopped.http.expect(AzureWorld::kPut).fail({.kind = ErrorKind::cancelled, .what = "interrupted"});
  const auto sent = stopped.send();
  REQUIRE(!sent);
  CHECK(sent.error().kind == ErrorKind::cancelled);
  CHECK(sent.error().what ==
        "it is not known whether Azure has accepted the change, which was to start the upgrade");
  CHECK(sent.error().next.front().starts_with("aksmesh wait "));
  Sender late;
  for (const char* request : {AzureWorld::kPut, AzureWorld::kGet})
    late.http.expect(request).fail({.kind = ErrorKind::timeout, .what = "the time is over"});
  CHECK(late.send().error().kind == ErrorKind::timeout);
  Sender between;  // the fault may have come after the change was taken
  between.clock.interrupted_at = 1;
  between.http.expect(AzureWorld::kPut).answer(500, "{}");
  const auto interrupted = between.send();
  CHECK(interrupted.error().kind == ErrorKind::cancelled);
  CHECK(interrupted.error().what.starts_with("it is not known whether"));
}

TEST_CASE("change: what was not agreed to is not sent, even if the change is the same") {
  Sender sender;
  sender.refuse("\"e1\"");
  sender.read({.profile = kOne, .etag = "e2", .more = R"("dnsPrefix":"disagreeable",)"});
  CHECK(sender.send().error().what == "not agreed");
}

TEST_CASE("change: a plan that lay around is made anew") {
  Sender same;
  same.read({.profile = kOne});
  CHECK(azure::renew_plan(same.arm, same.id, *same.plan, same.edit, same.sending()));
  Sender scaled;  // a pool's change leaves the cluster's own tag
  scaled.read({.profile = kOne, .pools = R"({"name":"system","mode":"System","count":5})"});
  CHECK(azure::renew_plan(scaled.arm, scaled.id, *scaled.plan, scaled.edit, scaled.sending()));
  CHECK(scaled.plan->body.text().find(R"("count":5)") != std::string::npos);
  Sender other;
  other.read({.profile = mesh_json(R"("asm-1-27")")});
  CHECK(!azure::renew_plan(other.arm, other.id, *other.plan, other.edit, other.sending()));
}

TEST_CASE("change: somebody else's change of something else is kept") {
  Sender sender;
  sender.refuse("\"e1\"");
  sender.read({.profile = kOne, .etag = "e2", .more = R"("dnsPrefix":"theirs",)"});
  sender.http.expect(AzureWorld::kPut)
      .with("If-Match: \"e2\"\n")
      .with(R"("dnsPrefix":"theirs")")
      .answer(200, cluster_json({.profile = kTwo}));
  CHECK(sender.send());
  CHECK(sender.clock.sleeps == std::vector<std::int64_t>{1'000});
}

TEST_CASE("change: the same tag again is sent in its other spelling") {
  Sender sender;
  sender.refuse("\"e1\"");
  sender.read({.profile = kOne});
  sender.http.expect(AzureWorld::kPut)
      .with("If-Match: e1\n")
      .answer(200, cluster_json({.profile = kTwo}));
  CHECK(sender.send());
}

TEST_CASE("change: a plan that would become another one is not sent") {
  Sender sender;
  sender.refuse("\"e1\"");
  sender.read({.profile = mesh_json(R"("asm-1-27")"), .etag = "e2"});
  const auto sent = sender.send();
  REQUIRE(!sent);
  CHECK(sent.error().kind == ErrorKind::conflict);
  CHECK(sent.error().why.ends_with(
      R"((properties.serviceMeshProfile.istio.revisions is ["asm-1-27"] now))"));
}

TEST_CASE("change: a plan that has become impossible says so") {
  Sender sender;
  sender.refuse("\"e1\"");
  sender.read({.etag = "e2"});
  const auto sent = sender.send();
  REQUIRE(!sent);
  CHECK(sent.error().why == "the mesh is not enabled on prod");
}

TEST_CASE("change: a first try whose answer was lost had got through") {
  Sender sender;
  sender.refuse("\"e1\"");
  sender.read({.profile = kTwo, .state = "Updating", .etag = "e2"});
  const auto sent = sender.send();
  REQUIRE(sent);
  CHECK(sent->was_there_already);
  CHECK(sender.plan->before.etag == "e2");
}

TEST_CASE("change: an answer that tells nothing is looked up in the cluster, not sent again") {
  for (const char* nothing : {"", "<html></html>", R"({"id":"/subscriptions/s","prop)", "{}"}) {
    Sender taken;
    taken.http.expect(AzureWorld::kPut).answer(200, nothing);
    taken.read({.profile = kTwo, .state = "Updating"});
    const auto sent = taken.send();
    REQUIRE(sent);
    CHECK(sent->was_there_already);
    Sender lost;
    lost.http.expect(AzureWorld::kPut).answer(200, nothing);
    lost.read({.profile = kOne});
    CHECK(lost.send().error().kind == ErrorKind::bad_data);
  }
  Sender whole;
  whole.http.expect(AzureWorld::kPut).answer(200, cluster_json({.profile = kTwo}));
  CHECK(whole.send());
  // The service chose the revision, so that the profile is not the very one that was sent.
  Sender enabling;
  enabling.edit = [](const auto& cluster) { return azure::enabled(cluster, {}); };
  enabling.plan = azure::make_plan(cluster_of(), enabling.edit);
  enabling.http.expect(AzureWorld::kPut).answer(200, "<html></html>");
  enabling.read({.profile = kOne});
  CHECK(enabling.send());
}

TEST_CASE("change: the service's own race counts like a tag that does not match") {
  Sender sender;
  sender.http.expect(AzureWorld::kPut)
      .answer(409, R"({"code":"EtagMismatch","message":"Another operation is in progress"})");
  sender.read({.profile = kOne, .etag = "e2"});
  sender.http.expect(AzureWorld::kPut)
      .with("If-Match: \"e2\"\n")
      .answer(200, cluster_json({.profile = kTwo}));
  CHECK(sender.send());
}

TEST_CASE("change: it is given up in the end") {
  Sender sender;
  for (int number = 1; number <= 5; ++number) {
    sender.refuse("\"e" + std::to_string(number) + '"');
    if (number < 5) sender.read({.profile = kOne, .etag = "e" + std::to_string(number + 1)});
  }
  const auto sent = sender.send();
  REQUIRE(!sent);
  CHECK(sent.error().kind == ErrorKind::conflict);
  // A PUT costs one of 20 tokens that come back one a minute.
  CHECK(sender.clock.sleeps == std::vector<std::int64_t>{1'000, 2'000, 4'000, 8'000});
}

TEST_CASE("change: another operation that runs is told, and not tried against") {
  Sender sender;
  sender.http.expect(AzureWorld::kPut)
      .answer(409, R"({"code":"OperationNotAllowed","message":"An operation is in progress"})");
  sender.read({.profile = kOne, .state = "Updating", .etag = "e2"});
  const auto sent = sender.send();
  REQUIRE(!sent);
  CHECK(sent.error().why.starts_with("another operation on this cluster is running"));
}

TEST_CASE("change: other refusals are told at once") {
  Sender sender;
  sender.http.expect(AzureWorld::kPut)
      .answer(
          400,
          R"x({"code":"BadRequest","message":"Request exceeds maximum allowed number of revisions (2)"})x",
          {{"x-ms-request-id", "r1"}, {"x-ms-correlation-request-id", "c1"}});
  const auto sent = sender.send();
  REQUIRE(!sent);
  CHECK(sent.error().what == "cannot start the upgrade");
  CHECK(sent.error().where.starts_with("PUT management.azure.com/subscriptions/"));
  CHECK(sent.error().where.ends_with("prod, 400 BadRequest, request r1, correlation c1"));
}

TEST_CASE("change: Ctrl-C between two tries") {
  Sender sender;
  sender.clock.interrupted_at = 1;
  sender.refuse("\"e1\"");
  const auto sent = sender.send();
  REQUIRE(!sent);
  CHECK(sent.error().kind == ErrorKind::cancelled);
}

}  // namespace aksmesh::test
