// SPDX-License-Identifier: Apache-2.0
#include "console.hpp"

#include "base/printable.hpp"
#include "base/strings.hpp"
#include "streams.hpp"

namespace aksmesh::cli {
namespace {

constexpr std::int64_t kEvery = 60'000;

/// What is waited for, without how long: `enabling the mesh: Updating, 12s`.
std::string_view phase_of(std::string_view text) {
  return text.substr(0, text.rfind(", "));
}

}  // namespace

ConsoleProgress::ConsoleProgress(World& world, const commands::GlobalOptions& global)
    : world_(world),
      silent_(global.quiet || global.output == "json" || global.output == "yaml"),
      rewrites_(world.err.is_terminal() && world.env.get("TERM").value_or("dumb") != "dumb") {}

void ConsoleProgress::erase() {
  if (shown_) world_.err.write("\r\x1b[K");
  shown_ = false;
}

void ConsoleProgress::waiting(std::string_view text) {
  if (silent_) return;
  const auto safe = printable(text);
  if (rewrites_) {
    // A line that wraps could not be erased.
    const auto width =
        world_.terminal_width > 1 ? static_cast<std::size_t>(world_.terminal_width) - 1 : 79;
    world_.err.write("\r\x1b[K" + safe.substr(0, width));
    shown_ = true;
    return;
  }
  const auto now = world_.clock.steady();
  if (phase_of(safe) == phase_ && now - told_ < kEvery) return;
  phase_ = phase_of(safe);
  told_ = now;
  world_.err.write(safe + '\n');
}

void ConsoleProgress::note(std::string_view text) {
  erase();
  world_.err.write(printable(text) + '\n');
}

void ConsoleProgress::end() {
  erase();
  phase_.clear();
}

bool ConsoleAsker::can_ask() const {
  return world_.in_is_terminal && world_.err.is_terminal();
}

Result<std::string> ConsoleAsker::ask(const std::string& question) {
  world_.err.write(question + ' ');
  const auto line = world_.read_line();
  if (!line) {
    world_.err.write("\n");
    return Error{.kind = ErrorKind::cancelled, .what = "no answer was given"};
  }
  return std::string(trim(*line));
}

}  // namespace aksmesh::cli
