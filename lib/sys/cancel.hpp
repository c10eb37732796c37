// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace aksmesh::sys {

/// Whether the user has asked to stop (Ctrl-C, SIGTERM).
class Cancel {
 public:
  Cancel() = default;
  Cancel(const Cancel&) = delete;
  Cancel& operator=(const Cancel&) = delete;
  virtual ~Cancel() = default;
  /// From now on a signal only asks; before, it ends the process at once. A second one does.
  virtual void listen() {}
  [[nodiscard]] virtual bool requested() const = 0;
  /// The wish has been heard, and what is done until the end puts things back: it may use the
  /// network again. Another signal ends the process at once.
  virtual void take_up() {}
  /// Becomes readable when the user asks to stop, for poll(); -1 when there is none.
  [[nodiscard]] virtual int descriptor() const { return -1; }
};

/// Nobody listens: a signal ends the process at once.
class NoCancel final : public Cancel {
 public:
  [[nodiscard]] bool requested() const override { return false; }
};

}  // namespace aksmesh::sys
