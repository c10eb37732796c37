// SPDX-License-Identifier: Apache-2.0
#include "certificate.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>

#include "openssl_handles.hpp"

namespace aksmesh::sim {
namespace {

using Extension = std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>>;

constexpr long kDay = 24L * 3600;

void extend(X509* certificate, X509* issuer, int kind, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value));
  if (extension) X509_add_ext(certificate, extension.get(), -1);
}

Certificate start(const char* name, EVP_PKEY* key, long serial) {
  Certificate out(X509_new());
  X509_set_version(out.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(out.get()), serial);
  X509_gmtime_adj(X509_getm_notBefore(out.get()), -kDay);
  X509_gmtime_adj(X509_getm_notAfter(out.get()), 30 * kDay);
  X509_set_pubkey(out.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(out.get()), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
  return out;
}

Certificate make_authority(EVP_PKEY* key) {
  Certificate out = start("aksmesh simulator authority", key, 1);
  X509_set_issuer_name(out.get(), X509_get_subject_name(out.get()));
  extend(out.get(), out.get(), NID_basic_constraints, "critical,CA:TRUE");
  extend(out.get(), out.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
  extend(out.get(), out.get(), NID_subject_key_identifier, "hash");
  X509_sign(out.get(), key, EVP_sha256());
  return out;
}

Certificate make_server(EVP_PKEY* key, X509* authority, EVP_PKEY* authority_key) {
  Certificate out = start("localhost", key, 2);
  X509_set_issuer_name(out.get(), X509_get_subject_name(authority));
  extend(out.get(), authority, NID_basic_constraints, "critical,CA:FALSE");
  extend(out.get(), authority, NID_key_usage, "critical,digitalSignature");
  extend(out.get(), authority, NID_ext_key_usage, "serverAuth");
  extend(out.get(), authority, NID_subject_key_identifier, "hash");
  extend(out.get(), authority, NID_authority_key_identifier, "keyid");
  extend(out.get(), authority, NID_subject_alt_name, "IP:127.0.0.1,DNS:localhost");
  X509_sign(out.get(), authority_key, EVP_sha256());
  return out;
}

std::string text_of(const Bio& bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

std::string pem(X509* certificate) {
  const Bio bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(bio.get(), certificate);
  return text_of(bio);
}

std::string pem(EVP_PKEY* key) {
  const Bio bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  return text_of(bio);
}

}  // namespace

Certificates make_certificates() {
  const Key authority_key(EVP_EC_gen("P-256"));
  const Key key(EVP_EC_gen("P-256"));
  if (!authority_key || !key) return {};
  const Certificate authority = make_authority(authority_key.get());
  const Certificate server = make_server(key.get(), authority.get(), authority_key.get());
  return {pem(authority.get()), pem(server.get()), pem(key.get())};
}

}  // namespace aksmesh::sim
