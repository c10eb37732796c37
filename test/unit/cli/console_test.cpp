// SPDX-License-Identifier: Apache-2.0
#include "console.hpp"

#include <doctest/doctest.h>

#include "support/fake_world.hpp"

namespace aksmesh::test {

TEST_CASE("console: what is waited for leaves no trace on a terminal") {
  FakeWorld fake;
  fake.env.values["TERM"] = "xterm";
  fake.err.terminal = true;
  cli::World world{.files = fake.files,
                   .env = fake.env,
                   .clock = fake.clock,
                   .http = fake.http,
                   .random = fake.random,
                   .process = fake.process,
                   .cancel = fake.cancel,
                   .out = fake.out,
                   .err = fake.err};
  {
    cli::ConsoleProgress progress(world, {});
    progress.waiting("status 503, next try in 1s");
  }
  CHECK(fake.err.text == "\r\x1b[Kstatus 503, next try in 1s\r\x1b[K");
}

}  // namespace aksmesh::test
