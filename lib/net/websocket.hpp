// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/frames.hpp"
#include "net/http1.hpp"
#include "net/stream.hpp"

namespace aksmesh::net {

/// A WebSocket as a client, on a connection that speaks HTTP/1.1.
class WebSocket : public Stream {
 public:
  /// `protocols` are the sub-protocols that will do, the best first.
  WebSocket(Request request, std::vector<std::string> protocols, sys::Random& random);

  void on_open(std::string_view user_agent) final;
  void on_data(std::string_view bytes) final;
  void on_end() final;
  [[nodiscard]] const Response* answer() const final;

 protected:
  /// The server speaks that of the protocols from now on.
  virtual void on_ready(const std::string& protocol) = 0;
  virtual void on_message(std::string_view message) = 0;
  /// The server answered the request in another way; the stream is closed.
  virtual void on_refusal(Response answer) = 0;
  /// The server ended the conversation with this number of RFC 6455; 0: without one.
  virtual void on_farewell(int code) = 0;

  void send_message(std::string_view message);
  /// Says farewell and closes.
  void leave();

 private:
  void greet();
  [[nodiscard]] std::string problem_of_greeting() const;
  void take_frames(std::string_view bytes);
  void fail_with(std::string why);

  std::vector<std::string> protocols_;
  std::string key_;
  Http1Reader reader_;
  Frames frames_;
  bool ready_ = false;
};

/// What a server must answer to a key in `Sec-WebSocket-Accept`.
std::string accept_value(std::string_view key);

}  // namespace aksmesh::net
