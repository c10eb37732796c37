// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace aksmesh::sim {

struct Certificates {
  std::string authority{};    ///< PEM, for clients
  std::string certificate{};  ///< PEM, of the server
  std::string key{};
};

/// A new authority and a certificate of it for 127.0.0.1 and localhost; empty texts when OpenSSL
/// fails.
Certificates make_certificates();

}  // namespace aksmesh::sim
