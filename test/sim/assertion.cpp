// SPDX-License-Identifier: Apache-2.0
#include "assertion.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <ctime>
#include <memory>

#include "http.hpp"
#include "openssl_handles.hpp"

namespace aksmesh::sim {
namespace {

using Context = std::unique_ptr<EVP_MD_CTX, Free<EVP_MD_CTX_free>>;

Certificate read_certificate(const std::string& pem) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return Certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
}

bool verifies(EVP_PKEY* key, bool pss, std::string_view text, std::string_view signature) {
  const Context context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* options = nullptr;
  if (EVP_DigestVerifyInit(context.get(), &options, EVP_sha256(), nullptr, key) != 1) return false;
  if (pss && (EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) != 1 ||
              EVP_PKEY_CTX_set_rsa_pss_saltlen(options, 32) != 1)) {
    return false;
  }
  return EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                          signature.size(), reinterpret_cast<const unsigned char*>(text.data()),
                          text.size()) == 1;
}

std::string thumbprint(X509* certificate, const EVP_MD* digest) {
  unsigned char bytes[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (X509_digest(certificate, digest, bytes, &size) != 1) return {};
  return {reinterpret_cast<const char*>(bytes), size};
}

bool names(const Json& header, X509* certificate) {
  const std::string old_form = text_at(header, {"x5t"});
  const std::string new_form = text_at(header, {"x5t#S256"});
  if (!old_form.empty()) return from_base64(old_form) == thumbprint(certificate, EVP_sha1());
  return from_base64(new_form) == thumbprint(certificate, EVP_sha256());
}

std::string signature_problem(const Scenario& scenario, const Json& header,
                              const std::string& assertion) {
  if (scenario.certificate.empty()) return {};
  const Certificate certificate = read_certificate(scenario.certificate);
  if (!certificate) return "AADSTS50027: The scenario's certificate cannot be read.";
  if (!names(header, certificate.get())) {
    return "AADSTS700027: The certificate with identifier used to sign the client assertion is not "
           "registered on application.";
  }
  const Key key(X509_get_pubkey(certificate.get()));
  const std::size_t dot = assertion.rfind('.');
  const std::string signature = from_base64(std::string_view(assertion).substr(dot + 1));
  const bool pss = text_at(header, {"alg"}) == "PS256";
  if (verifies(key.get(), pss, std::string_view(assertion).substr(0, dot), signature)) return {};
  return "AADSTS700027: Client assertion failed signature validation.";
}

std::string own_problem(const Scenario& scenario, const Json& header, const Json& claims,
                        const std::string& token_endpoint) {
  const std::string algorithm = text_at(header, {"alg"});
  if (algorithm != "RS256" && algorithm != "PS256") {
    return "AADSTS5002738: Invalid JWT token. '" + algorithm +
           "' is not a supported signature algorithm.";
  }
  if (text_at(header, {"x5t"}).empty() && text_at(header, {"x5t#S256"}).empty()) {
    return "AADSTS50027: JWT token is invalid or malformed: it names no certificate.";
  }
  if (text_at(claims, {"sub"}) != scenario.client_id || text_at(claims, {"jti"}).empty()) {
    return "AADSTS700021: Client assertion application identifier doesn't match 'client_id' "
           "parameter.";
  }
  if (text_at(claims, {"aud"}) != token_endpoint) {
    return "AADSTS700023: Client assertion audience claim does not match Realm issuer.";
  }
  return {};
}

}  // namespace

std::string assertion_problem(const Scenario& scenario, const std::string& assertion,
                              const std::string& token_endpoint) {
  const std::string malformed = "AADSTS50027: JWT token is invalid or malformed.";
  const std::vector<std::string> parts = split(assertion, '.');
  if (parts.size() != 3 || parts[2].empty()) return malformed;
  const std::optional<Json> header = parse(from_base64(parts[0]));
  const std::optional<Json> claims = parse(from_base64(parts[1]));
  if (!header || !claims || text_at(*header, {"alg"}).empty()) return malformed;
  // The time can have a fraction.
  const double expires = std::strtod(dump(at(*claims, {"exp"})).c_str(), nullptr);
  if (expires < static_cast<double>(std::time(nullptr))) {
    return "AADSTS700024: Client assertion is not within its valid time range.";
  }
  if (text_at(*claims, {"iss"}) != scenario.client_id) return {};
  const std::string problem = own_problem(scenario, *header, *claims, token_endpoint);
  return problem.empty() ? signature_problem(scenario, *header, assertion) : problem;
}

}  // namespace aksmesh::sim
