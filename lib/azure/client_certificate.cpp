// SPDX-License-Identifier: Apache-2.0
#include "azure/client_certificate.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <limits>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "sys/clock.hpp"

namespace aksmesh::azure {
namespace {

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(PKCS12* store) const { PKCS12_free(store); }
  void operator()(STACK_OF(X509) * list) const { sk_X509_pop_free(list, X509_free); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

constexpr int kSaltLength = 32;
constexpr const char* kPasswordAdvice = "set AZURE_CLIENT_CERTIFICATE_PASSWORD to its password";

/// What OpenSSL found wrong is kept for each thread until somebody asks; nobody will.
struct ForgetErrors {
  ForgetErrors() = default;
  ForgetErrors(const ForgetErrors&) = delete;
  ForgetErrors& operator=(const ForgetErrors&) = delete;
  ~ForgetErrors() { ERR_clear_error(); }
};

Error unusable(std::string why, std::vector<std::string> next = {}) {
  return {.kind = ErrorKind::auth,
          .what = "the client certificate cannot be used",
          .why = std::move(why),
          .next = std::move(next)};
}

Owned<BIO> reader_of(std::string_view text) {
  return Owned<BIO>(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

/// Without it OpenSSL would ask for the password on the terminal.
int give_password(char* buffer, int size, int, void* password) {
  const auto& text = static_cast<const Secret*>(password)->reveal();
  const auto length = std::min(text.size(), static_cast<std::size_t>(size));
  std::copy_n(text.begin(), length, buffer);
  return static_cast<int>(length);
}

/// The content of a file, not yet put in order.
struct Content {
  Owned<EVP_PKEY> key;
  std::vector<Owned<X509>> certificates;
};

Result<Content> read_pem(std::string_view pem, const Secret& password) {
  Content out;
  Secret copy = password;
  out.key.reset(PEM_read_bio_PrivateKey(reader_of(pem).get(), nullptr, give_password, &copy));
  const auto bio = reader_of(pem);
  while (auto* certificate = PEM_read_bio_X509(bio.get(), nullptr, give_password, &copy))
    out.certificates.emplace_back(certificate);
  if (out.key != nullptr) return out;
  if (pem.find("ENCRYPTED") != std::string_view::npos)
    return unusable(password.empty() ? "its private key is encrypted, and there is no password"
                                     : "the password does not fit its private key",
                    {kPasswordAdvice});
  if (pem.find("PRIVATE KEY-----") != std::string_view::npos)
    return unusable("its private key cannot be read");
  return unusable("the file holds no private key",
                  {"put key and certificate into one PEM file: cat key.pem cert.pem > both.pem"});
}

bool password_fits(PKCS12* store, const Secret& password) {
  const auto& text = password.reveal();
  if (PKCS12_verify_mac(store, text.data(), static_cast<int>(text.size())) == 1) return true;
  return text.empty() && PKCS12_verify_mac(store, nullptr, 0) == 1;
}

Result<Content> read_pkcs12(std::string_view der, const Secret& password) {
  Content out;
  const Owned<PKCS12> store(d2i_PKCS12_bio(reader_of(der).get(), nullptr));
  if (store == nullptr) return unusable("the file is neither PEM nor PKCS#12");
  EVP_PKEY* key = nullptr;
  X509* own = nullptr;
  STACK_OF(X509)* others = nullptr;
  if (PKCS12_mac_present(store.get()) == 0)
    return unusable("it has no integrity check (MAC), and OpenSSL does not read it without",
                    {"convert it: openssl pkcs12 -nomacver -nodes -in OLD.pfx -out NEW.pem"});
  if (PKCS12_parse(store.get(), password.reveal().c_str(), &key, &own, &others) != 1) {
    if (password_fits(store.get(), password))
      return unusable("it is encrypted in a way that OpenSSL 3 no longer reads, such as RC2",
                      {"convert it: openssl pkcs12 -legacy -nodes -in OLD.pfx -out NEW.pem"});
    return unusable(password.empty() ? "it is encrypted, and there is no password"
                                     : "the password does not fit",
                    {kPasswordAdvice});
  }
  out.key.reset(key);
  if (own != nullptr) out.certificates.emplace_back(own);
  const Owned<STACK_OF(X509)> list(others);
  while (list != nullptr && sk_X509_num(list.get()) > 0)
    out.certificates.emplace_back(sk_X509_shift(list.get()));
  if (out.key == nullptr) return unusable("the file holds no private key");
  return out;
}

/// The key's own certificate first, then its issuer and so on; others are left out.
std::vector<Owned<X509>> in_order(Content& content) {
  std::vector<Owned<X509>> out;
  const auto take = [&](const auto& fits) {
    for (auto& one : content.certificates) {
      if (one == nullptr || !fits(one.get())) continue;
      out.push_back(std::move(one));
      return true;
    }
    return false;
  };
  if (!take([&](X509* one) { return X509_check_private_key(one, content.key.get()) == 1; }))
    return out;
  while (take([&](X509* one) { return X509_check_issued(one, out.back().get()) == X509_V_OK; })) {
  }
  return out;
}

std::string day_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return "a day that cannot be read";
  return sys::Date{parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday}.text();
}

std::string der_of(X509* certificate) {
  unsigned char* bytes = nullptr;
  const int size = i2d_X509(certificate, &bytes);
  if (size <= 0) return {};
  std::string out(bytes, bytes + size);
  OPENSSL_free(bytes);
  return out;
}

}  // namespace

struct ClientCertificate::Parts {
  Owned<EVP_PKEY> key;
  std::vector<Owned<X509>> chain;  ///< its own first
};

ClientCertificate::ClientCertificate(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
ClientCertificate::ClientCertificate(ClientCertificate&&) noexcept = default;
ClientCertificate& ClientCertificate::operator=(ClientCertificate&&) noexcept = default;
ClientCertificate::~ClientCertificate() = default;

Result<ClientCertificate> ClientCertificate::read(std::string_view content,
                                                  const Secret& password) {
  const ForgetErrors forget;
  if (content.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()))
    return unusable("the file is too large");
  // PKCS#12 is DER, and DER of a sequence begins with this byte.
  AK_TRY(auto parts, content.starts_with('\x30') ? read_pkcs12(content, password)
                                                 : read_pem(content, password));
  if (EVP_PKEY_base_id(parts.key.get()) != EVP_PKEY_RSA)
    return unusable("its key is none of RSA, and Entra ID takes only those",
                    {"make one: openssl req -x509 -newkey rsa:3072 -nodes -days 365 -subj /CN=NAME "
                     "-keyout key.pem -out cert.pem"});
  if (parts.certificates.empty())
    return unusable("the file holds a private key, but no certificate",
                    {"put both into one PEM file: cat key.pem cert.pem > both.pem"});
  auto chain = in_order(parts);
  if (chain.empty()) return unusable("no certificate of the file goes with its private key");
  auto out = std::make_unique<Parts>();
  out->key = std::move(parts.key);
  out->chain = std::move(chain);
  return ClientCertificate(std::move(out));
}

Status ClientCertificate::check_validity(std::int64_t now) const {
  auto* own = parts_->chain.front().get();
  auto time = static_cast<std::time_t>(now);
  const auto* from = X509_get0_notBefore(own);
  const auto* until = X509_get0_notAfter(own);
  if (X509_cmp_time(until, &time) <= 0)
    return unusable("it expired on " + day_of(until),
                    {"renew it, and give the application the new one: az ad app credential reset "
                     "--id CLIENT_ID --cert @cert.pem --append"});
  if (X509_cmp_time(from, &time) > 0)
    return unusable("it is not valid before " + day_of(from), {"check the clock of this machine"});
  return Done{};
}

std::string ClientCertificate::thumbprint() const {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  X509_digest(parts_->chain.front().get(), EVP_sha256(), digest.data(), &size);
  return {digest.begin(), digest.begin() + size};
}

std::vector<std::string> ClientCertificate::chain() const {
  std::vector<std::string> out;
  for (const auto& one : parts_->chain) out.push_back(der_of(one.get()));
  return out;
}

Result<std::string> ClientCertificate::sign(std::string_view text) const {
  const ForgetErrors forget;
  const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* key = nullptr;
  const std::string bytes(text);
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  std::size_t size = 0;
  if (context == nullptr ||
      EVP_DigestSignInit(context.get(), &key, EVP_sha256(), nullptr, parts_->key.get()) != 1 ||
      EVP_PKEY_CTX_set_rsa_padding(key, RSA_PKCS1_PSS_PADDING) != 1 ||
      EVP_PKEY_CTX_set_rsa_pss_saltlen(key, kSaltLength) != 1 ||
      EVP_DigestSign(context.get(), nullptr, &size, data, bytes.size()) != 1)
    return unusable("its key cannot sign");
  std::vector<unsigned char> out(size);
  if (EVP_DigestSign(context.get(), out.data(), &size, data, bytes.size()) != 1)
    return unusable("its key cannot sign; it may be too short");
  return std::string(out.data(), out.data() + size);
}

}  // namespace aksmesh::azure
