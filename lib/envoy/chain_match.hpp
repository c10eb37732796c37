// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "envoy/value.hpp"

namespace aksmesh::envoy {

/// What a listener knows of a connection when it chooses a chain of filters.
struct Connection {
  std::string address{};  ///< where it goes; empty: not known
  std::int64_t port = 0;
  std::string server_name{};             ///< of TLS
  std::string transport = "raw_buffer";  ///< or `tls`
  std::vector<std::string> protocols{};  ///< that were detected or offered, in their order
};

struct ChainChoice {
  Value chain{};  ///< nothing when none takes the connection, which is then closed
  bool is_default = false;
  /// Of chains that depend on what is not known; empty: it is decided.
  std::string undecided{};
};

/// The chain of a listener that takes a connection. As Envoy does, one criterion after the other
/// keeps the chains that are most exact in it: port, address, name of the server, transport,
/// protocols, caller; it never goes back to a less exact one.
ChainChoice choose_chain(const Value& listener, const Connection& connection);

/// Whether an address, without port, is in a range as `10.0.0.0` with 8 bits.
bool is_in_range(std::string_view address, std::string_view prefix, std::int64_t bits);

}  // namespace aksmesh::envoy
