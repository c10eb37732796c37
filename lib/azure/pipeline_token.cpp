// SPDX-License-Identifier: Apache-2.0
#include "azure/pipeline_token.hpp"

#include "azure/entra.hpp"
#include "base/strings.hpp"
#include "data/json_edit.hpp"
#include "net/trace.hpp"

namespace aksmesh::azure {
namespace {

constexpr const char* kAudience = "api://AzureADTokenExchange";

}  // namespace

std::optional<Pipeline> pipeline_of(const sys::Environment& env) {
  const auto value = [&](const char* name) { return env.get(name).value_or(""); };
  const auto github = value("ACTIONS_ID_TOKEN_REQUEST_URL");
  const auto github_key = value("ACTIONS_ID_TOKEN_REQUEST_TOKEN");
  if (!github.empty() && !github_key.empty())
    return Pipeline{.prefix = "AZURE_",
                    .because = "ACTIONS_ID_TOKEN_REQUEST_URL",
                    .request = {.url = github + "&audience=" + url_escaped(kAudience),
                                .headers = {{"Accept", "application/json"}},
                                .bearer = Secret(github_key),
                                .secret_answer = true},
                    .member = "value"};
  const auto azure = value("SYSTEM_OIDCREQUESTURI");
  const auto azure_key = value("SYSTEM_ACCESSTOKEN");
  const auto connection = value("AZURESUBSCRIPTION_SERVICE_CONNECTION_ID");
  if (azure.empty() || azure_key.empty() || connection.empty()) return std::nullopt;
  return Pipeline{
      .prefix = "AZURESUBSCRIPTION_",
      .because = "SYSTEM_OIDCREQUESTURI",
      .request = {.method = net::Method::post,
                  .url = azure + "?api-version=7.1&serviceConnectionId=" + url_escaped(connection),
                  .headers = {{"Accept", "application/json"}, {"Content-Type", "application/json"}},
                  .bearer = Secret(azure_key),
                  .secret_answer = true},
      .member = "oidcToken"};
}

ForeignToken token_of(net::Http& http, Pipeline pipeline) {
  auto proof = [key = pipeline.request.bearer] { return key; };
  auto get = [&http, pipeline = std::move(pipeline)](const std::string& who) -> Result<Secret> {
    const auto& request = pipeline.request;
    if (!request.url.starts_with("https://"))
      return Error{.kind = ErrorKind::usage,
                   .what = "cannot sign in as " + who,
                   .why = pipeline.because +
                          " must begin with https://, because a secret is sent "
                          "there"};
    auto response = http.send(request);
    if (!response) return std::move(response).error().context("signing in as " + who);
    const auto place = net::place_of(request);
    if (!response->ok()) return refused(*response, who, place);
    const auto document = data::JsonDocument::parse(response->body);
    const auto token = document ? document->root()[pipeline.member].text() : std::string_view{};
    if (token.empty())
      return Error{.kind = ErrorKind::bad_data,
                   .what = "cannot sign in as " + who,
                   .why = "the platform of the pipeline answers without a token",
                   .where = place};
    return Secret(std::string(token));
  };
  return {.get = std::move(get), .proof = std::move(proof)};
}

}  // namespace aksmesh::azure
