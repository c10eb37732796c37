// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sys/clock.hpp"

namespace aksmesh::istio {

/// What matters of an X.509 certificate to those who have it served.
struct Certificate {
  sys::Date from{};           ///< the first day of its validity, UTC
  sys::Date until{};          ///< the last
  std::string fingerprint{};  ///< SHA-256, as bytes
  [[nodiscard]] bool is_valid_on(const sys::Date& day) const { return from <= day && day <= until; }
};

/// The certificates in the first PEM block of a text. Empty when the text holds no block, or one
/// with anything else in it.
std::vector<Certificate> read_certificates(std::string_view pem);

/// Those of every block of a text, such as a bundle of roots; blocks with anything else are left
/// out.
std::vector<Certificate> read_bundle(std::string_view pem);

}  // namespace aksmesh::istio
