// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "certificate.hpp"
#include "http.hpp"

namespace aksmesh::sim {

using Handler = std::function<Response(const Request&)>;

/// HTTP/1.1 over TLS on loopback; a thread for each connection.
class Server {
 public:
  /// Listens; throws what the network says when it cannot.
  Server(const Certificates& certificates, unsigned short port);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  [[nodiscard]] unsigned short port() const;
  /// Takes connections for as long as the program lives.
  [[noreturn]] void run(const Handler& handler);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace aksmesh::sim
