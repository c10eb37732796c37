// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <string_view>
#include <system_error>

#include "sys/clock.hpp"
#include "sys/process.hpp"

extern char** environ;

namespace aksmesh::sys {
namespace {

constexpr int kLook = 50;  // milliseconds between looks at whether it has ended

/// One end reads, the program writes into the other.
class Pipe {
 public:
  Pipe() {
    if (::pipe(ends_.data()) != 0) return;
    for (const int end : ends_) (void)::fcntl(end, F_SETFD, FD_CLOEXEC);
    (void)::fcntl(ends_[0], F_SETFL, O_NONBLOCK);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close(0);
    close(1);
  }
  void close(std::size_t end) {
    if (ends_.at(end) >= 0) ::close(ends_.at(end));
    ends_.at(end) = -1;
  }
  [[nodiscard]] int reader() const { return ends_[0]; }
  [[nodiscard]] int writer() const { return ends_[1]; }

  /// Takes what is there; what goes beyond the limit is thrown away. Closes itself at the end.
  void drain(std::string& into) {
    std::array<char, 16'384> buffer{};
    while (reader() >= 0) {
      const auto got = ::read(reader(), buffer.data(), buffer.size());
      if (got < 0 && errno == EINTR) continue;
      if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
      if (got <= 0) return close(0);
      const auto room = kLargestOutput - std::min(kLargestOutput, into.size());
      into.append(buffer.data(), std::min(room, static_cast<std::size_t>(got)));
    }
  }

 private:
  std::array<int, 2> ends_{-1, -1};
};

/// Texts and the pointers to them, as exec wants both.
class PointerList {
 public:
  explicit PointerList(std::vector<std::string> texts) : texts_(std::move(texts)) {
    for (auto& text : texts_) pointers_.push_back(text.data());
    pointers_.push_back(nullptr);
  }
  [[nodiscard]] char* const* get() { return pointers_.data(); }

 private:
  std::vector<std::string> texts_;
  std::vector<char*> pointers_;
};

std::vector<std::string> arguments_of(const Program& program) {
  std::vector<std::string> out{program.name};
  out.insert(out.end(), program.arguments.begin(), program.arguments.end());
  return out;
}

std::vector<std::string> environment_of(const Program& program) {
  std::vector<std::string> out;
  for (char** at = environ; *at != nullptr; ++at) {
    const std::string_view line = *at;
    const auto name = line.substr(0, line.find('='));
    if (std::none_of(program.environment.begin(), program.environment.end(),
                     [&](const auto& variable) { return variable.first == name; }))
      out.emplace_back(line);
  }
  for (const auto& [name, value] : program.environment) out.push_back(name + '=' + value);
  return out;
}

/// What the program finds: no input, our pipes, a process group of its own (so that its children
/// can be ended with it) and signals as they are by default.
class SpawnSettings {
 public:
  SpawnSettings(const Pipe& out, const Pipe& err) {
    posix_spawn_file_actions_init(&files_);
    posix_spawn_file_actions_addopen(&files_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files_, out.writer(), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&files_, err.writer(), STDERR_FILENO);
    posix_spawnattr_init(&attributes_);
    sigset_t signals;
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes_, &signals);
    for (const int one : {SIGINT, SIGTERM, SIGPIPE}) sigaddset(&signals, one);
    posix_spawnattr_setsigdefault(&attributes_, &signals);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&files_);
    posix_spawnattr_destroy(&attributes_);
  }
  [[nodiscard]] const posix_spawn_file_actions_t* files() const { return &files_; }
  [[nodiscard]] const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t files_{};
  posix_spawnattr_t attributes_{};
};

Error cannot_run(const Program& program, int number) {
  ErrorKind kind = ErrorKind::internal;
  if (number == ENOENT || number == ENOTDIR) kind = ErrorKind::not_found;
  if (number == EACCES || number == EPERM) kind = ErrorKind::denied;
  return {.kind = kind,
          .what = "cannot run " + program.name,
          .why = kind == ErrorKind::not_found ? "there is no such program"
                                              : std::generic_category().message(number)};
}

/// A program that runs.
class Running {
 public:
  Running(pid_t id, Pipe& out, Pipe& err, const Program& program)
      : id_(id), out_(out), err_(err), program_(program) {}

  /// Until it ends; then true. False when it must be ended.
  bool watch(const Cancel& cancel, std::int64_t deadline, const Clock& clock) {
    while (!ended()) {
      const auto left = deadline - clock.steady();
      if (cancel.requested() || left <= 0) return false;
      std::array<pollfd, 3> ready{
          pollfd{.fd = out_.reader(), .events = POLLIN, .revents = 0},
          pollfd{.fd = err_.reader(), .events = POLLIN, .revents = 0},
          pollfd{.fd = cancel.descriptor(), .events = POLLIN, .revents = 0}};
      // After its pipes are closed the end itself is near, and no descriptor tells of it.
      const bool silent = out_.reader() < 0 && err_.reader() < 0;
      (void)::poll(ready.data(), ready.size(),
                   static_cast<int>(std::min<std::int64_t>(left, silent ? 2 : kLook)));
      take();
    }
    take();
    return true;
  }

  void kill() {
    (void)::kill(-id_, SIGKILL);
    while (!status_ && ::waitpid(id_, &raw_, 0) < 0 && errno == EINTR) {
    }
  }

  [[nodiscard]] ProgramResult result() && {
    const int code = WIFSIGNALED(*status_) ? 128 + WTERMSIG(*status_) : WEXITSTATUS(*status_);
    return {.code = code, .out = std::move(out_text_), .err = std::move(err_text_)};
  }

 private:
  void take() {
    out_.drain(out_text_);
    err_.drain(err_text_);
    if (!program_.overhear) return;
    for (auto end = err_text_.find('\n', told_); end != std::string::npos;
         end = err_text_.find('\n', told_)) {
      program_.overhear(std::string_view(err_text_).substr(told_, end - told_));
      told_ = end + 1;
    }
  }

  bool ended() {
    if (!status_ && ::waitpid(id_, &raw_, WNOHANG) == id_) status_ = raw_;
    return status_.has_value();
  }

  pid_t id_;
  Pipe& out_;
  Pipe& err_;
  const Program& program_;
  std::string out_text_;
  std::string err_text_;
  std::size_t told_ = 0;  ///< how much of err_text_ was passed on
  int raw_ = 0;
  std::optional<int> status_;
};

}  // namespace

Result<ProgramResult> RealProcess::run(const Program& program) {
  Pipe out;
  Pipe err;
  if (out.writer() < 0 || err.writer() < 0) return cannot_run(program, errno);
  PointerList arguments(arguments_of(program));
  PointerList environment(environment_of(program));
  const SpawnSettings settings(out, err);
  pid_t id = 0;
  if (const int number = ::posix_spawnp(&id, program.name.c_str(), settings.files(),
                                        settings.attributes(), arguments.get(), environment.get());
      number != 0)
    return cannot_run(program, number);
  out.close(1);
  err.close(1);
  const RealClock clock(cancel_);
  Running running(id, out, err, program);
  if (running.watch(cancel_, clock.steady() + program.timeout, clock))
    return std::move(running).result();
  running.kill();
  if (cancel_.requested()) return Error{.kind = ErrorKind::cancelled, .what = "interrupted"};
  return Error{.kind = ErrorKind::timeout,
               .what = program.name + " did not end within " +
                       duration_text((program.timeout + 999) / 1000)};
}

}  // namespace aksmesh::sys
