// SPDX-License-Identifier: Apache-2.0
#include "signals.hpp"

#include <unistd.h>
#include <csignal>

#include "exit_code.hpp"

namespace aksmesh::cli {
namespace {

/// The handler is gone by now (SA_RESETHAND), so the signal itself ends the process, and a shell
/// that runs a loop sees that it was interrupted and stops as well. Only the first process of a
/// container survives that: the kernel keeps signals without a handler from it.
extern "C" void end_by_signal(int number) {
  std::raise(number);
  ::_exit(number == SIGINT ? kInterrupted : kTerminated);
}

void end_on(int number) {
  struct sigaction before {};
  if (::sigaction(number, nullptr, &before) != 0 || before.sa_handler == SIG_IGN) return;
  struct sigaction action {};
  action.sa_handler = end_by_signal;
  // Without SA_NODEFER the signal raised in the handler would wait for its end.
  action.sa_flags = static_cast<int>(SA_RESETHAND) | SA_NODEFER;
  sigemptyset(&action.sa_mask);
  ::sigaction(number, &action, nullptr);
}

}  // namespace

void install_signal_handlers() {
  end_on(SIGINT);
  end_on(SIGTERM);
  std::signal(SIGPIPE, SIG_IGN);  // writes tell that the reader is gone
}

}  // namespace aksmesh::cli
