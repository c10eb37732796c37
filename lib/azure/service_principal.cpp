// SPDX-License-Identifier: Apache-2.0
#include "azure/service_principal.hpp"

#include "azure/entra.hpp"
#include "base/strings.hpp"

namespace aksmesh::azure {
namespace {

constexpr std::uint64_t kLargestTokenFile = 1U << 20U;
constexpr const char* kAssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

Form client_form(const Principal& principal, const std::string& audience,
                 const std::string& claims) {
  Form form{{"grant_type", "client_credentials"},
            {"client_id", principal.client_id},
            {"scope", scope_of(audience)}};
  if (!claims.empty()) form.emplace_back("claims", claims);
  return form;
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
    return "secret " + principal_.login + ' ' + principal_.tenant + ' ' + principal_.client_id;
  }

 private:
  net::Http& http_;
  const sys::Clock& clock_;
  Principal principal_;
  Secret secret_;
};

class FederatedCredential final : public Credential {
 public:
  FederatedCredential(net::Http& http, const sys::Clock& clock, sys::Files& files,
                      Principal principal, std::string token_file)
      : http_(http),
        clock_(clock),
        files_(files),
        principal_(std::move(principal)),
        token_file_(std::move(token_file)) {}

  Result<Token> fetch(const std::string& audience, const std::string& claims) override {
    auto token = files_.read(token_file_, kLargestTokenFile);
    if (!token) {
      auto error = std::move(token).error();
      error.kind = ErrorKind::auth;
      error.what = "cannot sign in as " + name();
      return std::move(error).context("reading AZURE_FEDERATED_TOKEN_FILE");
    }
    auto form = client_form(principal_, audience, claims);
    form.emplace_back("client_assertion_type", kAssertionType);
    // Files end in a line feed, which is no part of the token.
    form.emplace_back("client_assertion", trim(*token));
    return request_token(http_, clock_, token_url(principal_.login, principal_.tenant), form,
                         name());
  }
  [[nodiscard]] std::string name() const override {
    return "workload identity " + principal_.client_id;
  }
  [[nodiscard]] std::string cache_key() const override {
    return "federated " + principal_.login + ' ' + principal_.tenant + ' ' + principal_.client_id;
  }

 private:
  net::Http& http_;
  const sys::Clock& clock_;
  sys::Files& files_;
  Principal principal_;
  std::string token_file_;
};

}  // namespace

CredentialPtr secret_credential(net::Http& http, const sys::Clock& clock, Principal principal,
                                Secret secret) {
  return std::make_unique<SecretCredential>(http, clock, std::move(principal), std::move(secret));
}

CredentialPtr federated_credential(net::Http& http, const sys::Clock& clock, sys::Files& files,
                                   Principal principal, std::string token_file) {
  return std::make_unique<FederatedCredential>(http, clock, files, std::move(principal),
                                               std::move(token_file));
}

}  // namespace aksmesh::azure
