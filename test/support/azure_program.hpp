// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <string>

#include "support/azure_world.hpp"

namespace aksmesh::test {

inline const std::string kCluster =
    " -g shop --cluster prod --subscription 00000000-0000-0000-0000-000000000001";
inline const std::string kOne = mesh_json(R"("asm-1-28")");
inline const std::string kTwo = mesh_json(R"("asm-1-28","asm-1-29")");
inline constexpr const char* kGet = AzureWorld::kGet;
inline constexpr const char* kPut = AzureWorld::kPut;
inline constexpr const char* kLink = "https://management.azure.com/operations/7?s=SIGNED";

/// The program, signed in as a service principal, with a terminal when asked for.
struct Azure : FakeWorld {
  Azure() {
    env.values = {{"HOME", "/home/u"},
                  {"AZURE_TENANT_ID", "t"},
                  {"AZURE_CLIENT_ID", "c"},
                  {"AZURE_CLIENT_SECRET", "SECRET"}};
    http.expect("POST https://login.microsoftonline.com/t/oauth2/v2.0/token")
        .answer(200, R"({"access_token":"TOKEN","expires_in":3600})");
  }
  void has(const ClusterWish& wish) { http.expect(kGet).answer(200, cluster_json(wish)); }
  void accepts(const std::string& piece) {
    http.expect(kPut)
        .with("If-Match: \"e1\"\n")
        .with(piece)
        .answer(200, "{}", {{"azure-asyncoperation", kLink}});
  }
  void succeeds(const ClusterWish& after) {
    http.expect(std::string("GET ") + kLink).answer(200, R"({"status":"InProgress"})");
    http.expect(std::string("GET ") + kLink).answer(200, R"({"status":"Succeeded"})");
    has(after);
  }
  void offers_revisions() {
    http.expect("GET *locations/westus2/meshRevisionProfiles?*")
        .answer(200, R"({"value":[{"name":"istio","properties":{"meshRevisions":[
            {"revision":"asm-1-28","upgrades":["asm-1-29"],
             "compatibleWith":[{"name":"KubernetesOfficial","versions":["1.34"]}]},
            {"revision":"asm-1-29","upgrades":[],
             "compatibleWith":[{"name":"KubernetesOfficial","versions":["1.34"]}]}]}}]})");
  }
  void hides(const std::string& what, int status = 403) {
    http.expect("GET *" + what + "?*")
        .answer(status, R"({"error":{"code":"AuthorizationFailed","message":"no right"}})");
  }
  void offers_upgrades() {
    http.expect("GET *managedClusters/prod/meshUpgradeProfiles?*")
        .answer(200, R"({"value":[{"name":"istio","properties":{"revision":"asm-1-28",
            "upgrades":["asm-1-29"],
            "compatibleWith":[{"name":"KubernetesOfficial","versions":["1.34"]}]}}]})");
  }
  void at_terminal(const std::string& answer) {
    in_is_terminal = true;
    err.terminal = true;
    answers.push_back(answer);
  }
  bool says(const std::string& piece) const {
    CHECK_MESSAGE((out.text + err.text).find("SECRET") == std::string::npos, "a secret is shown");
    CHECK((out.text + err.text).find("SIGNED") == std::string::npos);
    return out.text.find(piece) != std::string::npos || err.text.find(piece) != std::string::npos;
  }
};

}  // namespace aksmesh::test
