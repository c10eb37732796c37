// SPDX-License-Identifier: Apache-2.0
#include "azure/managed_identity.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "azure/cloud.hpp"
#include "azure/cluster_id.hpp"
#include "azure/entra.hpp"
#include "base/printable.hpp"
#include "base/strings.hpp"
#include "net/retry.hpp"
#include "net/trace.hpp"

namespace aksmesh::azure {
namespace {

using Kind = IdentityHost::Kind;

// As the SDKs have them. The metadata service answers 404 and 429 while it is busy or an identity
// is just being assigned, and 410 for up to 70 seconds while it is updated.
constexpr std::array<std::int64_t, 5> kPauses{0, 1'600, 3'200, 6'400, 12'800};
constexpr std::array<std::int64_t, 5> kPausesWhenGone{0, 5'000, 10'000, 20'000, 40'000};
constexpr std::int64_t kConnectTimeout = 2'000;  // it is near, or this is not Azure
constexpr std::int64_t kTimeout = 30'000;

// The one place where Azure Arc puts the key that shows that we may read it; anything else would
// make us send other files of this machine to whoever answers.
constexpr std::string_view kArcFolder = "/var/opt/azcmagent/tokens/";
constexpr std::uint64_t kLargestArcKey = 4096;

constexpr std::string_view kIdentityType =
    "/providers/microsoft.managedidentity/userassignedidentities/";

struct Form {
  std::string_view api_version;
  std::string_view resource_id;  ///< the name of that parameter; empty: cannot be asked for
  std::string_view object_id;
  std::string_view client_id;
};
Form form_of(Kind kind) {
  switch (kind) {
    case Kind::app_service: return {"2019-08-01", "mi_res_id", "object_id", "client_id"};
    case Kind::arc: return {"2020-06-01", "", "", ""};
    case Kind::metadata: break;
  }
  return {"2018-02-01", "msi_res_id", "object_id", "client_id"};
}

/// `&name=value` of the identity that is wished; nothing when the host does not know such names.
std::optional<std::string> selector(const Form& form, const IdentityWish& wish) {
  std::string out;
  for (const auto& [name, value] :
       {std::pair(form.client_id, &wish.client_id), std::pair(form.object_id, &wish.object_id),
        std::pair(form.resource_id, &wish.resource_id)}) {
    if (value->empty()) continue;
    if (name.empty()) return std::nullopt;
    out += '&' + std::string(name) + '=' + url_escaped(*value);
  }
  return out;
}

std::string_view place_of_kind(Kind kind) {
  switch (kind) {
    case Kind::app_service: return "App Service";
    case Kind::arc: return "Azure Arc";
    case Kind::metadata: break;
  }
  return "virtual machine";
}

class ManagedIdentity final : public Credential {
 public:
  ManagedIdentity(const IdentityWorld& world, IdentityHost host, const IdentityWish& wish,
                  std::string query)
      : world_(world), host_(std::move(host)), query_(std::move(query)) {
    for (const auto* one : {&wish.client_id, &wish.object_id, &wish.resource_id})
      if (!one->empty()) chosen_ = *one;
  }

  Result<Token> fetch(const std::string& audience, const std::string&) override {
    const auto request = request_for(audience);
    AK_TRY(auto response, ask(request));
    if (host_.kind == Kind::arc && response.status == 401) {
      AK_TRY(response, answer_challenge(request, response));
    }
    if (!response.ok()) return refused(response, name(), net::place_of(request));
    return read_token(response.body, world_.clock);
  }
  [[nodiscard]] std::string name() const override {
    return "managed identity" + (chosen_.empty() ? "" : ' ' + chosen_) + " (" +
           std::string(place_of_kind(host_.kind)) + ')';
  }
  /// The host is near and keeps the tokens itself.
  [[nodiscard]] std::string cache_key() const override { return {}; }

 private:
  [[nodiscard]] net::Request request_for(const std::string& audience) const {
    net::Request out{.url = host_.url +
                            "?api-version=" + std::string(form_of(host_.kind).api_version) +
                            "&resource=" + url_escaped(audience) + query_,
                     .headers = {{"Accept", "application/json"}, {"Metadata", "true"}},
                     .secret_answer = true,
                     .past_proxy = true,
                     .timeout = kTimeout,
                     .connect_timeout = kConnectTimeout,
                     .tries = 1};
    if (!host_.header.empty())
      out.secret_headers.emplace_back("X-IDENTITY-HEADER", host_.header.reveal());
    return out;
  }

  /// Asks, and again when it is told to come back.
  Result<net::Response> ask(const net::Request& request) {
    for (std::size_t number = 0;; ++number) {
      auto response = world_.http.send(request);
      if (!response) return nobody_there(std::move(response).error());
      const auto pause = pause_after(*response, number);
      if (!pause) return response;
      const auto deadline = world_.http.deadline();
      if (deadline > 0 && world_.clock.steady() + *pause >= deadline) {
        response->missed_try = std::max<std::int64_t>(1, *pause);
        return response;
      }
      if (!world_.clock.sleep(*pause))
        return Error{.kind = ErrorKind::cancelled, .what = "interrupted"};
    }
  }

