// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sys/cancel.hpp"

namespace aksmesh::cli {

/// Ctrl-C and termination end the program at once with 130 or 143; a reader that goes away does not
/// end it. What the caller has told this process to ignore stays ignored.
void install_signal_handlers();

/// The signals as a wish to stop, for commands that must still say what goes on elsewhere.
class SignalCancel final : public sys::Cancel {
 public:
  void listen() override;
  [[nodiscard]] bool requested() const override;
  void take_up() override;
  /// Whether it was SIGTERM that asked.
  [[nodiscard]] static bool terminated();
  [[nodiscard]] int descriptor() const override;
};

}  // namespace aksmesh::cli
