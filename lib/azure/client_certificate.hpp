// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace aksmesh::azure {

/// A private key with its certificate, and the certificates that this one was issued by. Errors are
/// of kind auth.
class ClientCertificate {
 public:
  /// Reads PEM, whose blocks may stand in any order, or PKCS#12. Only RSA keys are taken, because
  /// Entra ID takes no others.
  static Result<ClientCertificate> read(std::string_view content, const Secret& password);
  ClientCertificate(ClientCertificate&&) noexcept;
  ClientCertificate& operator=(ClientCertificate&&) noexcept;
  ~ClientCertificate();

  /// Whether that time (seconds since 1970) is within its validity.
  [[nodiscard]] Status check_validity(std::int64_t now) const;
  /// SHA-256 of its DER form, 32 bytes.
  [[nodiscard]] std::string thumbprint() const;
  /// DER forms: its own, its issuer's and so on, as far as they were in the file.
  [[nodiscard]] std::vector<std::string> chain() const;
  /// The signature PS256 (RFC 7518): RSA-PSS with SHA-256 and a salt of 32 bytes.
  [[nodiscard]] Result<std::string> sign(std::string_view text) const;

 private:
  struct Parts;
  explicit ClientCertificate(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace aksmesh::azure