  [[nodiscard]] std::optional<std::int64_t> pause_after(const net::Response& response,
                                                        std::size_t number) const {
    const int status = response.status;
    const bool again = status == 404 || status == 410 || status == 429 || status >= 500;
    if (!again || number >= kPauses.size()) return std::nullopt;
    if (status == 410) return kPausesWhenGone.at(number);
    return net::retry_after(response, world_.clock.now()).value_or(kPauses.at(number));
  }

  [[nodiscard]] Error nobody_there(Error error) const {
    if (error.kind == ErrorKind::cancelled) return error;
    return {
        .kind = ErrorKind::auth,
        .what = "cannot sign in as " + name(),
        .why = host_.kind == Kind::metadata
                   ? "no metadata service of Azure answers, so this machine is none of Azure or "
                     "may not reach it"
                   : "nothing answers at IDENTITY_ENDPOINT",
        .next = {"choose another way to sign in: aksmesh help sign-in"},
        .where = std::move(error.where)};
  }

  /// Azure Arc names a file that only its administrators can read; its content is the password.
  Result<net::Response> answer_challenge(net::Request request, const net::Response& challenge) {
    const auto header = challenge.header("www-authenticate");
    const auto at = header.find("realm=");
    const std::string path(at == std::string_view::npos ? std::string_view{}
                                                        : trim(header.substr(at + 6)));
    if (!path.starts_with(kArcFolder) || !path.ends_with(".key") ||
        path.find('/', kArcFolder.size()) != std::string::npos)
      return Error{.kind = ErrorKind::auth,
                   .what = "cannot sign in as " + name(),
                   .why = "the service asks for a file that is none of Azure Arc's keys"};
    auto key = world_.files.read(path, kLargestArcKey);
    if (!key)
      return Error{.kind = ErrorKind::auth,
                   .what = "cannot sign in as " + name(),
                   .why = key.error().what + ": " + key.error().why,
                   .next = {"add the user to the group himds, which may read the keys"}};
    request.secret_headers.emplace_back("Authorization", "Basic " + *key);
    return ask(request);
  }

  IdentityWorld world_;
  IdentityHost host_;
  std::string query_;
  std::string chosen_;
};

}  // namespace

Result<IdentityWish> read_identity(std::string_view text) {
  constexpr std::string_view kObject = "object:";
  const bool is_object = to_lower(text).starts_with(kObject);
  if (text.starts_with('/') && to_lower(text).find(kIdentityType) != std::string::npos)
    return IdentityWish{.resource_id = std::string(text)};
  const auto id = is_object ? text.substr(kObject.size()) : text;
  if (is_uuid(id))
    return is_object ? IdentityWish{.object_id = std::string(id)}
                     : IdentityWish{.client_id = std::string(id)};
  return Error{.kind = ErrorKind::usage,
               .what = "'" + printable(text) + "' is no managed identity",
               .why =
                   "it is named by its client id, by object: and its object id, or by its "
                   "resource id, which begins with /subscriptions/",
               .next = {"az identity show -g GROUP -n NAME   (shows all three)"}};
}

Result<IdentityHost> identity_host(const sys::Environment& env) {
  const auto value = [&](const char* name) { return env.get(name).value_or(""); };
  const auto endpoint = value("IDENTITY_ENDPOINT");
  if (endpoint.empty()) {
    const auto other = value("AZURE_POD_IDENTITY_AUTHORITY_HOST");
    return IdentityHost{.url = join_url(other.empty() ? "http://169.254.169.254" : other,
                                        "metadata/identity/oauth2/token")};
  }
  if (!value("IDENTITY_SERVER_THUMBPRINT").empty())
    return Error{.kind = ErrorKind::auth,
                 .what = "cannot sign in as a managed identity of Service Fabric",
                 .why = "IDENTITY_SERVER_THUMBPRINT is set, and that kind is not supported",
                 .next = {"choose another way to sign in: aksmesh help sign-in"}};
  if (const auto header = value("IDENTITY_HEADER"); !header.empty())
    return IdentityHost{.kind = Kind::app_service, .url = endpoint, .header = Secret(header)};
  if (!value("IMDS_ENDPOINT").empty()) return IdentityHost{.kind = Kind::arc, .url = endpoint};
  return Error{.kind = ErrorKind::auth,
               .what = "cannot sign in as a managed identity",
               .why =
                   "IDENTITY_ENDPOINT is set, but neither IDENTITY_HEADER (App Service) nor "
                   "IMDS_ENDPOINT (Azure Arc)"};
}

Result<CredentialPtr> managed_identity_credential(const IdentityWorld& world, IdentityHost host,
                                                  IdentityWish wish) {
  const auto query = selector(form_of(host.kind), wish);
  if (!query)
    return Error{.kind = ErrorKind::usage,
                 .what = "the managed identity cannot be chosen that way",
                 .why = "a machine of Azure Arc has only its system-assigned identity"};
  return CredentialPtr(std::make_unique<ManagedIdentity>(world, std::move(host), wish, *query));
}

}  // namespace aksmesh::azure
