// SPDX-License-Identifier: Apache-2.0
#include "azure/az_session.hpp"

#include "azure/entra.hpp"
#include "base/base64.hpp"
#include "base/printable.hpp"
#include "base/strings.hpp"

namespace aksmesh::azure {
namespace {

constexpr std::int64_t kTimeout = 30'000;  // it takes half a second, but more on a busy machine
constexpr std::size_t kLongestMessage = 300;

// Old versions of az tell the end only as a local time without a zone. All of them give out tokens
// that last five minutes at least, so that a token may be used for a minute without a margin.
constexpr std::int64_t kLeastLifetime = 360;  // seconds

/// The first line that says something, without what az puts before it.
std::string complaint(std::string_view err) {
  for (auto line : split(err, '\n')) {
    line = trim(line);
    if (line.starts_with("WARNING:") || line.empty()) continue;
    if (line.starts_with("ERROR:")) line = trim(line.substr(6));
    return printable(line.substr(0, kLongestMessage));
  }
  return {};
}

class AzSession final : public Credential {
 public:
  AzSession(sys::Process& process, const sys::Clock& clock, AzAccount account)
      : process_(process), clock_(clock), account_(std::move(account)) {}

  Result<Token> fetch(const std::string& audience, const std::string& claims) override {
    if (!claims.empty())
      return Error{.kind = ErrorKind::auth,
                   .what = "cannot go on as " + name(),
                   .why = "Azure asks for another sign-in, such as one with a second factor",
                   .next = {"az login --claims-challenge " + encode_base64(claims)}};
    auto result = process_.run(command(audience));
    if (!result) return cannot_run(std::move(result).error());
    if (result->code != 0) return refusal(result->err);
    auto token = read_token(result->out, clock_);
    if (!token) return std::move(token).error().context("reading what az prints");
    if (token->expires_on <= clock_.now()) token->expires_on = clock_.now() + kLeastLifetime;
    return token;
  }
  [[nodiscard]] std::string name() const override {
    return account_.user.empty() ? "the user of az" : account_.user + " (az)";
  }
  /// Without the user's name a token could outlive their `az logout`.
  [[nodiscard]] std::string cache_key() const override {
    if (account_.user.empty()) return {};
    return "az " + account_.user + ' ' + account_.tenant + ' ' + account_.subscription;
  }

 private:
  [[nodiscard]] sys::Program command(const std::string& audience) const {
    sys::Program out{
        .name = "az",
        .arguments = {"account", "get-access-token", "--output", "json", "--resource", audience},
        .environment = {{"AZURE_CORE_NO_COLOR", "true"}},
        .timeout = kTimeout};
    const auto add = [&](const char* option, const std::string& value) {
      out.arguments.insert(out.arguments.end(), {option, value});
    };
    if (!account_.subscription.empty())
      add("--subscription", account_.subscription);
    else if (!account_.tenant.empty())
      add("--tenant", account_.tenant);
    return out;
  }

  [[nodiscard]] Error cannot_run(Error error) const {
    if (error.kind == ErrorKind::cancelled) return error;
    if (error.kind == ErrorKind::not_found) {
      error.why = "the program az is not on the PATH";
      error.next = {"install Azure CLI, or choose another way to sign in: aksmesh help sign-in"};
    } else {
      error.why = error.in_one_line();
    }
    error.kind = ErrorKind::auth;
    error.what = "cannot use the sign-in of az";
    return error;
  }

  [[nodiscard]] Error refusal(std::string_view err) const {
    const auto said = complaint(err);
    Error out{.kind = ErrorKind::auth,
              .what = "cannot use the sign-in of az",
              .why = said.empty() ? "az failed and said nothing" : "az says: " + said};
    // No other word of its messages counts: this is the advice that az itself gives.
    if (err.find("az login") != std::string_view::npos)
      out.next = {account_.tenant.empty() ? "az login" : "az login --tenant " + account_.tenant};
    else
      out.next = {"az account get-access-token   (shows all that az says)"};
    return out;
  }

  sys::Process& process_;
  const sys::Clock& clock_;
  AzAccount account_;
};

}  // namespace

CredentialPtr az_credential(sys::Process& process, const sys::Clock& clock, AzAccount account) {
  return std::make_unique<AzSession>(process, clock, std::move(account));
}

}  // namespace aksmesh::azure
