// SPDX-License-Identifier: Apache-2.0
#include "data/certificate.hpp"

#include <array>
#include <ctime>
#include <limits>
#include <memory>
#include <optional>

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "base/strings.hpp"

namespace aksmesh::data {
namespace {

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(BIGNUM* number) const { BN_free(number); }
  void operator()(BASIC_CONSTRAINTS* constraints) const { BASIC_CONSTRAINTS_free(constraints); }
  void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
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

/// A point in time as its day and as seconds since 1970.
struct Moment {
  sys::Date day{};
  std::int64_t second = 0;
};

std::optional<Moment> moment_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  const sys::Date day{parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday};
  constexpr std::int64_t kDay = 86'400;
  return Moment{day, sys::days_between({1970, 1, 1}, day) * kDay + parts.tm_hour * 3600 +
                         parts.tm_min * 60 + parts.tm_sec};
}

std::string serial_of(const X509* certificate) {
  const std::unique_ptr<BIGNUM, Free> number(
      ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr));
  char* digits = number ? BN_bn2hex(number.get()) : nullptr;
  if (digits == nullptr) return {};
  const auto out = to_lower(digits);
  OPENSSL_free(digits);
  const auto first = out.find_first_not_of('0');
  return first == out.npos ? "0" : out.substr(first);
}

bool is_authority(const X509* certificate) {
  const std::unique_ptr<BASIC_CONSTRAINTS, Free> constraints(static_cast<BASIC_CONSTRAINTS*>(
      X509_get_ext_d2i(certificate, NID_basic_constraints, nullptr, nullptr)));
  return constraints && constraints->ca != 0;
}

std::string_view bytes_of(const ASN1_STRING* text) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
          static_cast<std::size_t>(ASN1_STRING_length(text))};
}

/// An address of IPv4 or IPv6 as it is written.
std::string address_text(std::string_view bytes) {
  std::string out;
  constexpr std::size_t kIpv4 = 4;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    if (bytes.size() == kIpv4) {
      out += (i == 0 ? "" : ".") + std::to_string(byte);
      continue;
    }
    constexpr std::string_view kDigits = "0123456789abcdef";
    if (i != 0 && i % 2 == 0) out += ':';
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 15U];
  }
  return out;
}

std::vector<std::string> names_of(const X509* certificate) {
  const std::unique_ptr<GENERAL_NAMES, Free> names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  std::vector<std::string> out;
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const auto* name = sk_GENERAL_NAME_value(names.get(), i);
    int type = 0;
    const auto* value = static_cast<const ASN1_STRING*>(GENERAL_NAME_get0_value(name, &type));
    if (type == GEN_URI) out.push_back("URI:" + std::string(bytes_of(value)));
    if (type == GEN_DNS) out.push_back("DNS:" + std::string(bytes_of(value)));
    if (type == GEN_EMAIL) out.push_back("email:" + std::string(bytes_of(value)));
    if (type == GEN_IPADD) out.push_back("IP:" + address_text(bytes_of(value)));
  }
  return out;
}

std::optional<Certificate> facts_of(const X509* certificate) {
  if (certificate == nullptr) return std::nullopt;
  const auto begin = moment_of(X509_get0_notBefore(certificate));
  const auto end = moment_of(X509_get0_notAfter(certificate));
  if (!begin || !end) return std::nullopt;
  return Certificate{.from = begin->day,
                     .until = end->day,
                     .fingerprint = fingerprint_of(certificate),
                     .begins = begin->second,
                     .ends = end->second,
                     .serial = serial_of(certificate),
                     .is_authority = is_authority(certificate),
                     .names = names_of(certificate)};
}

}  // namespace

std::vector<Certificate> read_certificates(std::string_view pem) {
  const auto block = first_block(pem);
  std::vector<Certificate> out;
  const unsigned char* at = block.data();
  const unsigned char* const end = at + block.size();
  while (at != end) {
    const std::unique_ptr<X509, Free> certificate(d2i_X509(nullptr, &at, end - at));
    auto facts = facts_of(certificate.get());
    if (!facts) {
      out.clear();
      break;
    }
    out.push_back(std::move(*facts));
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

}  // namespace aksmesh::data
