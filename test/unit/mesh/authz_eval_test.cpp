// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <set>
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
  return mesh::evaluate(objects.all(kube::Kind::authorization_policy), request, {}).verdict;
}

AuthzVerdict verdict_in(const mesh::AuthzMesh& in_mesh, const std::string& yaml,
                        const AuthzRequest& request = usual()) {
  const Objects objects(yaml);
  return mesh::evaluate(objects.all(kube::Kind::authorization_policy), request, in_mesh).verdict;
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

TEST_CASE("AuthorizationPolicy: a provider that cannot be asked denies") {
  const auto custom = policy("c", "action: CUSTOM, provider: {name: p}, rules: [{}]");
  const auto mesh_with = [](const std::string& type) {
    return mesh::AuthzMesh{.known = true, .providers = {{"p", type}, {"q", type}}};
  };
  CHECK(verdict_in({.known = true}, custom) == AuthzVerdict::denied);
  CHECK(verdict_in({}, custom) == AuthzVerdict::depends);
  CHECK(verdict_in(mesh_with("envoyExtAuthzHttp"), custom) == AuthzVerdict::depends);
  CHECK(verdict_in(mesh_with("envoy_ext_authz_grpc"), custom) == AuthzVerdict::depends);
  CHECK(verdict_in(mesh_with("envoyFileAccessLog"), custom) == AuthzVerdict::denied);
  // The first that matches has a provider, and another one has none.
  const auto other = policy("d", "action: CUSTOM, provider: {name: q}, rules: [{}]");
  CHECK(verdict_in(mesh_with("envoyExtAuthzHttp"), custom + other) == AuthzVerdict::denied);
  const auto elsewhere = policy("d",
                                "action: CUSTOM, provider: {name: q}, "
                                "rules: [{to: [{operation: {paths: [/x]}}]}]");
  CHECK(verdict_in(mesh_with("envoyExtAuthzHttp"), elsewhere) == AuthzVerdict::allowed);
}

TEST_CASE("AuthorizationPolicy: without HTTP a provider that speaks it is left out") {
  const auto custom = policy("c", "action: CUSTOM, provider: {name: p}, rules: [{}]");
  auto tcp = usual();
  tcp.http = false;
  const auto mesh_with = [](const std::string& type) {
    return mesh::AuthzMesh{.known = true, .providers = {{"p", type}}};
  };
  CHECK(verdict_in(mesh_with("envoyExtAuthzHttp"), custom, tcp) == AuthzVerdict::allowed);
  CHECK(verdict_in(mesh_with("envoyExtAuthzGrpc"), custom, tcp) == AuthzVerdict::depends);
  CHECK(verdict_in({}, custom, tcp) == AuthzVerdict::depends);
}

TEST_CASE("AuthorizationPolicy: one that is not as its schema has it may do anything") {
  const auto allow_all = policy("a", "rules: [{}]");
  for (const char* wrong :
       {"action: DENY, rules: [{to: [{operation: {path: [/x]}}]}]",
        "action: DENY, rules: [{to: [{operation: {ports: [80]}}]}]", "action: DENNY, rules: [{}]",
        "action: CUSTOM, rules: [{}]", "action: DENY, rule: [{}]",
        "action: DENY, rules: [{from: [{source: {}}]}]",
        "action: DENY, selector: {matchLabel: {app: x}}"})
    CHECK_MESSAGE(verdict(policy("w", wrong) + allow_all) == AuthzVerdict::depends, wrong);
  // What is sure all the same.
  const auto wide = policy("w", "rules: [{to: [{operation: {path: [/x]}}]}]");
  CHECK(verdict(wide) == AuthzVerdict::depends);
  CHECK(verdict(wide + allow_all) == AuthzVerdict::allowed);
  CHECK(verdict(wide + policy("d", "action: DENY, rules: [{}]")) == AuthzVerdict::denied);
  const auto of_version = [](const std::string& version) {
    auto text = policy("d", "action: DENY, rules: [{}]");
    text.replace(text.find("/v1"), 3, '/' + version);
    return verdict(text);
  };
  CHECK(of_version("v1beta1") == AuthzVerdict::denied);
  CHECK(of_version("v1alpha1") == AuthzVerdict::depends);
}

TEST_CASE("AuthorizationPolicy: principals of the mesh are those of its aliases too") {
  const mesh::AuthzMesh in_mesh{.known = true,
                                .trust_domains = {.known = true, .names = {"new", "old"}}};
  const auto from = [](const std::string& trust_domain) {
    auto request = usual();
    request.principal = Attribute::of(trust_domain + "/ns/pay/sa/checkout");
    return request;
  };
  const auto allow = [](const std::string& fields) {
    return policy("a", "rules: [{from: [{source: {" + fields + "}}]}]");
  };
  for (const char* domain : {"new", "old", "cluster.local"}) {
    const auto one = allow("principals: [" + std::string(domain) + "/ns/pay/sa/checkout]");
    CHECK(verdict_in(in_mesh, one, from("new")) == AuthzVerdict::allowed);
    CHECK(verdict_in(in_mesh, one, from("old")) == AuthzVerdict::allowed);
    CHECK(verdict_in(in_mesh, one, from("strange")) == AuthzVerdict::denied);
  }
  CHECK(verdict_in(in_mesh, allow("principals: [strange/ns/pay/sa/checkout]"), from("new")) ==
        AuthzVerdict::denied);
  CHECK(verdict_in(in_mesh, allow("principals: [strange/ns/pay/sa/checkout]"), from("strange")) ==
        AuthzVerdict::allowed);
  CHECK(verdict_in(in_mesh, allow("notPrincipals: [new/ns/pay/sa/checkout]"), from("old")) ==
        AuthzVerdict::denied);
  // No whole identity: it stays as it is written.
  CHECK(verdict_in(in_mesh, allow("principals: ['old/ns/pay/*']"), from("new")) ==
        AuthzVerdict::denied);
  CHECK(verdict_in(in_mesh,
                   policy("a",
                          "rules: [{when: [{key: source.principal, values: "
                          "[old/ns/pay/sa/checkout]}]}]"),
                   from("new")) == AuthzVerdict::allowed);
  // Without the mesh configuration nobody knows the aliases.
  CHECK(verdict_in({}, allow("principals: [old/ns/pay/sa/checkout]"), from("new")) ==
        AuthzVerdict::depends);
  CHECK(verdict_in({}, allow("principals: [old/ns/pay/sa/other]"), from("new")) ==
        AuthzVerdict::denied);
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
  auto answer = mesh::evaluate(all, vague, {});
  CHECK(answer.verdict == AuthzVerdict::depends);
  CHECK(answer.missing == std::set<std::string>{"--path"});
  vague.method = Attribute::of("PUT");
  answer = mesh::evaluate(all, vague, {});
  CHECK(answer.verdict == AuthzVerdict::denied);
  CHECK(answer.missing.empty());
  CHECK(allows_to("paths: ['*']", vague));
}

TEST_CASE("AuthorizationPolicy: those that select a workload") {
  const Objects objects(policy("web", "selector: {matchLabels: {app: web}}") +
                        policy("all", "action: DENY") +
                        policy("other", "", ", labels: {istio.io/rev: asm-1-29}") +
                        policy("gateway",
                               "targetRef: {group: gateway.networking.k8s.io, kind: Gateway, "
                               "name: g}") +
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

TEST_CASE("AuthorizationPolicy: references to gateways") {
  const std::string group = "group: gateway.networking.k8s.io, ";
  const auto refs = [](const std::string& name, const std::string& ref,
                       const std::string& more = "") {
    return policy(name, more + "targetRefs: [{" + ref + "}]");
  };
  auto of_root = refs("class", group + "kind: GatewayClass, name: istio-waypoint");
  of_root.replace(of_root.find("namespace: shop"), 15, "namespace: root");
  const Objects objects(
      refs("gateway", group + "kind: Gateway, name: g") +
      refs("istio", "group: networking.istio.io, kind: Gateway, name: g") +
      refs("far", group + "kind: Gateway, name: g, namespace: pay") +
      refs("service", "group: '', kind: Service, name: web") + of_root +
      refs("both", group + "kind: Gateway, name: g", "selector: {matchLabels: {app: web}}, ") +
      policy("empty", "targetRefs: []"));
  const auto names = [&](const mesh::Labels& labels) {
    std::string out;
    for (const auto* one : mesh::policies_for(objects.all(kube::Kind::authorization_policy), "root",
                                              {.name_space = "shop", .labels = labels}))
      out += std::string(one->name) + ' ';
    return out;
  };
  const mesh::Label gateway{"gateway.networking.k8s.io/gateway-name", "g"};
  CHECK(names({gateway}) == "both empty gateway ");
  CHECK(names({{"app", "web"}}) == "empty ");
  CHECK(names({gateway, {"gateway.istio.io/managed", "istio.io-mesh-controller"}}) ==
        "class both gateway ");
}

TEST_CASE("Paths of policies") {
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
