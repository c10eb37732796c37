// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include <nlohmann/json.hpp>

#include "azure/service_error.hpp"
#include "azure/table.hpp"
#include "base/strings.hpp"
#include "checks/check.hpp"
#include "data/json_edit.hpp"
#include "net/more_time.hpp"

namespace aksmesh::test {
namespace {

using azure::ServiceError;

ServiceError of(int status, std::string body, net::Headers headers = {}) {
  return azure::service_error(
      {.status = status, .headers = std::move(headers), .body = std::move(body)});
}

/// The recordings that lie beside the checkout; empty when they do not.
std::filesystem::path recordings() {
  const char* corpus = std::getenv("AKSMESH_CORPUS");
  std::filesystem::path out = corpus != nullptr
                                  ? std::filesystem::path(corpus)
                                  : std::filesystem::path(AKSMESH_SOURCE_DIR) / "../shared/data";
  out /= "arm/fixtures";
  return std::filesystem::is_directory(out) ? out : std::filesystem::path();
}

net::Response recorded(const std::filesystem::path& path) {
  std::ifstream in(path);
  const auto document = nlohmann::json::parse(in);
  net::Response out{.status = document["status"]};
  for (const auto& [name, value] : document["headers"].items())
    out.headers.emplace_back(to_lower(name), value);
  out.body = document.contains("rawBody") ? document["rawBody"].get<std::string>()
                                          : document["body"].dump();
  return out;
}

}  // namespace

TEST_CASE("service error: Resource Manager wraps it, AKS does not") {
  for (const char* body :
       {R"({"error":{"code":"C","message":" a\n  message ","target":"t"}})",
        R"({"code":"C","message":"a\tmessage","target":"t","details":null,"subcode":""})"}) {
    const auto error = of(400, body, {{"x-ms-request-id", "r"}, {"x-ms-failure-cause", "gateway"}});
    CHECK(error.status == 400);
    CHECK(error.code == "C");
    CHECK(error.message == "a message");
    CHECK(error.target == "t");
    CHECK(error.request_id == "r");
    CHECK(error.by_gateway);
  }
}

TEST_CASE("service error: details of any depth, and the policy that refused") {
  const auto error = of(403, R"({"error":{"code":"RequestDisallowedByPolicy","message":"outer",
      "details":[{"code":"A","message":"inner","details":[{"message":"deepest"}]},{}],
      "additionalInfo":[{"type":"PolicyViolation",
        "info":{"policyDefinitionDisplayName":"deny mesh"}}]}})");
  CHECK(error.details == std::vector<std::string>{"A: inner", "deepest"});
  CHECK(error.policy == "deny mesh");
  const auto told = azure::to_error(error, "cannot do it", "PUT a.example");
  CHECK(told.kind == ErrorKind::denied);
  CHECK(told.why ==
        "an Azure Policy forbids this (the service says: outer); Azure Policy: deny mesh; "
        "A: inner; deepest");
  CHECK(told.next == std::vector<std::string>{"aksmesh explain AKM9219"});
  CHECK(told.where == "PUT a.example, 403 RequestDisallowedByPolicy");
}

TEST_CASE("service error: nothing is said twice") {
  const auto told = azure::to_error(
      of(400, R"({"code":"C","message":"no quota","details":[{"code":"C","message":"no quota"},
          {"code":"D","message":"4 cores"}]})",
         {{"x-ms-request-id", "r"}, {"x-ms-correlation-request-id", "r"}}),
      "cannot");
  CHECK(told.why == "no quota; D: 4 cores");
  CHECK(told.where == "400 C, request r");
}

TEST_CASE("service error: an error as text within an error") {
  const auto error = of(
      500,
      R"({"error":{"code":"Outer","message":"{\"error\":{\"code\":\"Inner\",\"message\":\"why\"}}"}})");
  CHECK(error.code == "Inner");
  CHECK(error.message == "why");
}

TEST_CASE("service error: bodies that are no errors") {
  CHECK(of(502, "<html><h1>Bad</h1></html>").message ==
        "the answer is a web page, perhaps of a proxy on the way");
  CHECK(of(502, "").message == "the answer is empty");
  CHECK(of(502, " \n").message == "the answer is empty");
  CHECK(of(502, "upstream\r\nreset").message == "upstream reset");
  CHECK(of(400, "[1]").message == "[1]");
  CHECK(of(400, "{}").message.empty());
  CHECK(of(400, R"({"error":null})").message.empty());
  CHECK(of(400, std::string(5000, 'x')).message.size() == 603);
  // What would reach a terminal's own commands is made visible.
  CHECK(of(400, R"({"code":"C","message":"\u001b[2J"})").message.find('\x1b') == std::string::npos);
}

TEST_CASE("service error: Entra ID") {
  const auto error = of(401, R"({"error":"invalid_client",
      "error_description":"AADSTS7000215: Invalid client secret provided. Trace ID: 1\r\nx"})");
  CHECK(error.code == "AADSTS7000215");
  CHECK(error.message == "AADSTS7000215: Invalid client secret provided");
  CHECK(azure::known_error(error) == "secret-wrong");
  CHECK(of(400, R"({"error":"invalid_request","error_description":"Identity not found"})").code ==
        "invalid_request");
}

