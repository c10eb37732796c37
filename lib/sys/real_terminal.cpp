// SPDX-License-Identifier: Apache-2.0
#include "sys/terminal.hpp"

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace aksmesh::sys {
namespace {

/// Whoever shares the terminal or pipe (an SSH client, a Node program) may have made it
/// non-blocking.
void wait_until_ready(int descriptor) {
  pollfd waiting{.fd = descriptor, .events = POLLOUT, .revents = 0};
  (void)::poll(&waiting, 1, -1);
}

}  // namespace

void RealOutputStream::write(std::string_view text) {
  while (!text.empty() && !closed_ && failure_.empty()) {
    const auto put = ::write(descriptor_, text.data(), text.size());
    if (put >= 0) {
      text.remove_prefix(static_cast<std::size_t>(put));
    } else if (errno == EPIPE) {
      closed_ = true;
    } else if (errno == EAGAIN) {
      wait_until_ready(descriptor_);
    } else if (errno != EINTR) {
      failure_ = std::generic_category().message(errno);
    }
  }
}

bool RealOutputStream::is_terminal() const {
  return ::isatty(descriptor_) == 1;
}

int terminal_width() {
  winsize size{};
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

bool standard_input_is_terminal() {
  return ::isatty(STDIN_FILENO) == 1;
}

std::optional<std::string> read_terminal_line(const Cancel& cancel) {
  std::string line;
  while (!cancel.requested()) {
    std::array<pollfd, 2> ready{pollfd{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0},
                                pollfd{.fd = cancel.descriptor(), .events = POLLIN, .revents = 0}};
    if (::poll(ready.data(), ready.size(), -1) < 0 && errno != EINTR) return std::nullopt;
    if (ready[0].revents == 0) continue;
    char c = 0;
    const auto got = ::read(STDIN_FILENO, &c, 1);
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (got <= 0) return line.empty() ? std::nullopt : std::optional(line);
    if (c == '\n') return line;
    line += c;
  }
  return std::nullopt;
}

}  // namespace aksmesh::sys
