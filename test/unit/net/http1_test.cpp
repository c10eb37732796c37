// SPDX-License-Identifier: Apache-2.0
#include "net/http1.hpp"

#include <algorithm>

#include <doctest/doctest.h>

namespace aksmesh::test {
namespace {

struct Reading {
  net::Http1Reader reader{100};
  std::size_t used = 0;
};

Reading read(std::string_view text, std::size_t piece = 1) {
  Reading out;
  for (; !text.empty(); text.remove_prefix(std::min(piece, text.size())))
    out.used += out.reader.take(text.substr(0, piece));
  return out;
}

}  // namespace

TEST_CASE("http1: a request as it goes out") {
  const net::Request request{.method = net::Method::post,
                             .url = "https://host:443/a?b=c",
                             .headers = {{"X", "1\r\nInjected: yes"}},
                             .body = "{}",
                             .bearer = Secret("T")};
  CHECK(net::http1_text(request, "host", "agent", {{"Upgrade", "w"}}) ==
        "POST /a?b=c HTTP/1.1\r\nHost: host\r\nUser-Agent: agent\r\nX: 1  Injected: yes\r\n"
        "Upgrade: w\r\nAuthorization: Bearer T\r\nContent-Length: 2\r\n\r\n{}");
  CHECK(net::target_of("/debug/syncz") == "/debug/syncz");
  CHECK(net::target_of("https://host") == "/");
}

TEST_CASE("http1: a body of a length ends there, and what follows is not taken") {
  for (const std::size_t piece : {1U, 1000U}) {
    const std::string_view answer = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nA:  b \r\n\r\nabc";
    const auto out = read(std::string(answer) + "HTTP/1.1", piece);
    CHECK(out.reader.done());
    CHECK(out.reader.response().body == "abc");
    CHECK(out.reader.response().header("a") == "b");
    CHECK(out.reader.keeps_connection());
    CHECK(out.used == answer.size());
  }
}

TEST_CASE("http1: a body in chunks") {
  const auto out = read(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n"
      "3;name=value\r\nabc\r\nA\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n");
  CHECK(out.reader.done());
  CHECK(out.reader.response().body == "abc0123456789");
}

TEST_CASE("http1: a body without a length ends with the connection") {
  auto out = read("HTTP/1.1 200 OK\r\n\r\nabc");
  CHECK_FALSE(out.reader.done());
  out.reader.end();
  CHECK(out.reader.done());
  CHECK(out.reader.response().body == "abc");
  CHECK_FALSE(out.reader.keeps_connection());
}

TEST_CASE("http1: an answer that stops early is broken, whatever part of it came") {
  const std::string_view text = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc";
  for (std::size_t size = 0; size < text.size(); ++size) {
    auto out = read(text.substr(0, size));
    CHECK(out.reader.is_untouched() == (size == 0));
    out.reader.end();
    CHECK_FALSE(out.reader.done());
    CHECK_FALSE(out.reader.problem().empty());
  }
  auto chunked = read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
  chunked.reader.end();
  CHECK_FALSE(chunked.reader.done());
}

TEST_CASE("http1: answers before the last, and those without a body") {
  CHECK(
      read("HTTP/1.1 103 Early\r\nA: b\r\n\r\nHTTP/1.1 204 No\r\n\r\n").reader.response().status ==
      204);
  const auto upgrade = read("HTTP/1.1 101 Switching\r\n\r\nframes", 1000);
  CHECK(upgrade.reader.done());
  CHECK(upgrade.used == 26);
  for (const auto* head : {"HTTP/1.0 200 OK\r\n", "HTTP/1.1 200 OK\r\nConnection: Close\r\n"})
    CHECK_FALSE(read(std::string(head) + "Content-Length: 0\r\n\r\n").reader.keeps_connection());
}

TEST_CASE("http1: what is no answer is told") {
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  for (const auto& text :
       {std::string("SSH-2.0-OpenSSH\r\n"), std::string("HTTP/2 200\r\n"),
        std::string("HTTP/1.1 2000 OK\r\n"), std::string("HTTP/1.1 099 x\r\n"), ok + "no colon\r\n",
        ok + "A: b\r\n folded\r\n", ok + "A : b\r\n", ok + "Content-Length: -1\r\n\r\n",
        ok + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n",
        ok + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        ok + "Transfer-Encoding: gzip\r\n\r\n", ok + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
        ok + "Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n"}) {
    const auto out = read(text);
    CAPTURE(text);
    CHECK_FALSE(out.reader.done());
    CHECK_FALSE(out.reader.problem().empty());
  }
}

TEST_CASE("http1: an answer has bounds, for its head and for what waits of its body") {
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  CHECK(read(ok + "Content-Length: 101\r\n\r\n").reader.problem() == "the answer is too large");
  CHECK(read(ok + "\r\n" + std::string(101, 'x')).reader.problem() == "the answer is too large");
  CHECK(
      read(ok + "A: " + std::string(net::Http1Reader::kLargestHead, 'x'), 1000).reader.problem() ==
      "the head of the answer is too large");
  net::Http1Reader taken(100);
  taken.take(ok + "\r\n");
  for (int i = 0; i < 5; ++i) {
    taken.take(std::string(90, 'x'));
    taken.response().body.clear();
  }
  CHECK(taken.problem().empty());
}

}  // namespace aksmesh::test
