// SPDX-License-Identifier: Apache-2.0
#include "istio/sync_status.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <doctest/doctest.h>

namespace aksmesh::test {
namespace {

using State = istio::TypeSync::State;

const istio::TypeSync& type_of(const istio::ProxySync& proxy, const std::string& name) {
  for (const auto& one : proxy.types)
    if (one.name == name) return one;
  FAIL("no type ", name);
  return proxy.types.front();
}

/// A recording of a real istiod; nothing where there are none.
std::string recording(const std::string& path) {
  const char* corpus = std::getenv("AKSMESH_CORPUS");
  const auto folder = corpus != nullptr
                          ? std::filesystem::path(corpus)
                          : std::filesystem::path(AKSMESH_SOURCE_DIR) / "../shared/data";
  std::ifstream file(folder / path);
  std::ostringstream out;
  out << file.rdbuf();
  return out.str();
}

/// Of one proxy, `types` is the inside of its `resources`.
std::string answer_of(const std::string& types) {
  return R"([{"cluster_id": "Kubernetes", "proxy": "web.1.shop", "istio_version": "1.28.10",
              "resources": {)" +
         types + "}}]";
}

std::string resource(const std::string& type, const std::string& value) {
  return "\"type.googleapis.com/" + type + "\": " + value;
}

}  // namespace

TEST_CASE("sync status: each state, as istiod has told them since 1.23") {
  const auto read = istio::read_sync_status(answer_of(
      resource("envoy.config.cluster.v3.Cluster",
               R"({"sent": "a", "acked": "a", "sentTime": "2026-01-01T00:00:00.123456789Z"},)") +
      resource("envoy.config.listener.v3.Listener",
               R"({"sent": "b", "acked": "a", "lastError": "no"},)") +
      resource("envoy.config.route.v3.RouteConfiguration", R"({"sent": "b", "acked": "a"},)") +
      resource("envoy.config.core.v3.TypedExtensionConfig", R"({"sent": "b"},)") +
      resource("envoy.extensions.transport_sockets.tls.v3.Secret",
               R"({"sentTime": "0001-01-01T00:00:00Z"},)") +
      resource("example.New", R"({"sent": "a", "acked": "a"})")));
  REQUIRE(read);
  REQUIRE(read->size() == 1);
  const auto& proxy = read.value().front();
  CHECK(proxy.name == "web.1");
  CHECK(proxy.name_space == "shop");
  CHECK(proxy.version == "1.28.10");
  CHECK(type_of(proxy, "CDS").state == State::synced);
  CHECK(type_of(proxy, "CDS").sent_ms == 1'767'225'600'123);
  CHECK(type_of(proxy, "LDS").state == State::rejected);
  CHECK(type_of(proxy, "LDS").error == "no");
  CHECK(type_of(proxy, "RDS").state == State::stale);
  CHECK(type_of(proxy, "ECDS").state == State::stale);
  CHECK(type_of(proxy, "EDS").state == State::ignored);
  CHECK(type_of(proxy, "SDS").state == State::not_sent);
  CHECK_FALSE(type_of(proxy, "SDS").sent_ms);
  CHECK(type_of(proxy, "type.googleapis.com/example.New").state == State::synced);
  CHECK(proxy.has(State::rejected));
  CHECK_FALSE(proxy.has(State::not_told));
}

TEST_CASE("sync status: istiod up to 1.22 does not tell what a proxy asks for") {
  const auto read = istio::read_sync_status(
      R"([{"cluster_id": "Kubernetes", "proxy": "p.n", "istio_version": "1.22.0",
           "cluster_sent": "a", "cluster_acked": "a", "listener_sent": "b", "listener_acked": "a",
           "endpoint_sent": "c"}])");
  REQUIRE(read);
  const auto& proxy = read.value().front();
  CHECK(type_of(proxy, "CDS").state == State::synced);
  CHECK(type_of(proxy, "LDS").state == State::stale);
  CHECK(type_of(proxy, "EDS").state == State::stale);
  CHECK(type_of(proxy, "RDS").state == State::not_told);
}

TEST_CASE("sync status: sessions of istioctl are no proxies, and an empty list is one") {
  const auto read = istio::read_sync_status(
      R"([{"proxy": "test-1.default", "istio_version": "65536.65536.65536"}, {"proxy": "nodot"}])");
  REQUIRE(read);
  CHECK(read.value().empty());
  CHECK(istio::read_sync_status("null").value().empty());
  CHECK(istio::read_sync_status(" []\n").value().empty());
}

TEST_CASE("sync status: any other answer is bad data") {
  for (const auto* text : {"", "{}", "404 page not found", "[{", "[] []", "\"x\""}) {
    const auto read = istio::read_sync_status(text);
    CAPTURE(text);
    REQUIRE_FALSE(read);
    CHECK(read.error().kind == ErrorKind::bad_data);
  }
}

TEST_CASE("sync status: a recorded istiod") {
  const auto text = recording("realmesh/istiod/syncz.json");
  if (text.empty()) {
    MESSAGE("left out: no recordings");
    return;
  }
  const auto read = istio::read_sync_status(text);
  REQUIRE(read);
  CHECK(read.value().size() == 7);
  for (const auto& proxy : read.value()) {
    CHECK(proxy.version == "1.28.10");
    CHECK(type_of(proxy, "CDS").state == State::synced);
  }
}

TEST_CASE("sync status: a recorded istiod whose proxies refuse their configuration") {
  const auto text = recording("istioctl/nack/syncz-istiod-asm-1-28-5758f7848-8lh74.json");
  if (text.empty()) {
    MESSAGE("left out: no recordings");
    return;
  }
  const auto read = istio::read_sync_status(text);
  REQUIRE(read);
  const auto& proxy = read.value().front();
  CHECK(type_of(proxy, "CDS").state == State::rejected);
  CHECK(type_of(proxy, "LDS").state == State::rejected);
  CHECK(type_of(proxy, "CDS").error.starts_with("Error adding/updating cluster(s)"));
}

TEST_CASE("sync status: the question is about the port that the pod names") {
  CHECK(istio::sync_question("n", "p", "15099").port == 15099);
  for (const auto* port : {"", "http", "0", "70000", "1x"})
    CHECK(istio::sync_question("n", "p", port).port == 15014);
}

}  // namespace aksmesh::test
