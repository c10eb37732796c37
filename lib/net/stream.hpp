// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "net/http.hpp"

namespace aksmesh::net {

/// What holds a connection open; closes it when it goes.
class Connection {
 public:
  Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  virtual ~Connection() = default;
};

class LocalStream;

/// A connection of its own on which bytes go both ways. What is said on it is a machine that never
/// waits: Http::run tells it what happens, and it says what goes out. Of the request, where it goes
/// and who is trusted counts; what is sent is the machine's to say. Its time begins with the
/// connecting.
class Stream {
 public:
  explicit Stream(Request request) : request_(std::move(request)) {}
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  virtual ~Stream() = default;

  [[nodiscard]] const Request& request() const { return request_; }
  /// Nothing more will happen on it.
  [[nodiscard]] bool closed() const { return closed_; }

  /// The connection stands.
  virtual void on_open(std::string_view user_agent) = 0;
  virtual void on_data(std::string_view bytes) = 0;
  /// The other side has ended the connection.
  virtual void on_end() = 0;
  /// There is no connection (any more), the time is over, or the user interrupted.
  virtual void on_failure(Error error) = 0;
  /// What the server said to the request, for the trace; null: nothing (yet).
  [[nodiscard]] virtual const Response* answer() const { return nullptr; }
  /// Whether more bytes are welcome now; until then they wait in the network.
  [[nodiscard]] virtual bool takes_more() const { return true; }
  /// Itself when it has no server; else null.
  [[nodiscard]] virtual LocalStream* local() { return nullptr; }

  // For those who move the bytes.
  [[nodiscard]] std::string& output() { return output_; }
  std::unique_ptr<Connection> connection{};
  /// Tells once whether the machine wants Http::run to return.
  bool take_pause() { return std::exchange(pauses_, false); }
  void fail(Error error) {
    closed_ = true;
    on_failure(std::move(error));
  }

 protected:
  void send(std::string_view bytes) { output_ += bytes; }
  /// What was sent before still goes out as far as the connection takes it at once.
  void close() { closed_ = true; }
  /// Makes Http::run return although streams are open; they go on with its next call.
  void pause() { pauses_ = true; }

 private:
  Request request_;
  std::string output_;
  bool closed_ = false;
  bool pauses_ = false;
};

/// A descriptor of this machine, and what it is waited for.
struct Watched {
  int descriptor = -1;
  bool to_read = false;
  bool to_write = false;
};

/// What goes on in the same loop without a server: sockets of this machine, as its owner sees to
/// them. It has neither connection nor data, and fails only with the run as a whole.
class LocalStream : public Stream {
 public:
  LocalStream() : Stream({}) {}
  /// What has to happen before its next turn is of use.
  virtual void add_watched(std::vector<Watched>& out) const = 0;
  /// Once each time the loop goes round. True when it has moved something, so that others may have
  /// something to do at once. It must not block.
  virtual bool on_turn() = 0;

  void on_open(std::string_view) final {}
  void on_data(std::string_view) final {}
  void on_end() final {}
  [[nodiscard]] LocalStream* local() final { return this; }
};

}  // namespace aksmesh::net
