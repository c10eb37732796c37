// SPDX-License-Identifier: Apache-2.0
#include "kube/port_forward.hpp"

#include <utility>

#include <doctest/doctest.h>

#include "net/websocket.hpp"
#include "support/fake_world.hpp"

namespace aksmesh::test {
namespace {

/// A message of a server, shorter than 64 KiB.
std::string framed(const std::string& payload) {
  std::string out(1, static_cast<char>(0x82));
  if (payload.size() < 126) return out + static_cast<char>(payload.size()) + payload;
  out += static_cast<char>(126);
  out += static_cast<char>(payload.size() >> 8U);
  out += static_cast<char>(payload.size() & 0xFFU);
  return out + payload;
}

/// Takes one message of a client off the bytes.
std::string take_message(std::string& bytes) {
  REQUIRE(bytes.size() > 6);
  auto size = static_cast<std::size_t>(static_cast<unsigned char>(bytes[1]) & 0x7FU);
  std::size_t begin = 2;
  if (size == 126) {
    size = static_cast<std::size_t>(static_cast<unsigned char>(bytes[2])) * 256 +
           static_cast<unsigned char>(bytes[3]);
    begin = 4;
  }
  const auto mask = bytes.substr(begin, 4);
  std::string out;
  for (std::size_t i = 0; i < size; ++i)
    out += static_cast<char>(bytes[begin + 4 + i] ^ mask[i % 4]);
  bytes.erase(0, begin + 4 + size);
  return out;
}

/// An API server that forwards to pods, each of which answers with the path that it was asked for.
class Pods final : public net::Http {
 public:
  int answers_a_connection = 100;  ///< then it is ended, with a question on its way
  std::string error{};             ///< what the error channel says instead
  std::vector<std::string> connections{};

  void configure(net::HttpSettings) override {}
  [[nodiscard]] std::int64_t deadline() const override { return 0; }
  std::vector<Result<net::Response>> send_all(const std::vector<net::Request>& requests) override {
    return {requests.size(), net::Response{.status = 404}};
  }
  void run(const std::vector<net::Stream*>& streams, const net::StreamBounds&) override {
    for (auto* stream : streams) talk(*stream);
  }

 private:
  void talk(net::Stream& stream) {
    connections.push_back(stream.request().url);
    stream.on_open("agent");
    const auto head = std::exchange(stream.output(), {});
    const auto key = head.find("Sec-WebSocket-Key: ") + 19;
    stream.on_data(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Protocol: v4.channel.k8s.io\r\nSec-WebSocket-Accept: " +
        net::accept_value(head.substr(key, head.find("\r\n", key) - key)) + "\r\n\r\n");
    for (const char channel : {'\0', '\1'})
      stream.on_data(framed(channel + std::string("\xa6\x3a")));
    if (!error.empty()) stream.on_data(framed('\1' + error));
    for (int answered = 0; !stream.closed(); ++answered) {
      auto bytes = std::exchange(stream.output(), {});
      const auto text = take_message(bytes);
      if (answered == answers_a_connection)
        return stream.on_data(std::string("\x88\x02\x03\xe8", 4));
      const auto path = text.substr(5, text.find(" HTTP") - 5);
      stream.on_data(framed('\0' + ("HTTP/1.1 200 OK\r\nContent-Length: " +
                                    std::to_string(path.size()) + "\r\n\r\n" + path)));
    }
  }
};

struct World {
  MemoryFiles files;
  FakeProcess process;
  FakeClock clock;
  FakeProgress progress;
  FakeRandom random;
  Pods pods;

  std::vector<Result<net::Response>> ask(
      const std::vector<std::pair<std::string, std::string>>& what) {
    kube::Client client({.context = "prod", .server = "https://api"}, pods, files, process, clock,
                        progress);
    std::vector<kube::PodQuestion> questions;
    for (const auto& [pod, path] : what)
      questions.push_back({.name_space = "shop", .pod = pod, .port = 15014, .path = path});
    return kube::ask_by_port_forward(client, random, questions);
  }
};

void check_bodies(const std::vector<Result<net::Response>>& answers,
                  const std::vector<std::string>& bodies) {
  REQUIRE(answers.size() == bodies.size());
  for (std::size_t i = 0; i < answers.size(); ++i) {
    REQUIRE(answers[i]);
    CHECK(answers[i]->body == bodies[i]);
  }
}

}  // namespace

TEST_CASE("port-forward: questions to one port share a connection, in their order") {
  World world;
  const auto answers = world.ask({{"a", "/one"}, {"b", "/two"}, {"a", "/three"}});
  check_bodies(answers, {"/one", "/two", "/three"});
  CHECK(world.pods.connections ==
        std::vector<std::string>{
            "https://api/api/v1/namespaces/shop/pods/a/portforward?ports=15014",
            "https://api/api/v1/namespaces/shop/pods/b/portforward?ports=15014"});
}

TEST_CASE("port-forward: a connection that is ended between answers is made anew") {
  World world;
  world.pods.answers_a_connection = 2;
  check_bodies(world.ask({{"a", "/1"}, {"a", "/2"}, {"a", "/3"}, {"a", "/4"}, {"a", "/5"}}),
               {"/1", "/2", "/3", "/4", "/5"});
  CHECK(world.pods.connections.size() == 3);
}

TEST_CASE("port-forward: a connection that is ended before any answer is a failure") {
  World world;
  world.pods.answers_a_connection = 0;
  for (const auto& answer : world.ask({{"a", "/1"}, {"a", "/2"}})) {
    REQUIRE_FALSE(answer);
    CHECK(answer.error().kind == ErrorKind::network);
  }
  CHECK(world.pods.connections.size() == 1);
}

TEST_CASE("port-forward: what the kubelet says of a port is the reason") {
  World world;
  world.pods.error = "connection refused";
  const auto answers = world.ask({{"a", "/1"}});
  REQUIRE_FALSE(answers.front());
  CHECK(answers.front().error().why == "connection refused");
}

}  // namespace aksmesh::test
