// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "net/local_port.hpp"

namespace aksmesh::test {
namespace {

using net::LocalPort;

/// A client of a port on 127.0.0.1, whose connection stands.
net::Descriptor client_of(int port) {
  net::Descriptor out(::socket(AF_INET, SOCK_STREAM, 0));
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_port = htons(static_cast<std::uint16_t>(port));
  place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(::connect(out.number(), reinterpret_cast<const sockaddr*>(&place), sizeof place) == 0);
  return out;
}

}  // namespace

TEST_CASE("local port: addresses, and a port that is taken") {
  const auto first = LocalPort::open("localhost", 0);
  REQUIRE(first);
  CHECK(first->host() == "127.0.0.1");
  CHECK(first->is_loopback());
  CHECK(first->port() > 0);
  const auto again = LocalPort::open("127.0.0.1", first->port());
  REQUIRE_FALSE(again);
  CHECK(again.error().kind == ErrorKind::conflict);
  for (const char* odd : {"", "nowhere", "1.2.3", "::g", "192.0.2.1"}) {
    const auto refused = LocalPort::open(odd, 0);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::usage);
  }
  const auto everybody = LocalPort::open("0.0.0.0", 0);
  REQUIRE(everybody);
  CHECK_FALSE(everybody->is_loopback());
}

TEST_CASE("local port: bytes go both ways, and nothing blocks") {
  auto port = LocalPort::open("127.0.0.1", 0);
  REQUIRE(port);
  CHECK_FALSE(port->accept());
  auto client = client_of(port->port());
  auto taken = port->accept();
  REQUIRE(taken);
  CHECK(taken->receive(10).empty());
  CHECK_FALSE(taken->ended());
  REQUIRE(::send(client.number(), "hello", 5, 0) == 5);
  CHECK(taken->receive(2) == "he");
  CHECK(taken->receive(10) == "llo");
  CHECK(taken->send("abc") == 3);
  // What nobody reads fills the network, and then no more is taken.
  const std::string much(1U << 20U, 'x');
  std::size_t sent = 0;
  while (const auto count = taken->send(much)) sent += count;
  CHECK(sent < 100 * much.size());
  CHECK_FALSE(taken->broken());
  REQUIRE(::shutdown(client.number(), SHUT_WR) == 0);
  CHECK(taken->receive(10).empty());
  CHECK(taken->ended());
}

}  // namespace aksmesh::test
