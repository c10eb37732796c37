// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sys/clock.hpp"
#include "sys/environment.hpp"
#include "sys/files.hpp"
#include "sys/terminal.hpp"

namespace aksmesh::cli {

/// Everything outside the program. main() makes the real one, tests make their own.
struct World {
  sys::Files& files;
  const sys::Environment& env;
  const sys::Clock& clock;
  sys::OutputStream& out;
  sys::OutputStream& err;
  int terminal_width = 0;       ///< columns of the terminal behind `out`, 0 when it is none
  bool in_is_terminal = false;  ///< somebody types the standard input
};

}  // namespace aksmesh::cli
