// SPDX-License-Identifier: Apache-2.0
#include "azure/device_code.hpp"

#include <algorithm>

#include "azure/cloud.hpp"
#include "azure/cluster_id.hpp"
#include "azure/entra.hpp"
#include "azure/service_error.hpp"
#include "base/printable.hpp"
#include "base/strings.hpp"
#include "data/json_edit.hpp"
#include "net/trace.hpp"

namespace aksmesh::azure {
namespace {

// The application that az and the SDKs sign people in with; every tenant knows it.
constexpr const char* kPublicClient = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
constexpr std::int64_t kUsualInterval = 5;     // seconds (RFC 8628)
constexpr std::int64_t kLongestInterval = 60;  // whatever the service asks for
constexpr std::int64_t kSlowDown = 5;

struct Code {
  std::string device{};
  std::string message{};
  std::int64_t interval = kUsualInterval;
  std::int64_t until = 0;  ///< seconds since 1970
};

class DeviceCode final : public Credential {
 public:
  DeviceCode(net::Http& http, sys::Clock& clock, sys::Progress& progress, std::string login,
             std::string tenant)
      : http_(http),
        clock_(clock),
        progress_(progress),
        login_(std::move(login)),
        tenant_(std::move(tenant)) {}

  Result<Token> fetch(const std::string& audience, const std::string& claims) override {
    const auto scope = scope_of(audience) + " offline_access openid profile";
    if (!refresh_token_.empty() && claims.empty()) {
      auto token = refresh(scope);
      if (token) return token;
    }
    AK_TRY(const auto code, ask_for_code(scope, claims));
    progress_.note(code.message);
    return wait_for_person(code, claims);
  }
  [[nodiscard]] std::string name() const override { return "a person with a device code"; }
  [[nodiscard]] std::string cache_key() const override {
    return "device code " + login_ + ' ' + tenant_;
  }

 private:
  [[nodiscard]] std::string url() const { return token_url(login_, tenant_); }

  [[nodiscard]] static Form form(const std::string& claims) {
    Form out{{"client_id", kPublicClient}};
    if (!claims.empty()) out.emplace_back("claims", claims);
    return out;
  }

  Result<Token> accept(const net::Response& response) {
    if (const auto answer = data::JsonDocument::parse(response.body))
      if (const auto token = answer->root()["refresh_token"].string(); !token.empty())
        refresh_token_ = Secret(std::string(token));
    return read_token(response.body, clock_);
  }

  [[nodiscard]] Error refusal(const net::Response& response, const std::string& place) const {
    return refused(response, name(), net::place_of({.method = net::Method::post, .url = place}));
  }

  Result<Token> refresh(const std::string& scope) {
    auto request = form({});
    request.emplace_back("grant_type", "refresh_token");
    request.emplace_back("refresh_token", refresh_token_.reveal());
    request.emplace_back("scope", scope);
    AK_TRY(const auto response, post_form(http_, url(), request, name()));
    if (!response.ok()) return refusal(response, url());
    return accept(response);
  }

  Result<Code> ask_for_code(const std::string& scope, const std::string& claims) {
    auto request = form(claims);
    request.emplace_back("scope", scope);
    const auto place = join_url(login_, url_escaped(tenant_) + "/oauth2/v2.0/devicecode");
    AK_TRY(const auto response, post_form(http_, place, request, name()));
    if (!response.ok()) return refusal(response, place);
    const auto answer = data::JsonDocument::parse(response.body);
    const auto root = answer ? answer->root() : data::Node{};
    Code out{.device = std::string(root["device_code"].text()),
             .message = printable(root["message"].text()),
             .until = clock_.now() + root["expires_in"].as_int().value_or(0)};
    out.interval = std::clamp(root["interval"].as_int().value_or(kUsualInterval), std::int64_t{1},
                              kLongestInterval);
    if (out.message.empty())
      out.message = "to sign in, open " + printable(root["verification_uri"].text()) +
                    " and enter the code " + printable(root["user_code"].text());
    if (!out.device.empty()) return out;
    return Error{.kind = ErrorKind::bad_data,
                 .what = "cannot sign in as " + name(),
                 .why = "the answer holds no code"};
  }

  Result<Token> wait_for_person(const Code& code, const std::string& claims) {
    auto request = form(claims);
    request.emplace_back("grant_type", "urn:ietf:params:oauth:grant-type:device_code");
    request.emplace_back("device_code", code.device);
    progress_.waiting("waiting for the sign-in");
    auto interval = code.interval;
    while (clock_.now() < code.until) {
      if (!clock_.sleep(interval * 1000))
        return Error{.kind = ErrorKind::cancelled, .what = "interrupted"};
      AK_TRY(const auto response, post_form(http_, url(), request, name()));
      if (response.ok()) return accept(response);
      const auto word = word_of(response);
      if (word == "slow_down") interval = std::min(interval + kSlowDown, kLongestInterval);
      if (word == "expired_token" || word == "code_expired") break;
      if (word == "authorization_declined" || word == "access_denied")
        return Error{.kind = ErrorKind::auth,
                     .what = "cannot sign in as " + name(),
                     .why = "the person declined"};
      if (word != "authorization_pending" && word != "slow_down") return refusal(response, url());
    }
    return Error{.kind = ErrorKind::auth,
                 .what = "cannot sign in as " + name(),
                 .why = "nobody entered the code before it expired",
                 .next = {"run the command again"}};
  }

  /// What the answer says in a word; service_error tells the code of Entra ID instead.
  static std::string word_of(const net::Response& response) {
    const auto answer = data::JsonDocument::parse(response.body);
    return answer ? std::string(answer->root()["error"].text()) : std::string{};
  }

  net::Http& http_;
  sys::Clock& clock_;
  sys::Progress& progress_;
  std::string login_;
  std::string tenant_;
  Secret refresh_token_{};
};

}  // namespace

CredentialPtr device_code_credential(net::Http& http, sys::Clock& clock, sys::Progress& progress,
                                     std::string login, std::string tenant) {
  return std::make_unique<DeviceCode>(http, clock, progress, std::move(login), std::move(tenant));
}

}  // namespace aksmesh::azure
