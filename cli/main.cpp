// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>
#include <cstdio>
#include <exception>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "app.hpp"
#include "exit_code.hpp"
#include "net/curl_http.hpp"
#include "signals.hpp"
#include "sys/real_files.hpp"
#include "version.hpp"

int main(int argc, char** argv) {
  using namespace aksmesh;
#ifdef __GLIBC__
  // Pages of lists are megabytes that come and go: given back at once they leave no gaps behind
  // that nothing fits into. glibc would stop doing that after the first of them.
  mallopt(M_MMAP_THRESHOLD, 1 << 20);
#endif
  cli::install_signal_handlers();
  try {
    sys::RealFiles files;
    sys::RealEnvironment env;
    cli::SignalCancel cancel;
    sys::RealClock clock(cancel);
    sys::RealRandom random;
    sys::RealProcess process(cancel);
    net::CurlHttp http(clock, random, cancel);
    sys::RealOutputStream out(STDOUT_FILENO);
    sys::RealOutputStream err(STDERR_FILENO);
    cli::World world{files,
                     env,
                     clock,
                     http,
                     random,
                     process,
                     cancel,
                     out,
                     err,
                     out.is_terminal() ? sys::terminal_width() : 0,
                     sys::standard_input_is_terminal(),
                     [&] { return sys::read_terminal_line(cancel); }};
    const int code = cli::run({argv, argv + argc}, world);
    return code == cli::kInterrupted && cli::SignalCancel::terminated() ? cli::kTerminated : code;
  } catch (const std::exception& bug) {
    // Expected failures are values; what arrives here is a defect or the end of memory.
    std::fprintf(stderr,
                 "error: aksmesh %s met a bug: %s\n  try:  report it with the command line and, if "
                 "you can, the input\n",
                 std::string(commands::kVersion).c_str(), bug.what());
    return cli::kBug;
  }
}
