// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <string>

#include "mesh/authz_eval.hpp"
#include "support/objects.hpp"

namespace aksmesh::test {
namespace {

using mesh::Attribute;
using mesh::AuthzRequest;
using mesh::AuthzVerdict;
using mesh::Truth;

AuthzRequest usual() {
  return {.http = true,
          .principal = Attribute::of("cluster.local/ns/pay/sa/checkout"),
          .source_ip = Attribute::of("10.1.2.3"),
          .remote_ip = Attribute::of("20.1.2.3"),
          .destination_ip = Attribute::of("10.9.9.9"),
          .port = Attribute::of("8080"),
          .sni = Attribute::none(),
          .host = Attribute::of("catalog.shop:80"),
          .method = Attribute::of("GET"),
          .path = Attribute::of("/items/7"),
          .headers = {{"X-Team", "blue"}},
          .claims = {{"[iss]", "https://i"}, {"[sub]", "alice"}, {"[scope]", "read write"}}};
}

/// Policies of the namespace shop, each an action and its rules in YAML's flow style.
std::string policy(const std::string& name, const std::string& rest,
                   const std::string& metadata = "") {
  return "---\napiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: " +
         name + ", namespace: shop" + metadata + "}\nspec: {" + rest + "}\n";
}

AuthzVerdict verdict(const std::string& yaml, const AuthzRequest& request = usual()) {
  const Objects objects(yaml);
  return mesh::evaluate(objects.all(kube::Kind::authorization_policy), request, nullptr).verdict;
}

bool allows(const std::string& rule, const AuthzRequest& request = usual()) {
  return verdict(policy("a", "rules: [" + rule + "]"), request) == AuthzVerdict::allowed;
}

bool denies(const std::string& rule, const AuthzRequest& request = usual()) {
  return verdict(policy("a", "action: DENY, rules: [" + rule + "]"), request) ==
         AuthzVerdict::denied;
}

bool allows_from(const std::string& source, const AuthzRequest& request = usual()) {
  return allows("{from: [{source: {" + source + "}}]}", request);
}

bool allows_to(const std::string& operation, const AuthzRequest& request = usual()) {
  return allows("{to: [{operation: {" + operation + "}}]}", request);
}

bool allows_when(const std::string& key, const std::string& rest) {
  return allows("{when: [{key: '" + key + "', " + rest + "}]}");
}

}  // namespace

TEST_CASE("AuthorizationPolicy: which actions count, and in which order") {
  CHECK(verdict("") == AuthzVerdict::allowed);
  CHECK(verdict(policy("a", "")) == AuthzVerdict::denied);
  CHECK(verdict(policy("a", "rules: [{}]")) == AuthzVerdict::allowed);
  CHECK(verdict(policy("a", "action: DENY")) == AuthzVerdict::allowed);
  CHECK(verdict(policy("a", "rules: [{}]") + policy("d", "action: DENY, rules: [{}]")) ==
        AuthzVerdict::denied);
  CHECK(verdict(policy("a", "action: AUDIT, rules: [{}]")) == AuthzVerdict::allowed);
  const std::string dry = ", annotations: {istio.io/dry-run: 'true'}";
  CHECK(verdict(policy("a", "", dry)) == AuthzVerdict::allowed);
  CHECK(verdict(policy("d", "action: DENY, rules: [{}]", dry)) == AuthzVerdict::allowed);
  const auto custom = policy("c", "action: CUSTOM, provider: {name: p}, rules: [{}]");
  CHECK(verdict(custom) == AuthzVerdict::depends);
  CHECK(verdict(custom + policy("d", "action: DENY, rules: [{}]")) == AuthzVerdict::denied);
  CHECK(verdict(custom + policy("a", "")) == AuthzVerdict::denied);
}

TEST_CASE("AuthorizationPolicy: a provider that the mesh does not have denies") {
  const Objects objects(policy("c", "action: CUSTOM, provider: {name: p}, rules: [{}]"));
  const std::set<std::string, std::less<>> none;
  const std::set<std::string, std::less<>> known{"p"};
  const auto all = objects.all(kube::Kind::authorization_policy);
  CHECK(mesh::evaluate(all, usual(), &none).verdict == AuthzVerdict::denied);
  CHECK(mesh::evaluate(all, usual(), &known).verdict == AuthzVerdict::depends);
}

TEST_CASE("AuthorizationPolicy: sources") {
  CHECK(allows_from("principals: [cluster.local/ns/pay/sa/checkout]"));
  CHECK(allows_from("principals: ['cluster.local/ns/pay/*']"));
  CHECK(allows_from("principals: ['*/sa/checkout']"));
  CHECK_FALSE(allows_from("principals: [cluster.local/ns/pay/sa/check]"));
  CHECK_FALSE(allows_from("notPrincipals: ['*']"));
  CHECK(allows_from("namespaces: [shop, pay]"));
  CHECK(allows_from("namespaces: ['p*']"));
  CHECK_FALSE(allows_from("namespaces: [pa]"));
  CHECK_FALSE(allows_from("notNamespaces: [pay]"));
  CHECK(allows_from("serviceAccounts: [pay/checkout]"));
  CHECK_FALSE(allows_from("serviceAccounts: [checkout]"));
  CHECK(allows_from("ipBlocks: [10.1.0.0/16]"));
  CHECK(allows_from("ipBlocks: [10.1.2.3]"));
  CHECK_FALSE(allows_from("ipBlocks: [10.1.2.0/31]"));
  CHECK(allows_from("remoteIpBlocks: [20.0.0.0/8]"));
  CHECK_FALSE(allows_from("notRemoteIpBlocks: [20.0.0.0/8]"));
  CHECK(allows_from("requestPrincipals: ['https://i/*']"));
  CHECK_FALSE(allows_from("requestPrincipals: ['https://j/alice']"));
  auto plain = usual();
  plain.principal = Attribute::none();
  CHECK_FALSE(allows_from("principals: ['*']", plain));
  CHECK(allows_from("notPrincipals: ['*']", plain));
  CHECK(allows_from("notNamespaces: [pay]", plain));
}

TEST_CASE("AuthorizationPolicy: operations") {
  CHECK(allows_to("methods: [GET]"));
  CHECK_FALSE(allows_to("methods: [get]"));
  CHECK(allows_to("hosts: ['CATALOG.shop:80']"));
  CHECK_FALSE(allows_to("hosts: [catalog.shop]"));
  CHECK(allows_to("hosts: ['catalog.shop:*']"));
  CHECK(allows_to("ports: ['8080']"));
  CHECK_FALSE(allows_to("ports: ['80']"));
  CHECK_FALSE(allows_to("notPorts: ['8080']"));
  CHECK(allows_to("paths: ['/items/*']"));
  CHECK(allows_to("paths: ['/items/{*}']"));
  CHECK_FALSE(allows_to("paths: ['/items/{*}/{*}']"));
  CHECK(allows_to("paths: ['/{**}']"));
  CHECK_FALSE(allows_to("paths: ['/*'], notPaths: ['*7']"));
}

TEST_CASE("AuthorizationPolicy: conditions") {
  CHECK(allows_when("request.headers[x-team]", "values: ['b*']"));
  CHECK_FALSE(allows_when("request.headers[x-team]", "notValues: [blue]"));
  CHECK(allows_when("request.headers[x-other]", "notValues: [blue]"));
  CHECK(allows_when("source.ip", "values: [10.0.0.0/8]"));
  CHECK(allows_when("remote.ip", "notValues: [10.0.0.0/8]"));
  CHECK(allows_when("source.namespace", "values: [pay]"));
  CHECK(allows_when("source.principal", "values: ['*']"));
  CHECK(allows_when("destination.ip", "values: [10.9.0.0/16]"));
  CHECK(allows_when("destination.port", "values: ['8080']"));
  CHECK_FALSE(allows_when("connection.sni", "values: ['*']"));
  CHECK(allows_when("request.auth.principal", "values: ['https://i/alice']"));
  CHECK(allows_when("request.auth.claims[scope]", "values: [write]"));
  CHECK_FALSE(allows_when("request.auth.claims[groups]", "values: ['*']"));
  CHECK(verdict(policy("a", "rules: [{when: [{key: what.ever, values: [x]}]}]")) ==
        AuthzVerdict::depends);
}

TEST_CASE("AuthorizationPolicy: lists of a rule are joined by or, parts of it by and") {
  CHECK(allows("{from: [{source: {namespaces: [x]}}, {source: {namespaces: [pay]}}]}"));
  CHECK_FALSE(allows("{from: [{source: {namespaces: [pay], ipBlocks: [1.1.1.1]}}]}"));
  CHECK_FALSE(
      allows("{from: [{source: {namespaces: [pay]}}], to: [{operation: {methods: [PUT]}}]}"));
  CHECK_FALSE(
      allows("{when: [{key: source.ip, values: [10.1.2.3]}, "
             "{key: source.namespace, values: [x]}]}"));
}

TEST_CASE(
    "AuthorizationPolicy: without HTTP rules of ALLOW are left out, those of DENY are wider") {
  auto tcp = usual();
  tcp.http = false;
  CHECK_FALSE(allows("{to: [{operation: {methods: [GET]}}]}", tcp));
  CHECK_FALSE(allows("{to: [{operation: {ports: ['8080']}}, {operation: {methods: [GET]}}]}", tcp));
  CHECK(
      allows("{to: [{operation: {methods: [GET]}}]}, {to: [{operation: {ports: ['8080']}}]}", tcp));
  CHECK(denies("{to: [{operation: {methods: [PUT]}}]}", tcp));
  CHECK_FALSE(
      denies("{from: [{source: {namespaces: [x]}}], to: [{operation: {paths: [/y]}}]}", tcp));
  CHECK(denies("{from: [{source: {notRequestPrincipals: ['*']}}]}", tcp));
}

TEST_CASE("AuthorizationPolicy: what is not known counts where it matters") {
  auto vague = usual();
  vague.path = {};
  const auto yaml = policy("a", "rules: [{to: [{operation: {paths: [/x], methods: [GET]}}]}]");
  const Objects objects(yaml);
  const auto all = objects.all(kube::Kind::authorization_policy);
  auto answer = mesh::evaluate(all, vague, nullptr);
  CHECK(answer.verdict == AuthzVerdict::depends);
  CHECK(answer.missing == std::set<std::string>{"--path"});
  vague.method = Attribute::of("PUT");
  answer = mesh::evaluate(all, vague, nullptr);
  CHECK(answer.verdict == AuthzVerdict::denied);
  CHECK(answer.missing.empty());
  CHECK(allows_to("paths: ['*']", vague));
}

TEST_CASE("AuthorizationPolicy: those that select a workload") {
  const Objects objects(policy("web", "selector: {matchLabels: {app: web}}") +
                        policy("all", "action: DENY") +
                        policy("other", "", ", labels: {istio.io/rev: asm-1-29}") +
                        policy("gateway", "targetRef: {kind: Gateway, name: g}") +
                        "---\napiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\n"
                        "metadata: {name: mesh, namespace: root}\nspec: {action: CUSTOM}\n"
                        "---\napiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\n"
                        "metadata: {name: elsewhere, namespace: pay}\nspec: {}\n");
  const auto names = [&](const mesh::Labels& labels) {
    std::string out;
    for (const auto* one :
         mesh::policies_for(objects.all(kube::Kind::authorization_policy), "root",
                            {.name_space = "shop", .labels = labels, .revision = "asm-1-28"}))
      out += std::string(one->name) + ' ';
    return out;
  };
  CHECK(names({{"app", "web"}}) == "mesh all web ");
  CHECK(names({{"app", "api"}}) == "mesh all ");
  CHECK(names({{"gateway.networking.k8s.io/gateway-name", "g"}}) == "mesh all gateway ");
}

TEST_CASE("Paths are compared as Envoy writes them") {
  CHECK(mesh::normal_path("/a/../b?x=/c") == "/b");
  CHECK(mesh::normal_path("/%61/./b/..") == "/a/");
  CHECK(mesh::normal_path("/a%2Fb") == "/a%2Fb");
  CHECK(mesh::normal_path("/../..") == "/");
  CHECK(mesh::normal_path("//a") == "//a");
  CHECK(mesh::matches_path("/t/{**}/end", "/t/a/b/end"));
  CHECK_FALSE(mesh::matches_path("/t/{**}/end", "/t/end"));
  CHECK_FALSE(mesh::matches_path("/{**}/{**}", "/a/b"));
  CHECK_FALSE(mesh::matches_path("/{*}", "/"));
}

TEST_CASE("Addresses and blocks") {
  CHECK(mesh::is_in_block("2001:db8::/32", "2001:db8:1::1"));
  CHECK_FALSE(mesh::is_in_block("2001:db8::/32", "10.0.0.1"));
  CHECK(mesh::is_in_block("0.0.0.0/0", "10.0.0.1"));
  for (const char* wrong : {"10.0.0.0/33", "10.0.0.0/x", "10.0.0.0/-1", "", "/", "x"})
    CHECK_FALSE(mesh::is_in_block(wrong, "10.0.0.1"));
}

}  // namespace aksmesh::test