TEST_CASE("service error: without a row it is told as it is") {
  const auto error = azure::to_error(of(400, R"({"code":"New","message":"never seen"})"), "cannot");
  CHECK(error.kind == ErrorKind::server);
  CHECK(error.why == "never seen");
  CHECK(error.where == "400 New");
  CHECK(error.next.empty());
  const std::map<int, ErrorKind> kinds{{401, ErrorKind::auth},      {403, ErrorKind::denied},
                                       {404, ErrorKind::not_found}, {409, ErrorKind::conflict},
                                       {412, ErrorKind::conflict},  {429, ErrorKind::throttled},
                                       {408, ErrorKind::timeout},   {418, ErrorKind::server}};
  for (const auto& [status, kind] : kinds)
    CHECK(azure::to_error(of(status, "{}"), "cannot").kind == kind);
}

TEST_CASE("service error: a wait past the end of the run is a timeout, and says so") {
  auto error = of(429, R"({"code":"Throttled","message":"too many"})");
  CHECK(azure::to_error(error, "cannot").kind == ErrorKind::throttled);
  error = azure::service_error({.status = 429,
                                .body = R"({"code":"Throttled","message":"too many"})",
                                .missed_try = 59'001});
  const auto told = azure::to_error(error, "cannot");
  CHECK(told.kind == ErrorKind::timeout);
  CHECK(told.why.ends_with("before the next try, which would be in 1m00s"));
  CHECK(told.next.front() == net::kMoreTime);
}

TEST_CASE("service error: how long it asks to wait is told") {
  const auto error = azure::service_error({.status = 429,
                                           .headers = {{"retry-after", "3600"}},
                                           .body = R"({"code":"Throttled","message":"too many"})"});
  CHECK(azure::to_error(error, "cannot").why.ends_with("; it asks to wait 1h00m"));
}

TEST_CASE("service error: every row of the catalogue is reached by what it describes") {
  for (const auto& row : azure::table("errors.json")["errors"].items()) {
    ServiceError error{.status = static_cast<int>(row["status"].as_int().value_or(0))};
    for (const auto& code : row["codes"].items()) {
      error.code = code.text();
      break;
    }
    for (const auto& word : row["says"].items()) error.message += std::string(word.text()) + ' ';
    CHECK_MESSAGE(azure::known_error(error) == row["id"].text(), row["id"].text());
    CHECK(!row["why"].text().empty());
    CHECK_MESSAGE(checks::find_code(row["code"].text()) != nullptr, row["id"].text());
    for (const auto& code : row["codes"].items()) {
      error.code = to_lower(code.text());
      CHECK_MESSAGE(azure::known_error(error) == row["id"].text(), code.text());
    }
  }
}

TEST_CASE("service error: the texts of the add-on are known") {
  struct Row {
    const char* text;
    const char* id;
  };
  for (const auto& [text, id] :
       {Row{"Azure service mesh is not supported in this region", "region-not-supported"},
        Row{"Missing service mesh mode: ", "profile-incomplete"},
        Row{"Invalid istio ingress mode: Public", "gateway-type-unknown"},
        Row{"Too many ingresses for type: External. Only 1 ingress gateway are allowed",
            "too-many-ingress-gateways"},
        Row{"Istio profile is missing even though Service Mesh mode is Istio",
            "profile-incomplete"},
        Row{"Istio based Azure service mesh is incompatible with feature OSM",
            "incompatible-feature"},
        Row{"ServiceMeshProfile is missing required parameters: keyVaultId for plugin certificate "
            "authority",
            "plugin-ca-incomplete"},
        Row{"AzureKeyvaultSecretsProvider addon is required for Azure Service Mesh plugin "
            "certificate authority feature",
            "key-vault-addon-missing"},
        Row{"'KeyVaultId': 'kv' is not a valid Azure keyvault resource identifier.",
            "key-vault-id-malformed"},
        Row{"Kubernetes version is missing in orchestrator profile", "profile-incomplete"},
        Row{"Service mesh revision asm-1-26 is not compatible with cluster version 1.35.1.",
            "revision-incompatible"},
        Row{"Kubernetes version 1.22 not supported. Please upgrade to a supported cluster version",
            "kubernetes-not-supported"},
        Row{"ServiceMeshProfile revision field must not be empty", "profile-incomplete"},
        Row{"Request exceeds maximum allowed number of revisions (2)", "too-many-revisions"},
        Row{"Mesh upgrade is in progress. Please complete or roll back the current upgrade",
            "upgrade-in-progress"},
        Row{"Requested change in revisions is not allowed. Reason: Revision asm-1-9 is not "
            "supported by the service mesh add-on.",
            "revision-not-offered"}}) {
    CAPTURE(text);
    ServiceError error{.status = 400, .code = "BadRequest", .message = text};
    CHECK(azure::known_error(error) == id);
  }
}

TEST_CASE("service error: the error of an operation has no status and is known all the same") {
  const auto known = [](const std::string& json) {
    const auto document = data::JsonDocument::parse(json);
    REQUIRE(document);
    return std::string(azure::known_error(azure::service_error(document->root())));
  };
  CHECK(known(R"({"code":"ScopeLocked","message":"m"})") == "locked");
  CHECK(known(R"({"code":"BadRequest","message":"Revision asm-1-26 is not supported by the )"
              R"(service mesh add-on."})") == "revision-not-offered");
  CHECK(known(R"({"code":"OperationNotAllowed","message":"Another operation is in progress"})") ==
        "operation-in-progress");
  // The cause within something general.
  CHECK(known(R"({"code":"ReconcileAddonsError","message":"m","details":[
      {"code":"LinkedAuthorizationFailed","message":"no right to join"}]})") ==
        "linked-right-missing");
  // Something else than the cluster is missing, or it is not the user's own right.
  for (const char* code : {"ResourceNotFound", "NotFound", "ResourceGroupNotFound", "Throttled",
                           "InternalOperationError", "AuthorizationFailed"})
    CHECK_MESSAGE(
        known(R"({"code":")" + std::string(code) + R"(","message":"resource not found"})") == "",
        code);
  // An answer has its status, and no row of another one is for it.
  CHECK(azure::known_error(of(400, R"({"code":"ScopeLocked","message":"m"})")).empty());
  CHECK(azure::known_error(of(400, R"({"code":"B","message":"m","details":[
      {"code":"ScopeLocked","message":"m"}]})"))
            .empty());
}

