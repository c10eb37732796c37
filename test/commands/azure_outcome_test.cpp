// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "support/azure_program.hpp"

namespace aksmesh::test {

TEST_CASE("what has happened is told even if the result cannot be written") {
  Azure azure;
  azure.out.broken = "no space left";
  azure.has({});
  azure.accepts("\"Istio\"");
  CHECK(azure.run("aksmesh enable --yes --no-wait" + kCluster) == 1);
  CHECK(azure.says("no space left; all the same Azure has accepted it"));
}

TEST_CASE("numbers that JSON libraries cannot hold are told as they stand") {
  Azure azure;
  azure.has(
      {.profile =
           R"({"mode":"Disabled","far":1e999,"long":12345678901234567890123,"note":"caf\u00e9"})"});
  CHECK(azure.run("aksmesh enable --dry-run -o json" + kCluster) == 0);
  CHECK(azure.says(R"("1e999")"));
  CHECK(azure.says(R"("12345678901234567890123")"));
  CHECK(azure.says("\"before\": \"caf\u00e9\""));
}

TEST_CASE("a cluster that failed tells why, in text and JSON") {
  const ClusterWish failed{
      .state = "Failed",
      .more = R"("status":{"provisioningError":{"code":"Quota","message":"no cores"}},)"};
  Azure text;
  text.has(failed);
  CHECK(text.run("aksmesh show" + kCluster) == 0);
  CHECK(text.says("problem         Quota: no cores"));
  Azure json;
  json.has(failed);
  CHECK(json.run("aksmesh show -o json" + kCluster) == 0);
  CHECK(nlohmann::json::parse(json.out.text)["provisioningError"] == "Quota: no cores");
}

TEST_CASE("names that a terminal would obey are made visible") {
  Azure azure;
  azure.has({.profile = mesh_json(R"("asm-1-28")",
                                  R"("egressGateways":[{"name":"\u001b[2Jx","enabled":true}])")});
  CHECK(azure.run("aksmesh gateway list" + kCluster) == 0);
  CHECK(azure.out.text.find('\x1b') == std::string::npos);
  CHECK(azure.says("\\u001b[2Jx"));
}

TEST_CASE("an error for programs has the service's facts as members") {
  Azure azure;
  azure.http.expect(kGet).answer(409, R"({"code":"OperationNotAllowed","message":"busy"})",
                                 {{"x-ms-request-id", "r1"}});
  CHECK(azure.run("aksmesh show -o json" + kCluster) == 1);
  const auto document = nlohmann::json::parse(azure.err.text);
  CHECK(document["status"] == 409);
  CHECK(document["serviceCode"] == "OperationNotAllowed");
  CHECK(document["requestId"] == "r1");
  Azure check;
  check.has({.addons = R"("openServiceMesh":{"enabled":true})"});
  CHECK(check.run("aksmesh enable --yes -o json" + kCluster) == 1);
  CHECK(nlohmann::json::parse(check.err.text)["code"] == "AKM1001");
}

TEST_CASE("what wants to be confirmed prints the whole command") {
  Azure azure;
  azure.has({.profile = kOne});
  CHECK(azure.run("aksmesh disable --skip-checks AKM4002,AKM4003" + kCluster) == 2);
  CHECK(
      azure.says("aksmesh disable --confirm prod --skip-checks AKM4002,AKM4003 -g shop "
                 "--cluster prod --subscription 00000000-0000-0000-0000-000000000001"));
}

}  // namespace aksmesh::test
