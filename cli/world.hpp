// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "net/http.hpp"
#include "sys/cancel.hpp"
#include "sys/clock.hpp"
#include "sys/environment.hpp"
#include "sys/files.hpp"
#include "sys/process.hpp"
#include "sys/random.hpp"
#include "sys/terminal.hpp"

namespace aksmesh::cli {

/// Everything outside the program. main() makes the real one, tests make their own.
struct World {
  sys::Files& files;
  const sys::Environment& env;
  sys::Clock& clock;
  net::Http& http;
  sys::Random& random;
  sys::Process& process;
  sys::Cancel& cancel;
  sys::OutputStream& out;
  sys::OutputStream& err;
  int terminal_width = 0;       ///< columns of the terminal behind `out`, 0 when it is none
  bool in_is_terminal = false;  ///< somebody types the standard input
  /// One line of standard input; nothing at its end or when the user asked to stop.
  std::function<std::optional<std::string>()> read_line{};
};

}  // namespace aksmesh::cli
