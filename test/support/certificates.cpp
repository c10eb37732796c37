// SPDX-License-Identifier: Apache-2.0
#include "support/certificates.hpp"

#include <doctest/doctest.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

namespace aksmesh::test {
namespace {

EVP_PKEY* key_of(const std::shared_ptr<void>& key) {
  return static_cast<EVP_PKEY*>(key.get());
}

X509* certificate_of(const std::shared_ptr<void>& certificate) {
  return static_cast<X509*>(certificate.get());
}

/// What `write` puts into memory.
template <class Write>
std::string written(const Write& write) {
  BIO* bio = BIO_new(BIO_s_mem());
  REQUIRE(write(bio) == 1);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  std::string out(data, data + size);
  BIO_free(bio);
  return out;
}

}  // namespace

TestKey TestKey::rsa() {
  TestKey out;
  out.key_.reset(EVP_RSA_gen(2048), [](void* key) { EVP_PKEY_free(static_cast<EVP_PKEY*>(key)); });
  REQUIRE(out.key_ != nullptr);
  return out;
}

TestKey TestKey::elliptic() {
  TestKey out;
  out.key_.reset(EVP_EC_gen("P-256"),
                 [](void* key) { EVP_PKEY_free(static_cast<EVP_PKEY*>(key)); });
  REQUIRE(out.key_ != nullptr);
  return out;
}

std::string TestKey::pem(const std::string& password) const {
  return written([&](BIO* bio) {
    return PEM_write_bio_PKCS8PrivateKey(
        bio, key_of(key_), password.empty() ? nullptr : EVP_aes_256_cbc(), password.data(),
        static_cast<int>(password.size()), nullptr, nullptr);
  });
}

bool TestKey::verifies_ps256(std::string_view text, std::string_view signature) const {
  const auto bytes = [](std::string_view from) {
    return reinterpret_cast<const unsigned char*>(from.data());
  };
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EVP_PKEY_CTX* settings = nullptr;
  const bool out =
      EVP_DigestVerifyInit(context, &settings, EVP_sha256(), nullptr, key_of(key_)) == 1 &&
      EVP_PKEY_CTX_set_rsa_padding(settings, RSA_PKCS1_PSS_PADDING) == 1 &&
      EVP_PKEY_CTX_set_rsa_pss_saltlen(settings, 32) == 1 &&
      EVP_DigestVerify(context, bytes(signature), signature.size(), bytes(text), text.size()) == 1;
  EVP_MD_CTX_free(context);
  return out;
}

TestCertificate TestCertificate::make(const TestKey& key, const std::string& name,
                                      Validity validity, const TestCertificate* issuer,
                                      const TestKey& issuer_key) {
  TestCertificate out;
  out.certificate_.reset(X509_new(), [](void* one) { X509_free(static_cast<X509*>(one)); });
  X509* x509 = certificate_of(out.certificate_);
  X509_set_version(x509, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
  ASN1_TIME_set(X509_getm_notBefore(x509), validity.from);
  ASN1_TIME_set(X509_getm_notAfter(x509), validity.until);
  X509_set_pubkey(x509, key_of(key.key_));
  X509_NAME* subject = X509_get_subject_name(x509);
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_issuer_name(x509, issuer == nullptr
                                 ? subject
                                 : X509_get_subject_name(certificate_of(issuer->certificate_)));
  REQUIRE(X509_sign(x509, key_of(issuer_key.key_), EVP_sha256()) > 0);
  return out;
}

TestCertificate TestCertificate::of(const TestKey& key, const std::string& name,
                                    Validity validity) {
  return make(key, name, validity, nullptr, key);
}

TestCertificate TestCertificate::of(const TestKey& key, const std::string& name,
                                    const TestCertificate& issuer, const TestKey& issuer_key) {
  return make(key, name, {}, &issuer, issuer_key);
}

std::string TestCertificate::pem() const {
  return written([&](BIO* bio) { return PEM_write_bio_X509(bio, certificate_of(certificate_)); });
}

std::string TestCertificate::der() const {
  return written([&](BIO* bio) { return i2d_X509_bio(bio, certificate_of(certificate_)); });
}

std::string pkcs12(const TestKey& key, const std::vector<TestCertificate>& certificates,
                   const std::string& password, Mac mac) {
  STACK_OF(X509)* others = sk_X509_new_null();
  for (std::size_t i = 1; i < certificates.size(); ++i)
    sk_X509_push(others, certificate_of(certificates[i].certificate_));
  PKCS12* store = PKCS12_create(password.c_str(), "test", key_of(key.key_),
                                certificate_of(certificates.at(0).certificate_), others, 0, 0, 0,
                                mac == Mac::none ? -1 : 0, 0);
  sk_X509_free(others);
  REQUIRE(store != nullptr);
  auto out = written([&](BIO* bio) { return i2d_PKCS12_bio(bio, store); });
  PKCS12_free(store);
  return out;
}

}  // namespace aksmesh::test
