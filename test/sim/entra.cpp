// SPDX-License-Identifier: Apache-2.0
#include "entra.hpp"

#include <ctime>

#include "assertion.hpp"

namespace aksmesh::sim {
namespace {

// The public client that az and the SDKs sign users in with.
constexpr const char* kPublicClient = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
constexpr const char* kUser = "00000000-0000-0000-0000-00000000eeee";

Response refusal(State& state, int status, const std::string& error,
                 const std::string& description) {
  const std::string trace = state.next_id();
  const std::string now = utc_now();
  Json codes = Json::array();
  if (description.starts_with("AADSTS")) codes.push_back(std::atoi(description.c_str() + 6));
  return answer(status,
                {{"error", error},
                 {"error_description", description + " Trace ID: " + trace +
                                           " Correlation ID: " + trace + " Timestamp: " + now},
                 {"error_codes", codes},
                 {"timestamp", now},
                 {"trace_id", trace},
                 {"correlation_id", trace}});
}

// Looks like a JWT, because clients read the claims of a token; nobody checks the signature.
std::string unsigned_token(const Json& claims) {
  return base64url(R"({"typ":"JWT","alg":"none"})") + "." + base64url(dump(claims)) + "." +
         base64url("simulated");
}

std::string issue(State& state, const std::string& tenant, const std::string& audience,
                  const std::string& subject) {
  const std::time_t now = std::time(nullptr);
  const int lifetime = state.scenario.token_seconds;
  const std::string text = unsigned_token({{"aud", audience},
                                           {"iss", "https://sts.windows.net/" + tenant + "/"},
                                           {"iat", now},
                                           {"nbf", now},
                                           {"exp", now + lifetime},
                                           {"appid", subject},
                                           {"oid", "00000000-0000-0000-0000-00000000bbbb"},
                                           {"sub", subject},
                                           {"tid", tenant},
                                           {"uti", state.next_id()}});
  state.tokens[text] =
      Token{Clock::now() + std::chrono::seconds(lifetime), utc_now(lifetime), audience, tenant};
  return text;
}

// The scope of https://management.core.windows.net//.default is that audience with one slash.
std::string audience_of(const std::string& scope) {
  for (const std::string& word : split(scope, ' ')) {
    const std::size_t end = word.rfind("/.default");
    if (end != std::string::npos) return word.substr(0, end);
  }
  return {};
}

Json token_body(State& state, const std::string& tenant, const std::string& audience,
                const std::string& subject) {
  return {{"token_type", "Bearer"},
          {"expires_in", state.scenario.token_seconds},
          {"ext_expires_in", state.scenario.token_seconds},
          {"access_token", issue(state, tenant, audience, subject)}};
}

Response client_credentials(State& state, const std::string& tenant, const Fields& form,
                            const std::string& token_endpoint) {
  const auto field = [&](const char* name) {
    const auto found = form.find(name);
    return found == form.end() ? std::string() : found->second;
  };
  const std::string client = field("client_id");
  if (client != state.scenario.client_id) {
    return refusal(state, 400, "unauthorized_client",
                   "AADSTS700016: Application with identifier '" + client +
                       "' was not found in the directory '" + tenant + "'.");
  }
  if (form.contains("client_assertion")) {
    const std::string problem =
        assertion_problem(state.scenario, field("client_assertion"), token_endpoint);
    if (!problem.empty()) return refusal(state, 401, "invalid_client", problem);
  } else if (field("client_secret") != state.scenario.client_secret) {
    return refusal(state, 401, "invalid_client",
                   "AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in "
                   "the request is the client secret value, not the client secret ID, for a secret "
                   "added to app '" +
                       client + "'.");
  }
  const std::string audience = audience_of(field("scope"));
  if (audience.empty()) {
    return refusal(state, 400, "invalid_request",
                   "AADSTS70011: The provided value for the input parameter 'scope' is not valid.");
  }
  return answer(200, token_body(state, tenant, audience, client));
}

Response user_tokens(State& state, const std::string& tenant, const std::string& audience) {
  Json body = token_body(state, tenant, audience, kPublicClient);
  body["refresh_token"] = "refresh-" + state.next_id();
  body["foci"] = "1";
  const std::time_t now = std::time(nullptr);
  body["id_token"] = unsigned_token({{"aud", kPublicClient},
                                     {"iss", state.endpoint + "/" + tenant + "/v2.0"},
                                     {"iat", now},
                                     {"exp", now + 3600},
                                     {"oid", kUser},
                                     {"sub", kUser},
                                     {"tid", tenant},
                                     {"name", "Operator"},
                                     {"preferred_username", "operator@contoso.example"}});
  body["client_info"] = base64url(dump(Json{{"uid", kUser}, {"utid", tenant}}));
  return answer(200, body);
}

Response device_token(State& state, const std::string& tenant, const Fields& form) {
  const auto code = form.find("device_code");
  const auto waiting =
      code == form.end() ? state.device_codes.end() : state.device_codes.find(code->second);
  if (waiting == state.device_codes.end()) {
    return refusal(state, 400, "bad_verification_code",
                   "AADSTS70019: The device code is not valid.");
  }
  if (waiting->second-- > 0) {
    return refusal(state, 400, "authorization_pending",
                   "AADSTS70016: OAuth 2.0 device flow error. Authorization is pending. Continue "
                   "polling.");
  }
  state.device_codes.erase(waiting);
  return user_tokens(state, tenant, "https://management.core.windows.net/");
}

Response token(State& state, const std::string& tenant, const Request& request) {
  const Fields form = fields_of(request.body);
  const auto grant = form.find("grant_type");
  const std::string kind = grant == form.end() ? "" : grant->second;
  if (kind == "client_credentials") {
    return client_credentials(state, tenant, form,
                              state.endpoint + "/" + request.parts[0] + "/oauth2/v2.0/token");
  }
  if (kind == "urn:ietf:params:oauth:grant-type:device_code") {
    return device_token(state, tenant, form);
  }
  if (kind == "refresh_token") {
    const auto refresh = form.find("refresh_token");
    const auto scope = form.find("scope");
    if (refresh == form.end() || !refresh->second.starts_with("refresh-")) {
      return refusal(state, 400, "invalid_grant",
                     "AADSTS70000: The provided value for the 'refresh_token' is not valid.");
    }
    return user_tokens(state, tenant, scope == form.end() ? "" : audience_of(scope->second));
  }
  return refusal(state, 400, "unsupported_grant_type",
                 "AADSTS70003: The app requested an unsupported grant type '" + kind + "'.");
}

Response device_code(State& state) {
  const std::string code = "device-" + state.next_id();
  state.device_codes[code] = state.scenario.device_polls;
  const std::string page = "https://microsoft.com/devicelogin";
  return answer(200, {{"user_code", "SIMCODE99"},
                      {"device_code", code},
                      {"verification_uri", page},
                      {"expires_in", 900},
                      {"interval", 1},
                      {"message", "To sign in, use a web browser to open the page " + page +
                                      " and enter the code SIMCODE99 to authenticate."}});
}

Response openid_configuration(const State& state, const std::string& tenant) {
  const std::string base = state.endpoint + "/" + tenant;
  return answer(200, {{"token_endpoint", base + "/oauth2/v2.0/token"},
                      {"authorization_endpoint", base + "/oauth2/v2.0/authorize"},
                      {"device_authorization_endpoint", base + "/oauth2/v2.0/devicecode"},
                      {"issuer", base + "/v2.0"},
                      {"jwks_uri", base + "/discovery/v2.0/keys"},
                      {"response_types_supported", {"code", "id_token", "code id_token", "token"}},
                      {"subject_types_supported", Json::array({"pairwise"})}});
}

Response instance_discovery(const State& state) {
  const std::string host = state.endpoint.substr(state.endpoint.find("//") + 2);
  const Json instance{
      {"preferred_network", host}, {"preferred_cache", host}, {"aliases", Json::array({host})}};
  return answer(200, {{"tenant_discovery_endpoint", state.endpoint + "/" + state.scenario.tenant +
                                                        "/v2.0/.well-known/openid-configuration"},
                      {"api-version", "1.1"},
                      {"metadata", Json::array({instance})}});
}

bool known_identity(const State& state, const Request& request) {
  for (const char* name : {"client_id", "object_id", "principal_id"}) {
    const std::string id = request.parameter(name);
    if (!id.empty() && id != state.scenario.client_id) return false;
  }
  return true;
}

Response managed_identity(State& state, const Request& request) {
  if (request.parameter("resource").empty()) {
    return answer(400, {{"error", "invalid_request"},
                        {"error_description", "Required query variable 'resource' is missing"}});
  }
  if (!known_identity(state, request)) {
    return answer(400, {{"error", "invalid_request"}, {"error_description", "Identity not found"}});
  }
  const std::string resource = request.parameter("resource");
  const std::time_t now = std::time(nullptr);
  const std::string lifetime = std::to_string(state.scenario.token_seconds);
  return answer(200, {{"access_token",
                       issue(state, state.scenario.tenant, resource, state.scenario.client_id)},
                      {"client_id", state.scenario.client_id},
                      {"expires_in", lifetime},
                      {"expires_on", std::to_string(now + state.scenario.token_seconds)},
                      {"ext_expires_in", lifetime},
                      {"not_before", std::to_string(now)},
                      {"resource", resource},
                      {"token_type", "Bearer"}});
}

std::optional<Response> answer_managed_identity(State& state, const Request& request) {
  if (request.path == "/metadata/identity/oauth2/token") {
    if (lower(request.header("metadata")) == "true") return managed_identity(state, request);
    return answer(400, {{"error", "invalid_request"},
                        {"error_description", "Required metadata header not specified"}});
  }
  if (request.path == "/msi/token") {
    if (!request.header("x-identity-header").empty()) return managed_identity(state, request);
    return answer(401, {{"statusCode", 401}, {"message", "No X-IDENTITY-HEADER was given."}});
  }
  return std::nullopt;
}

std::string tenant_of(const State& state, const std::string& name) {
  return name == "common" || name == "organizations" ? state.scenario.tenant : name;
}

Response unauthorized(const State& state, const std::string& code, const std::string& message,
                      const std::string& description) {
  Response response = answer(401, {{"error", {{"code", code}, {"message", message}}}});
  response.headers["www-authenticate"] =
      "Bearer authorization_uri=\"" + state.endpoint + "/" + state.scenario.tenant +
      "\", error=\"invalid_token\", error_description=\"" + description + "\"";
  return response;
}

bool for_resource_manager(const State& state, std::string audience) {
  while (audience.ends_with('/')) audience.pop_back();
  return audience == "https://management.azure.com" ||
         audience == "https://management.core.windows.net" || audience == state.endpoint;
}

}  // namespace

std::optional<Response> answer_identity(State& state, const Request& request) {
  if (std::optional<Response> managed = answer_managed_identity(state, request)) return managed;
  const std::vector<std::string>& parts = request.folded;
  if (request.path == "/common/discovery/instance") return instance_discovery(state);
  if (parts.size() < 3) return std::nullopt;
  const std::string tenant = tenant_of(state, parts[0]);
  const std::string rest = request.path.substr(request.path.find('/', 1));
  if (rest != "/oauth2/v2.0/token" && rest != "/oauth2/v2.0/devicecode" &&
      rest != "/v2.0/.well-known/openid-configuration") {
    return std::nullopt;
  }
  if (tenant != state.scenario.tenant) {
    return refusal(state, 400, "invalid_tenant",
                   "AADSTS90002: Tenant '" + parts[0] +
                       "' not found. Check to make sure you have the correct tenant ID and are "
                       "signing into the correct cloud.");
  }
  if (rest == "/oauth2/v2.0/token") return token(state, tenant, request);
  if (rest == "/oauth2/v2.0/devicecode") return device_code(state);
  return openid_configuration(state, parts[0]);
}

std::optional<Response> check_token(const State& state, const Request& request) {
  const std::string header = request.header("authorization");
  if (header.empty()) {
    return unauthorized(state, "AuthenticationFailed",
                        "Authentication failed. The 'Authorization' header is missing.",
                        "The authentication failed because of missing 'Authorization' header.");
  }
  const auto found = state.tokens.find(header.starts_with("Bearer ") ? header.substr(7) : header);
  if (found == state.tokens.end() || !for_resource_manager(state, found->second.audience)) {
    return unauthorized(state, "InvalidAuthenticationToken", "The access token is invalid.",
                        "Could not validate the access token.");
  }
  if (Clock::now() >= found->second.expires) {
    return unauthorized(state, "ExpiredAuthenticationToken",
                        "The access token expiry UTC time '" + found->second.expires_text +
                            "' is earlier than current UTC time '" + utc_now() + "'.",
                        "The access token has expired.");
  }
  return std::nullopt;
}

}  // namespace aksmesh::sim
