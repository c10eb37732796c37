// SPDX-License-Identifier: Apache-2.0
#include "azure/service_principal.hpp"

#include "azure/digest.hpp"
#include "azure/entra.hpp"
#include "base/strings.hpp"

namespace aksmesh::azure {
namespace {

constexpr std::uint64_t kLargestFile = 1U << 20U;
constexpr const char* kAssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

Form client_form(const Principal& principal, const std::string& audience,
                 const std::string& claims) {
  Form form{{"grant_type", "client_credentials"},
            {"client_id", principal.client_id},
            {"scope", scope_of(audience)}};
  if (!claims.empty()) form.emplace_back("claims", claims);
  return form;
}

void add_assertion(Form& form, std::string assertion) {
  form.emplace_back("client_assertion_type", kAssertionType);
  form.emplace_back("client_assertion", std::move(assertion));
}

/// Another secret must not find the token that the right one got, so it is part of the key; as a
/// digest, because keys are no place for secrets.
std::string cache_key_of(std::string_view how, const Principal& principal,
                         const std::string& proof) {
  return std::string(how) + ' ' + principal.login + ' ' + principal.tenant + ' ' +
         principal.client_id + ' ' + sha256_hex(proof);
}

/// Reads a file that the sign-in needs.
Result<std::string> read_file(sys::Files& files, const std::string& path, const std::string& who) {
  auto content = files.read(path, kLargestFile);
  if (content) return content;
  auto error = std::move(content).error();
  error.kind = ErrorKind::auth;
  error.why = error.in_one_line();
  error.what = "cannot sign in as " + who;
  return error;
}

class SecretCredential final : public Credential {
 public:
  SecretCredential(net::Http& http, const sys::Clock& clock, Principal principal, Secret secret)
      : http_(http), clock_(clock), principal_(std::move(principal)), secret_(std::move(secret)) {}

  Result<Token> fetch(const std::string& audience, const std::string& claims) override {
    auto form = client_form(principal_, audience, claims);
    form.emplace_back("client_secret", secret_.reveal());
    return request_token(http_, clock_, token_url(principal_.login, principal_.tenant), form,
                         name());
  }
  [[nodiscard]] std::string name() const override {
    return "service principal " + principal_.client_id + " with a secret";
  }
  [[nodiscard]] std::string cache_key() const override {
    return cache_key_of("secret", principal_, secret_.reveal());
  }

 private:
  net::Http& http_;
  const sys::Clock& clock_;
  Principal principal_;
  Secret secret_;
};

class CertificateCredential final : public Credential {
 public:
  CertificateCredential(net::Http& http, const sys::Clock& clock, sys::Random& random,
                        sys::Files& files, Principal principal, CertificateFile file)
      : http_(http),
        clock_(clock),
        random_(random),
        files_(files),
        principal_(std::move(principal)),
        file_(std::move(file)) {}

  Result<Token> fetch(const std::string& audience, const std::string& claims) override {
    AK_TRY(const auto content, read_file(files_, file_.path, name()));
    const auto url = token_url(principal_.login, principal_.tenant);
    auto assertion = assertion_of(content, url);
    if (!assertion) {
      auto error = std::move(assertion).error();
      error.where = file_.path;
      return std::move(error).context("signing in as " + name());
    }
    auto form = client_form(principal_, audience, claims);
    add_assertion(form, assertion->reveal());
    return request_token(http_, clock_, url, form, name());
  }
  [[nodiscard]] std::string name() const override {
    return "service principal " + principal_.client_id + " with a certificate";
  }
  [[nodiscard]] std::string cache_key() const override {
    const auto content = files_.read(file_.path, kLargestFile);
    if (!content) return {};
    return cache_key_of("certificate", principal_, *content + '\n' + file_.password.reveal());
  }

 private:
  Result<Secret> assertion_of(const std::string& content, const std::string& url) {
    AK_TRY(const auto certificate, ClientCertificate::read(content, file_.password));
    AK_CHECK(certificate.check_validity(clock_.now()));
    return client_assertion(certificate,
                            {.audience = url,
                             .client_id = principal_.client_id,
                             .id = sys::uuid(random_),
                             .now = clock_.now()},
                            file_.chain);
  }

  net::Http& http_;
  const sys::Clock& clock_;
  sys::Random& random_;
  sys::Files& files_;
  Principal principal_;
  CertificateFile file_;
};

class FederatedCredential final : public Credential {
 public:
  FederatedCredential(net::Http& http, const sys::Clock& clock, Principal principal,
                      ForeignToken token)
      : http_(http), clock_(clock), principal_(std::move(principal)), token_(std::move(token)) {}

  Result<Token> fetch(const std::string& audience, const std::string& claims) override {
    AK_TRY(const auto token, token_.get(name()));
    auto form = client_form(principal_, audience, claims);
    add_assertion(form, token.reveal());
    return request_token(http_, clock_, token_url(principal_.login, principal_.tenant), form,
                         name());
  }
  [[nodiscard]] std::string name() const override {
    return "workload identity " + principal_.client_id;
  }
  [[nodiscard]] std::string cache_key() const override {
    const auto proof = token_.proof();
    return proof.empty() ? std::string() : cache_key_of("federated", principal_, proof.reveal());
  }

 private:
  net::Http& http_;
  const sys::Clock& clock_;
  Principal principal_;
  ForeignToken token_;
};

}  // namespace

CredentialPtr secret_credential(net::Http& http, const sys::Clock& clock, Principal principal,
                                Secret secret) {
  return std::make_unique<SecretCredential>(http, clock, std::move(principal), std::move(secret));
}

CredentialPtr certificate_credential(net::Http& http, const sys::Clock& clock, sys::Random& random,
                                     sys::Files& files, Principal principal, CertificateFile file) {
  return std::make_unique<CertificateCredential>(http, clock, random, files, std::move(principal),
                                                 std::move(file));
}

ForeignToken token_of_file(sys::Files& files, std::string path) {
  return {.get = [&files, path](const std::string& who) -> Result<Secret> {
            auto token = read_file(files, path, who);
            if (!token)
              return std::move(token).error().context("reading AZURE_FEDERATED_TOKEN_FILE");
            // Files end in a line feed, which is no part of the token.
            return Secret(std::string(trim(*token)));
          },
          .proof =
              [&files, path] {
                const auto token = files.read(path, kLargestFile);
                return Secret(token ? std::string(trim(*token)) : std::string());
              }};
}

CredentialPtr federated_credential(net::Http& http, const sys::Clock& clock, Principal principal,
                                   ForeignToken token) {
  return std::make_unique<FederatedCredential>(http, clock, std::move(principal), std::move(token));
}

}  // namespace aksmesh::azure
