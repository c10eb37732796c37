// SPDX-License-Identifier: Apache-2.0
#include "signals.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <array>
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

volatile std::sig_atomic_t stop_asked = 0;
volatile std::sig_atomic_t last_signal = 0;  // also of a wish that was taken up
std::array<int, 2> wake_pipe{-1, -1};        // written to by the handler, so that poll() ends

/// The second signal ends the process: SA_RESETHAND has taken this handler away.
extern "C" void ask_to_stop(int number) {
  stop_asked = number;
  last_signal = number;
  const char byte = 0;
  if (::write(wake_pipe[1], &byte, 1) != 1) return;  // full: the reader is awake anyway
}

void ask_on(int number) {
  struct sigaction before {};
  if (::sigaction(number, nullptr, &before) != 0 || before.sa_handler == SIG_IGN) return;
  struct sigaction action {};
  action.sa_handler = ask_to_stop;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigemptyset(&action.sa_mask);
  ::sigaction(number, &action, nullptr);
}

}  // namespace

void SignalCancel::listen() {
  if (wake_pipe[0] >= 0 || ::pipe(wake_pipe.data()) != 0) return;
  for (const int end : wake_pipe) {
    ::fcntl(end, F_SETFD, FD_CLOEXEC);
    ::fcntl(end, F_SETFL, O_NONBLOCK);
  }
  ask_on(SIGINT);
  ask_on(SIGTERM);
}

bool SignalCancel::requested() const {
  return stop_asked != 0;
}

void SignalCancel::take_up() {
  stop_asked = 0;
  char byte = 0;
  while (::read(wake_pipe[0], &byte, 1) == 1) continue;
}

bool SignalCancel::terminated() {
  return last_signal == SIGTERM;
}

int SignalCancel::descriptor() const {
  return wake_pipe[0];
}

void install_signal_handlers() {
  end_on(SIGINT);
  end_on(SIGTERM);
  std::signal(SIGPIPE, SIG_IGN);  // writes tell that the reader is gone
}

}  // namespace aksmesh::cli
