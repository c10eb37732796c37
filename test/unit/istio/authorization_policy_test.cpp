// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "unit/istio/rule_table.hpp"

namespace aksmesh::test {
namespace {

const std::string kRule = "spec.rules[0]";
const std::string kSource = kRule + ".from[0].source";
const std::string kOperation = kRule + ".to[0].operation";
const std::string kWhen = kRule + ".when[0]";

std::string rule(const std::string& fields) {
  return "{rules: [{" + fields + "}]}";
}
std::string from(const std::string& fields) {
  return rule("from: [{source: {" + fields + "}}]");
}
std::string to(const std::string& fields) {
  return rule("to: [{operation: {" + fields + "}}]");
}
std::string when(const std::string& fields) {
  return rule("when: [{" + fields + "}]");
}
std::string deny(const std::string& fields) {
  return "{action: DENY, rules: [{" + fields + "}]}";
}
std::string custom(const std::string& fields) {
  return "{action: CUSTOM, provider: {name: p}, rules: [{" + fields + "}]}";
}

}  // namespace

TEST_CASE("validation: AuthorizationPolicy, selectors and actions") {
  check_rules(
      "AuthorizationPolicy",
      {{"{}"},
       {"{selector: {matchLabels: {a: '*'}}}", {"SEL-02 spec.selector.matchLabels.a"}},
       {"{selector: {matchLabels: {'': b}}}", {"SEL-01 spec.selector.matchLabels[\"\"]"}},
       {"{selector: {}}", {"W SEL-03 spec.selector"}},
       {"{selector: {matchLabels: {a: b}}, targetRefs: [{kind: Service, name: a}]}",
        {"SEL-04 spec"}},
       {"{targetRef: {kind: Pod, namespace: b}}",
        {"SEL-05 spec.targetRef.kind", "SEL-05 spec.targetRef.name",
         "SEL-05 spec.targetRef.namespace"}},
       {"{action: CUSTOM}", {"AP-02 spec.rules"}},
       {"{action: CUSTOM, rules: []}", {"AP-02 spec.rules"}},
       {"{action: CUSTOM, rules: [{}]}", {"AP-02 spec.provider"}},
       {"{action: CUSTOM, provider: {}, rules: [{}]}", {"AP-02 spec.provider.name"}},
       {custom("")},
       {custom(
            "from: [{source: {ipBlocks: [10.0.0.1], notPrincipals: [a], requestPrincipals: [a]}}]"),
        {"AP-02 " + kSource + ".notPrincipals", "AP-02 " + kSource + ".requestPrincipals"}},
       {custom("when: [{key: source.namespace, values: [a]}]"), {"AP-02 " + kWhen + ".key"}},
       {custom("when: [{key: 'request.auth.claims[a]', values: [a]}]"),
        {"AP-02 " + kWhen + ".key"}},
       {custom("when: [{key: source.ip, values: [10.0.0.1]}]")},
       {"{action: DENY, provider: {name: a}, rules: [{}]}", {"AP-03 spec.provider"}},
       {"{provider: {name: a}}", {"AP-03 spec.provider"}},
       {"{action: DENY}", {"AP-04 spec.rules"}},
       {"{action: DENY, rules: [{}]}"},
       {"{action: allow, provider: {name: a}}"}});
}

TEST_CASE("validation: AuthorizationPolicy, sources") {
  const std::string long_name(321, 'a');
  std::string many = "a";
  for (int i = 0; i < 16; ++i) many += ", a";
  check_rules(
      "AuthorizationPolicy",
      {{"{rules: [null]}", {"AP-10 spec.rules[0]"}},
       {rule("from: [], to: []")},
       {rule("from: [null]"), {"AP-10 " + kRule + ".from[0]"}},
       {rule("from: [{}]"), {"AP-10 " + kSource}},
       {rule("from: [{source: null}]"), {"AP-10 " + kSource}},
       {from(""), {"AP-10 " + kSource}},
       {from("principals: []"), {"AP-10 " + kSource}},
       {from("serviceAccounts: [a], notNamespaces: [b]"),
        {"AP-10 " + kSource + ".serviceAccounts"}},
       {from("notServiceAccounts: [a], principals: [b]"),
        {"AP-10 " + kSource + ".notServiceAccounts"}},
       {from("principals: ['', null, a], notNamespaces: ['']"),
        {"AP-11 " + kSource + ".principals[0]", "AP-11 " + kSource + ".principals[1]",
         "AP-11 " + kSource + ".notNamespaces[0]"}},
       {from("ipBlocks: [10.0.0.1, 10.0.0.0/8, '::1', '::/0', '']"),
        {"AP-11 " + kSource + ".ipBlocks[4]"}},
       {from("ipBlocks: [a, 10.0.0.0/33], notRemoteIpBlocks: [10.0.0, 1.1.1.1/8/8]"),
        {"AP-12 " + kSource + ".ipBlocks[0]", "AP-12 " + kSource + ".ipBlocks[1]",
         "AP-12 " + kSource + ".notRemoteIpBlocks[0]",
         "AP-12 " + kSource + ".notRemoteIpBlocks[1]"}},
       {from("serviceAccounts: [a, b/c]")},
       {from("serviceAccounts: ['*', a/b/c, /a, a/, " + long_name + "]"),
        {"AP-13 " + kSource + ".serviceAccounts[0]", "AP-13 " + kSource + ".serviceAccounts[1]",
         "AP-13 " + kSource + ".serviceAccounts[2]", "AP-13 " + kSource + ".serviceAccounts[3]",
         "AP-13 " + kSource + ".serviceAccounts[4]"}},
       {from("notServiceAccounts: [" + many + "]"), {"AP-13 " + kSource + ".notServiceAccounts"}}});
}

TEST_CASE("validation: AuthorizationPolicy, operations") {
  const auto paths = [](const std::string& path) { return to("paths: ['" + path + "']"); };
  const auto bad = std::vector<std::string>{"AP-14 " + kOperation + ".paths[0]"};
  check_rules(
      "AuthorizationPolicy",
      {{rule("to: [null]"), {"AP-14 " + kRule + ".to[0]"}},
       {rule("to: [{}]"), {"AP-14 " + kOperation}},
       {to(""), {"AP-14 " + kOperation}},
       {to("methods: [''], hosts: [a]"), {"AP-11 " + kOperation + ".methods[0]"}},
       {to("ports: ['0', '65535', 80], notPorts: ['65536', http, '-1', '+1', '1.0']"),
        {"AP-14 " + kOperation + ".notPorts[0]", "AP-14 " + kOperation + ".notPorts[1]",
         "AP-14 " + kOperation + ".notPorts[2]", "AP-14 " + kOperation + ".notPorts[3]",
         "AP-14 " + kOperation + ".notPorts[4]"}},
       {to("paths: ['/a', '/a/*', '*', '/', '/a/{*}/b', '/{**}', '/{*}/{**}/x', 'a b//c']")},
       {paths("/a/{b}"), bad},
       {paths("/a/x{*}"), bad},
       {paths("/a}"), bad},
       {paths("/{**}/{*}"), bad},
       {paths("/{**}/{**}"), bad},
       {paths("/{*}//a"), bad},
       {paths("/{*}/a b"), bad},
       {paths("/{*}/a*"), bad},
       {to("notPaths: ['/{a}']"), {"AP-14 " + kOperation + ".notPaths[0]"}}});
}

TEST_CASE("validation: AuthorizationPolicy, conditions") {
  const auto key = [](const std::string& name) { return when("key: '" + name + "', values: [x]"); };
  const auto bad = std::vector<std::string>{"AP-15 " + kWhen + ".key"};
  check_rules(
      "AuthorizationPolicy",
      {{when("values: [a]"), bad},
       {when("key: source.namespace"), {"AP-15 " + kWhen + ".values"}},
       {when("key: source.namespace, notValues: ['']"), {"AP-11 " + kWhen + ".notValues[0]"}},
       {key("request.headers[x-a]")},
       {key("request.auth.claims[a][b]")},
       {key("experimental.envoy.filters.a.b[c]")},
       {key("request.auth.presenter")},
       {key("connection.sni")},
       {key("request.headers"), bad},
       {key("request.headers[]"), bad},
       {key("request.auth.claims[a"), bad},
       {key("request.auth.claims]a["), bad},
       {key("source.foo"), bad},
       {key("destination.namespace"), bad},
       {key("destination.labels[a]"), bad},
       {key("destination.name"), bad},
       {key("destination.user"), bad},
       {when("key: source.ip, values: [10.0.0.0/8], notValues: [a]"),
        {"AP-12 " + kWhen + ".notValues[0]"}},
       {when("key: destination.port, values: ['80', http]"), {"AP-14 " + kWhen + ".values[1]"}},
       {when("key: source.serviceAccount, values: ['a/*']"), {"AP-13 " + kWhen + ".values[0]"}}});
}

TEST_CASE("validation: AuthorizationPolicy, DENY by attributes of HTTP") {
  const auto warned = std::vector<std::string>{"W AP-16 " + kRule};
  check_rules(
      "AuthorizationPolicy",
      {{deny("from: [{source: {requestPrincipals: [a]}}]"), warned},
       {deny(
           "from: [{source: {notRequestPrincipals: ['*']}}], to: [{operation: {ports: ['80']}}]")},
       {deny("to: [{operation: {methods: [GET]}}]"), warned},
       {deny("from: [{source: {ipBlocks: [10.0.0.1]}}], to: [{operation: {paths: [/a]}}]"), warned},
       {deny("from: [{source: {principals: [a]}}]")},
       {deny("from: [{source: {serviceAccounts: [a]}}]")},
       {deny("to: [{operation: {methods: [GET], notPorts: ['80']}}]")},
       {deny("when: [{key: 'request.headers[a]', values: [b]}]")},
       {to("methods: [GET]")}});
}

}  // namespace aksmesh::test