TEST_CASE("service error: the recorded ones") {
  const auto folder = recordings();
  if (folder.empty()) return;
  // Those that are for a program, not for its user, have no row.
  const std::map<std::string, std::string> expected{
      {"400-akv-addon-missing", "key-vault-addon-missing"},
      {"400-api-version", "api-version-refused"},
      {"400-if-none-match", ""},
      {"400-incompatible-feature", "incompatible-feature"},
      {"400-invalid-subscription-id", "subscription-malformed"},
      {"400-invalid-template-details", ""},
      {"400-local-accounts-disabled", "local-accounts-disabled"},
      {"400-location", "wrong-region"},
      {"400-mesh-upgrade-in-progress", "upgrade-in-progress"},
      {"400-missing-api-version", "api-version-refused"},
      {"400-revision-incompatible", "revision-incompatible"},
      {"400-revision-not-supported", "revision-not-offered"},
      {"400-too-many-revisions", "too-many-revisions"},
      {"401-claims-challenge", "token-refused"},
      {"401-expired-token", "token-refused"},
      {"401-invalid-tenant", "wrong-tenant"},
      {"401-missing-token", "token-refused"},
      {"403-authorization", "right-missing"},
      {"403-linked-authorization", "linked-right-missing"},
      {"403-policy", "refused-by-policy"},
      {"404-resource", "cluster-missing"},
      {"404-resource-group", "resource-group-missing"},
      {"404-subscription", "subscription-missing"},
      {"409-agentpool-operation-in-progress", "pool-operation-in-progress"},
      {"409-etag-mismatch-internal", "etag-mismatch"},
      {"409-locked", "locked"},
      {"409-operation-in-progress", "operation-in-progress"},
      {"409-operation-in-progress-2026", "operation-in-progress"},
      {"409-readonly-subscription", "subscription-read-only"},
      {"409-subscription-not-registered", "provider-not-registered"},
      {"412-not-found-with-etag", "cluster-missing"},
      {"412-precondition", "etag-mismatch"},
      {"429-aks", "throttled"},
      {"429-arm-subscription", "throttled"},
      {"429-arm-tenant", "throttled"},
      {"500-internal", "service-failed"},
      {"502-html", "service-away"},
      {"503-gateway", "service-away"},
      {"504-gateway-timeout", "service-away"}};
  std::set<std::string> seen;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const auto name = entry.path().stem().string();
    if (!name.starts_with("error-")) continue;
    const auto error = azure::service_error(recorded(entry.path()));
    const auto found = expected.find(name.substr(6));
    REQUIRE_MESSAGE(found != expected.end(), name);
    CHECK_MESSAGE(azure::known_error(error) == found->second, name);
    CHECK_MESSAGE(!azure::to_error(error, "cannot").why.empty(), name);
    seen.insert(found->first);
  }
  CHECK(seen.size() == expected.size());
}

}  // namespace aksmesh::test
