// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sys/cancel.hpp"

namespace aksmesh::sys {

/// One of the program's output streams. Writing to a closed pipe is silent: see `closed`.
class OutputStream {
 public:
  OutputStream() = default;
  OutputStream(const OutputStream&) = delete;
  OutputStream& operator=(const OutputStream&) = delete;
  virtual ~OutputStream() = default;
  virtual void write(std::string_view text) = 0;
  [[nodiscard]] virtual bool is_terminal() const = 0;
  /// The reader went away; further output is pointless but no failure.
  [[nodiscard]] virtual bool closed() const = 0;
  /// A write failed for another reason (a full disk); the text of the reason, else empty.
  [[nodiscard]] virtual std::string failure() const = 0;
};

/// Writes to a descriptor that it does not own.
class RealOutputStream final : public OutputStream {
 public:
  explicit RealOutputStream(int descriptor) : descriptor_(descriptor) {}
  void write(std::string_view text) override;
  [[nodiscard]] bool is_terminal() const override;
  [[nodiscard]] bool closed() const override { return closed_; }
  [[nodiscard]] std::string failure() const override { return failure_; }

 private:
  int descriptor_;
  bool closed_ = false;
  std::string failure_;
};

/// Columns of the terminal behind standard output, 0 when it has none.
int terminal_width();
bool standard_input_is_terminal();
/// One line of standard input without its end; nothing at the end of the input or when the user
/// asked to stop.
std::optional<std::string> read_terminal_line(const Cancel& cancel);

}  // namespace aksmesh::sys
