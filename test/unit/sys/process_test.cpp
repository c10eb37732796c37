// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "sys/process.hpp"

namespace aksmesh::test {
namespace {

class Asked final : public sys::Cancel {
  [[nodiscard]] bool requested() const override { return true; }
};

Result<sys::ProgramResult> shell(const std::string& script, std::int64_t timeout = 20'000) {
  const sys::NoCancel cancel;
  sys::RealProcess process(cancel);
  return process.run({.name = "sh",
                      .arguments = {"-c", script, "sh", "$(no shell looks at this)"},
                      .environment = {{"FROM_TEST", "it's here"}, {"HOME", "/elsewhere"}},
                      .timeout = timeout});
}

}  // namespace

TEST_CASE("process: arguments, environment, both streams and the code come through") {
  const auto result =
      shell(R"(echo "$1"; echo "$FROM_TEST, $HOME"; cat; echo trouble >&2; exit 3)");
  REQUIRE(result);
  CHECK(result->out == "$(no shell looks at this)\nit's here, /elsewhere\n");
  CHECK(result->err == "trouble\n");
  CHECK(result->code == 3);
}

TEST_CASE("process: output larger than a pipe is read, and no more is kept than the limit") {
  const auto result = shell("head -c 300000 /dev/zero; head -c 2000000 /dev/zero >&2");
  REQUIRE(result);
  CHECK(result->out.size() == 300'000);
  CHECK(result->err.size() == sys::kLargestOutput);
  CHECK(result->code == 0);
}

TEST_CASE("process: a program that is missing, is none or dies of a signal") {
  const sys::NoCancel cancel;
  sys::RealProcess process(cancel);
  const auto missing = process.run({.name = "aksmesh-no-such-program"});
  REQUIRE(!missing);
  CHECK(missing.error().kind == ErrorKind::not_found);
  const auto no_program = process.run({.name = "/etc/passwd"});
  REQUIRE(!no_program);
  CHECK(no_program.error().kind == ErrorKind::denied);
  const auto killed = shell("kill -9 $$");
  REQUIRE(killed);
  CHECK(killed->code == 137);
}

TEST_CASE("process: it ends at its deadline and when the user asks, with its children") {
  const auto late = shell("sleep 600 & wait", 100);
  REQUIRE(!late);
  CHECK(late.error().kind == ErrorKind::timeout);
  const Asked cancel;
  sys::RealProcess process(cancel);
  const auto stopped = process.run({.name = "sleep", .arguments = {"600"}});
  REQUIRE(!stopped);
  CHECK(stopped.error().kind == ErrorKind::cancelled);
}

TEST_CASE("process: a child that stays behind with the streams holds nobody up") {
  const auto result = shell("sleep 5 & echo done");
  REQUIRE(result);
  CHECK(result->out == "done\n");
}

}  // namespace aksmesh::test
