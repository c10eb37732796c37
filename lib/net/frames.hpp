// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "sys/random.hpp"

namespace aksmesh::net {

/// The frames of a WebSocket (RFC 6455) as a client writes and reads them, without a connection:
/// bytes in, messages out, and the other way. Pings are answered.
class Frames {
 public:
  /// Messages longer than `largest` are not taken. `random` masks what goes out.
  Frames(sys::Random& random, std::size_t largest);
  Frames(const Frames&) = delete;
  Frames& operator=(const Frames&) = delete;
  ~Frames();

  using OnMessage = std::function<void(std::string_view message)>;
  /// Takes bytes in whatever pieces they come and tells each whole message.
  void take(std::string_view bytes, const OnMessage& on_message);
  /// Queues a binary message.
  void send(std::string_view message);
  /// Queues the farewell.
  void close();
  /// What is to go out; the caller has it from then on.
  [[nodiscard]] std::string output();

  /// The other side has said farewell.
  [[nodiscard]] bool ended() const;
  /// The number that it gave (1000: all is well); 0: none.
  [[nodiscard]] int end_code() const;
  /// Why nothing more is read; empty: all is well.
  [[nodiscard]] const std::string& problem() const;

 private:
  struct State;
  void write();

  std::unique_ptr<State> state_;
};

}  // namespace aksmesh::net
