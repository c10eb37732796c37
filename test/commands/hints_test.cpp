// SPDX-License-Identifier: Apache-2.0
#include "hints.hpp"

#include <doctest/doctest.h>

#include "base/strings.hpp"

namespace aksmesh::test {
namespace {

std::string aimed_at(const sys::Aim& aim, const std::string& hint,
                     const std::string& program = "aksmesh") {
  return commands::aimed({hint}, program, aim).at(0);
}

const sys::Aim kProd{{"--resource-group", "shop"}, {"--cluster", "prod"}};

}  // namespace

TEST_CASE("hints: a command of ours repeats what was typed to tell the cluster") {
  CHECK(aimed_at({}, "aksmesh show   (tells more)") == "aksmesh show   (tells more)");
  const sys::Aim all{
      {"--resource-group", "shop"}, {"--cluster", "prod"}, {"--subscription", "Pay as go"}};
  CHECK(aimed_at(all, "aksmesh show   (tells more)") ==
        "aksmesh show -g shop --cluster prod --subscription 'Pay as go'   (tells more)");
  CHECK(aimed_at(all, "aksmesh upgrade start --revision asm-1-29") ==
        "aksmesh upgrade start --revision asm-1-29 -g shop --cluster prod "
        "--subscription 'Pay as go'");
  CHECK(aimed_at(kProd, "aksmesh gateway enable external --cluster other") ==
        "aksmesh gateway enable external --cluster other -g shop");
  CHECK(aimed_at(kProd, "aksmesh gateway enable external -n=other -g x") ==
        "aksmesh gateway enable external -n=other -g x");
}

TEST_CASE("hints: nothing is added where it does not belong") {
  for (const char* hint :
       {"aksmesh explain AKM9201", "aksmesh checks   (lists all)", "aksmesh help sign-in",
        "aksmesh wait --cluster-id /subscriptions/1", "--yes", "az login", "run the command again",
        "az aks list -o table   (shows the clusters)", "aksmesh frobnicate"})
    CHECK(aimed_at(kProd, hint) == hint);
}

TEST_CASE("hints: az is told the cluster in its own words") {
  CHECK(aimed_at(kProd, "az aks operation-abort   (ends it)") ==
        "az aks operation-abort -g shop -n prod   (ends it)");
  CHECK(aimed_at(kProd, "az aks show -g GROUP -n NAME --query id") ==
        "az aks show -g GROUP -n NAME --query id");
  CHECK(aimed_at({{"--cluster-id", "/subscriptions/1"}}, "az aks operation-abort   (ends it)") ==
        "az aks operation-abort   (ends it)");
}

TEST_CASE("hints: kubectl is told the context") {
  const sys::Aim aim{{"--context", "prod eu"}, {"--cluster", "prod"}};
  CHECK(aimed_at(aim, "kubectl rollout restart deployment/web -n shop   (2 pods)") ==
        "kubectl rollout restart deployment/web -n shop --context 'prod eu'   (2 pods)");
  CHECK(aimed_at(aim, "kubectl get pods --context other") == "kubectl get pods --context other");
  CHECK(aimed_at(aim, "aksmesh status", "kubectl aksmesh") ==
        "kubectl aksmesh status --context 'prod eu'");
}

TEST_CASE("hints: the program is called as it was called") {
  const sys::Aim aim{{"--cluster", "prod"}};
  const std::string plugin = "kubectl aksmesh";
  CHECK(aimed_at(aim, "aksmesh show", plugin) == "kubectl aksmesh show --cluster prod");
  CHECK(aimed_at(aim, "kubectl aksmesh show", plugin) == "kubectl aksmesh show --cluster prod");
  CHECK(aimed_at(aim, "aksmesh explain AKM9201", plugin) == "kubectl aksmesh explain AKM9201");
}

TEST_CASE("a word for the shell is quoted when it must be") {
  CHECK(shell_word("plain-1_2./x") == "plain-1_2./x");
  CHECK(shell_word("") == "''");
  CHECK(shell_word("two words") == "'two words'");
  CHECK(shell_word("it's") == "'it'\\''s'");
  CHECK(shell_word("$(rm)") == "'$(rm)'");
}

}  // namespace aksmesh::test
