// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

// Keys and certificates that are made while the tests run, so that none lie in the checkout.
namespace aksmesh::test {

/// Whether a PKCS#12 file guards itself against damage.
enum class Mac { usual, none };

/// A private key.
class TestKey {
 public:
  static TestKey rsa();
  static TestKey elliptic();
  /// Encrypted when there is a password.
  [[nodiscard]] std::string pem(const std::string& password = {}) const;
  /// Whether its owner signed the text with PS256.
  [[nodiscard]] bool verifies_ps256(std::string_view text, std::string_view signature) const;

 private:
  friend class TestCertificate;
  friend std::string pkcs12(const TestKey&, const std::vector<class TestCertificate>&,
                            const std::string&, Mac);
  std::shared_ptr<void> key_;
};

class TestCertificate {
 public:
  struct Validity {
    std::int64_t from = 0;  ///< seconds since 1970
    std::int64_t until = 4'000'000'000;
  };
  /// For a key, by itself.
  static TestCertificate of(const TestKey& key, const std::string& name, Validity validity);
  /// For a key, by somebody else.
  static TestCertificate of(const TestKey& key, const std::string& name,
                            const TestCertificate& issuer, const TestKey& issuer_key);
  [[nodiscard]] std::string pem() const;
  [[nodiscard]] std::string der() const;

 private:
  friend std::string pkcs12(const TestKey&, const std::vector<TestCertificate>&, const std::string&,
                            Mac);
  static TestCertificate make(const TestKey& key, const std::string& name, Validity validity,
                              const TestCertificate* issuer, const TestKey& issuer_key);
  std::shared_ptr<void> certificate_;
};

/// A PKCS#12 file; the key's own certificate comes first.
std::string pkcs12(const TestKey& key, const std::vector<TestCertificate>& certificates,
                   const std::string& password, Mac mac = Mac::usual);

}  // namespace aksmesh::test
