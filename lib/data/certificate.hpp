// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sys/clock.hpp"

namespace aksmesh::data {

/// What matters of an X.509 certificate to those who have it served, and to those who look at it.
struct Certificate {
  sys::Date from{};           ///< the first day of its validity, UTC
  sys::Date until{};          ///< the last
  std::string fingerprint{};  ///< SHA-256, as bytes
  std::int64_t begins = 0;    ///< the second when its validity begins, since 1970
  std::int64_t ends = 0;      ///< the last second of it
  std::string serial{};       ///< hexadecimal, in small letters, without zeros in front
  bool is_authority = false;  ///< whether it may sign others
  /// The alternative names of its subject, each as `URI:spiffe://...`, `DNS:...`, `IP:...` or
  /// `email:...`; those of other kinds are left out. Text of strangers.
  std::vector<std::string> names{};
  [[nodiscard]] bool is_valid_on(const sys::Date& day) const { return from <= day && day <= until; }
  [[nodiscard]] bool is_valid_at(std::int64_t second) const {
    return begins < second && second < ends;
  }
};

/// The certificates in the first PEM block of a text. Empty when the text holds no block, or one
/// with anything else in it.
std::vector<Certificate> read_certificates(std::string_view pem);

/// Those of every block of a text, such as a bundle of roots; blocks with anything else are left
/// out.
std::vector<Certificate> read_bundle(std::string_view pem);

}  // namespace aksmesh::data
