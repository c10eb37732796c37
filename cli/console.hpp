// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "context.hpp"
#include "sys/asker.hpp"
#include "sys/progress.hpp"
#include "world.hpp"

namespace aksmesh::cli {

/// Progress on standard error: one line that is rewritten on a terminal, elsewhere a plain line for
/// each phase and one a minute; nothing when the user wants quiet or a document.
class ConsoleProgress final : public sys::Progress {
 public:
  ConsoleProgress(World& world, const commands::GlobalOptions& global);
  ConsoleProgress(const ConsoleProgress&) = delete;
  ConsoleProgress& operator=(const ConsoleProgress&) = delete;
  /// Whoever waited last need not have said that it is over; what comes next begins on a clean
  /// line.
  ~ConsoleProgress() override { erase(); }
  void waiting(std::string_view text) override;
  void note(std::string_view text) override;
  void end() override;

 private:
  void erase();

  World& world_;
  bool silent_;
  bool rewrites_;
  bool shown_ = false;  ///< a line stands there that is to be erased
  std::string phase_;
  std::int64_t told_ = 0;  ///< steady, when a plain line was last written
};

/// Questions on standard error, answers from standard input.
class ConsoleAsker final : public sys::Asker {
 public:
  explicit ConsoleAsker(World& world) : world_(world) {}
  [[nodiscard]] bool can_ask() const override;
  Result<std::string> ask(const std::string& question) override;

 private:
  World& world_;
};

}  // namespace aksmesh::cli
