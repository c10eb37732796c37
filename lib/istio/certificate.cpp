// SPDX-License-Identifier: Apache-2.0
#include "istio/certificate.hpp"

#include <array>
#include <ctime>
#include <limits>
#include <memory>
#include <optional>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace aksmesh::istio {
namespace {

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
};

/// The content of a text's first PEM block, whatever its title.
std::vector<unsigned char> first_block(std::string_view pem) {
  if (pem.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) return {};
  const std::unique_ptr<BIO, Free> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  char* title = nullptr;
  char* header = nullptr;
  unsigned char* data = nullptr;
  long size = 0;
  if (bio == nullptr || PEM_read_bio(bio.get(), &title, &header, &data, &size) != 1) return {};
  std::vector<unsigned char> out(data, data + size);
  OPENSSL_free(title);
  OPENSSL_free(header);
  OPENSSL_free(data);
  return out;
}

/// The SHA-256 of a certificate, as bytes.
std::string fingerprint_of(const X509* certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (X509_digest(certificate, EVP_sha256(), digest.data(), &size) != 1) return {};
  return {digest.begin(), digest.begin() + size};
}

std::optional<sys::Date> day_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  return sys::Date{parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday};
}

}  // namespace

std::vector<Certificate> read_certificates(std::string_view pem) {
  const auto block = first_block(pem);
  std::vector<Certificate> out;
  const unsigned char* at = block.data();
  const unsigned char* const end = at + block.size();
  while (at != end) {
    const std::unique_ptr<X509, Free> certificate(d2i_X509(nullptr, &at, end - at));
    const auto from = certificate ? day_of(X509_get0_notBefore(certificate.get())) : std::nullopt;
    const auto until = certificate ? day_of(X509_get0_notAfter(certificate.get())) : std::nullopt;
    if (!from || !until) {
      out.clear();
      break;
    }
    out.push_back(
        {.from = *from, .until = *until, .fingerprint = fingerprint_of(certificate.get())});
  }
  // What it found wrong is kept for each thread until somebody asks; nobody will.
  ERR_clear_error();
  return out;
}

std::vector<Certificate> read_bundle(std::string_view pem) {
  constexpr std::string_view kEnd = "-----END CERTIFICATE-----";
  std::vector<Certificate> out;
  while (true) {
    const auto end = pem.find(kEnd);
    if (end == pem.npos) return out;
    const auto block = pem.substr(0, end + kEnd.size());
    for (auto& one : read_certificates(block)) out.push_back(std::move(one));
    pem.remove_prefix(block.size());
  }
}

}  // namespace aksmesh::istio
