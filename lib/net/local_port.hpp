// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"

// TCP on this machine, for programs that connect to us. Nothing here blocks.
namespace aksmesh::net {

/// A file descriptor that is closed when its owner goes.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor();
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

/// A connection that was taken.
class LocalConnection {
 public:
  explicit LocalConnection(Descriptor socket) : socket_(std::move(socket)) {}
  [[nodiscard]] int descriptor() const { return socket_.number(); }
  /// What has come, at most `most` bytes; empty when there is nothing now.
  std::string receive(std::size_t most);
  /// How many of the bytes it took.
  std::size_t send(std::string_view bytes);
  /// The other side sends nothing more.
  [[nodiscard]] bool ended() const { return ended_; }
  /// Nothing goes either way any more.
  [[nodiscard]] bool broken() const { return broken_; }

 private:
  Descriptor socket_;
  bool ended_ = false;
  bool broken_ = false;
};

/// A port that takes connections.
class LocalPort {
 public:
  /// `address` is an IPv4 or IPv6 address of this machine or `localhost`, which is 127.0.0.1; port
  /// 0 is any that is free. Kinds: usage for what is no address of this machine, conflict for a
  /// port that somebody has, denied for one that needs rights.
  static Result<LocalPort> open(const std::string& address, int port);

  [[nodiscard]] int descriptor() const { return socket_.number(); }
  [[nodiscard]] int port() const { return port_; }
  /// As it stands in a URL: `127.0.0.1`, `[::1]`.
  [[nodiscard]] const std::string& host() const { return host_; }
  /// Whether only this machine itself can connect.
  [[nodiscard]] bool is_loopback() const { return is_loopback_; }
  /// The next one that waits; nothing when none does.
  std::optional<LocalConnection> accept();

 private:
  LocalPort() = default;
  Descriptor socket_{};
  int port_ = 0;
  std::string host_{};
  bool is_loopback_ = false;
};

}  // namespace aksmesh::net
