// SPDX-License-Identifier: Apache-2.0
#include "net/frames.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "net/websocket.hpp"
#include "support/fake_world.hpp"

namespace aksmesh::test {
namespace {

struct Side {
  FakeRandom random;
  net::Frames frames{random, 1000};
  std::vector<std::string> messages;
  void take(std::string_view bytes) {
    frames.take(bytes, [&](std::string_view message) { messages.emplace_back(message); });
  }
};

/// What a client's frame says, its mask taken off. Of frames shorter than 126 bytes.
std::string unmasked(std::string_view frame) {
  REQUIRE(frame.size() >= 6);
  CHECK((static_cast<unsigned char>(frame[1]) & 0x80U) != 0);
  std::string out;
  for (std::size_t i = 6; i < frame.size(); ++i)
    out += static_cast<char>(frame[i] ^ frame[2 + (i - 6) % 4]);
  return out;
}

std::string frame(int first, const std::string& payload) {
  std::string out(1, static_cast<char>(first));
  REQUIRE(payload.size() < 126);
  out += static_cast<char>(payload.size());
  return out + payload;
}

}  // namespace

TEST_CASE("frames: messages come whole, whatever the pieces") {
  const auto bytes = frame(0x82, "one") + frame(0x02, "tw") + frame(0x80, "o") + frame(0x82, "");
  for (const std::size_t size : {1U, 2U, 5U, 100U}) {
    Side side;
    for (std::size_t i = 0; i < bytes.size(); i += size)
      side.take(std::string_view(bytes).substr(i, size));
    CHECK(side.messages == std::vector<std::string>{"one", "two", ""});
    CHECK(side.frames.problem().empty());
  }
}

TEST_CASE("frames: what goes out is masked, each with another mask") {
  Side side;
  side.frames.send("hello");
  const auto first = side.frames.output();
  side.frames.send("hello");
  const auto second = side.frames.output();
  CHECK(first[0] == static_cast<char>(0x82));
  CHECK(unmasked(first) == "hello");
  CHECK(unmasked(second) == "hello");
  CHECK(first != second);
}

TEST_CASE("frames: a ping is answered") {
  Side side;
  side.take(frame(0x89, "there?"));
  const auto pong = side.frames.output();
  CHECK(pong[0] == static_cast<char>(0x8A));
  CHECK(unmasked(pong) == "there?");
  CHECK(side.messages.empty());
}

TEST_CASE("frames: a farewell ends it") {
  Side side;
  side.take(frame(0x82, "last") + frame(0x88, std::string("\x03\xe8", 2)) + frame(0x82, "late"));
  CHECK(side.messages == std::vector<std::string>{"last"});
  CHECK(side.frames.ended());
  CHECK(side.frames.end_code() == 1000);
  CHECK(side.frames.problem().empty());
}

TEST_CASE("frames: what breaks the protocol is a problem") {
  const std::string masked = std::string("\x82\x83", 2) + "abcdefg";
  for (const auto& bytes : {frame(0xF2, "reserved bits"), masked, frame(0x80, "continues nothing"),
                            frame(0x83, "no such kind"), frame(0x09, "a ping in parts")}) {
    Side side;
    side.take(bytes);
    CHECK(side.messages.empty());
    CHECK(side.frames.problem() == "its frames break the protocol");
  }
}

TEST_CASE("frames: a message that is too large is not gathered") {
  Side side;
  const std::string head("\x82\x7e\x04\x00", 4);
  side.take(head + std::string(1024, 'x'));
  CHECK(side.messages.empty());
  CHECK(side.frames.problem() == "a message is too large");
}

TEST_CASE("websocket: the answer to a key is that of RFC 6455") {
  CHECK(net::accept_value("dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

}  // namespace aksmesh::test
