// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "unit/istio/rule_table.hpp"

namespace aksmesh::test {
namespace {

const std::string kJwt = "spec.jwtRules[0].";

std::string jwt(const std::string& fields) {
  return "{jwtRules: [{" + fields + "}]}";
}

}  // namespace

TEST_CASE("validation: PeerAuthentication") {
  check_rules("PeerAuthentication",
              {{"{}"},
               {"{mtls: {mode: STRICT}, selector: {matchLabels: {a: b}}, portLevelMtls: {80: {}, "
                "'90': {}}}"},
               {"{portLevelMtls: {80: {}}}", {"PA-01 spec.portLevelMtls"}},
               {"{selector: {}, portLevelMtls: {80: {}}}",
                {"PA-01 spec.portLevelMtls", "W SEL-03 spec.selector"}},
               {"{selector: {matchLabels: {a: b}}, portLevelMtls: {}}"},
               {"{selector: {matchLabels: {a: b}}, portLevelMtls: {0: {}, 65535: {}, 65536: {}}}",
                {"PA-03 spec.portLevelMtls.0", "PA-03 spec.portLevelMtls.65536"}},
               {"{selector: {matchLabels: {a: '*'}}}", {"SEL-02 spec.selector.matchLabels.a"}}});
  check_metadata_rules(
      {{"{apiVersion: security.istio.io/v1, kind: PeerAuthentication, metadata: {name: "
        "a}, spec: {portLevelMtls: {}}}",
        {"PA-02 spec.portLevelMtls"}}});
}

TEST_CASE("validation: RequestAuthentication") {
  check_rules("RequestAuthentication",
              {{"{}"},
               {jwt("issuer: a, audiences: [b], fromHeaders: [{name: c}], fromParams: [d], "
                    "fromCookies: [e], "
                    "outputClaimToHeaders: [{header: x-a_B, claim: f}], timeout: 5s")},
               {jwt("jwks_uri: 'http://a/b'")},
               {"{selector: {}, targetRefs: [{kind: Gateway}]}",
                {"W SEL-03 spec.selector", "SEL-04 spec", "SEL-05 spec.targetRefs[0].name",
                 "SEL-05 spec.targetRefs[0].kind"}},
               {jwt("issuer: a, audiences: ['', b]"), {"RA-02 " + kJwt + "audiences[0]"}},
               {jwt("jwks: '{\"keys\": []}'"), {"RA-03 " + kJwt + "issuer"}},
               {jwt("issuer: '', jwksUri: ''"), {"RA-03 " + kJwt + "issuer"}},
               {jwt("jwksUri: ftp://a"), {"RA-04 " + kJwt + "jwksUri"}},
               {jwt("jwksUri: a/b"), {"RA-04 " + kJwt + "jwksUri"}},
               {jwt("jwksUri: 'https://a b/'"), {"RA-04 " + kJwt + "jwksUri"}},
               {jwt("jwks_uri: 'file:///a'"), {"RA-04 " + kJwt + "jwks_uri"}},
               {jwt("issuer: a, jwks: '{'"), {"RA-05 " + kJwt + "jwks"}},
               {jwt("issuer: a, fromHeaders: [null, {}], fromParams: [''], fromCookies: [null]"),
                {"RA-06 " + kJwt + "fromHeaders[0]", "RA-06 " + kJwt + "fromHeaders[1].name",
                 "RA-06 " + kJwt + "fromParams[0]", "RA-06 " + kJwt + "fromCookies[0]"}},
               {jwt("issuer: a, outputClaimToHeaders: [null, {header: a}, {claim: a}, {header: 'a "
                    "b', claim: a}]"),
                {"RA-07 " + kJwt + "outputClaimToHeaders[0]",
                 "RA-07 " + kJwt + "outputClaimToHeaders[1].claim",
                 "RA-07 " + kJwt + "outputClaimToHeaders[2].header",
                 "RA-07 " + kJwt + "outputClaimToHeaders[3].header"}},
               {jwt("issuer: a, timeout: 0s"), {"RA-08 " + kJwt + "timeout"}}});
}

TEST_CASE("validation: Telemetry") {
  const std::string tags = "spec.tracing[0].customTags.";
  const std::string override_ = "spec.metrics[0].overrides[0]";
  const auto metrics = [](const std::string& fields) {
    return "{metrics: [{overrides: [{" + fields + "}]}]}";
  };
  const auto filter = [](const std::string& text) {
    return "{accessLogging: [{filter: {" + text + "}}]}";
  };
  check_rules(
      "Telemetry",
      {{"{}"},
       {"{tracing: [{providers: [{name: a}], randomSamplingPercentage: 0.5, customTags: {a: "
        "{literal: "
        "{value: b}}, c: {header: {name: d}}, e: {environment: {name: f}}, g: {}}}]}"},
       {"{selector: {matchLabels: {a: b}}, targetRef: {kind: Service, name: a}}", {"SEL-04 spec"}},
       {"{tracing: [{providers: [{}]}], metrics: [{providers: [{name: ''}]}], accessLogging: "
        "[{providers: "
        "[null]}]}",
        {"TE-02 spec.tracing[0].providers[0].name", "TE-02 spec.metrics[0].providers[0].name",
         "TE-02 spec.accessLogging[0].providers[0].name"}},
       {"{tracing: [{}, {}]}", {"W TE-03 spec.tracing"}},
       {"{tracing: [{providers: [{name: a}, {name: b}]}]}", {"W TE-03 spec.tracing[0].providers"}},
       {"{tracing: [{randomSamplingPercentage: 100.1}]}",
        {"TE-04 spec.tracing[0].randomSamplingPercentage"}},
       {"{tracing: [{randomSamplingPercentage: -1}]}",
        {"TE-04 spec.tracing[0].randomSamplingPercentage"}},
       {"{tracing: [{customTags: {'': {}, a: null, b: {literal: {}}, c: {header: {}}, d: "
        "{environment: "
        "{}}}}]}",
        {"TE-05 spec.tracing[0].customTags[\"\"]", "TE-05 " + tags + "a",
         "TE-05 " + tags + "b.literal.value", "TE-05 " + tags + "c.header.name",
         "TE-05 " + tags + "d.environment.name"}},
       {metrics("match: {metric: REQUEST_COUNT}, tagOverrides: {a: {value: b}, c: {operation: "
                "REMOVE}}")},
       {"{metrics: [{overrides: [null]}]}", {"TE-06 " + override_}},
       {metrics(
            "tagOverrides: {'': {value: a}, a: null, b: {}, c: {operation: REMOVE, value: d}, e: "
            "{operation: UPSERT, value: ''}}"),
        {"W TE-06 " + override_ + ".tagOverrides[\"\"]", "TE-06 " + override_ + ".tagOverrides.a",
         "TE-06 " + override_ + ".tagOverrides.b.value",
         "TE-06 " + override_ + ".tagOverrides.c.value",
         "TE-06 " + override_ + ".tagOverrides.e.value"}},
       {metrics("match: {customMetric: ''}"), {"TE-06 " + override_ + ".match.customMetric"}},
       {metrics("match: {customMetric: a}")},
       {filter("expression: 'response.code >= 400'")},
       {filter(""), {"TE-07 spec.accessLogging[0].filter.expression"}},
       {filter("expression: 'response.code >='"),
        {"TE-07 spec.accessLogging[0].filter.expression"}}});
}

TEST_CASE("validation: WasmPlugin") {
  const std::string digest(64, 'a');
  const std::string long_name(257, 'a');
  const auto url = [](const std::string& text) { return "{url: '" + text + "'}"; };
  const auto bad = std::vector<std::string>{"WP-02 spec.url"};
  check_rules("WasmPlugin",
              {{"{url: 'oci://a/b:1', sha256: " + digest + ", match: [{ports: [{number: 80}]}]}"},
               {url("registry.example/a:1")},
               {url("/a/b.wasm")},
               {url("file:///a.wasm")},
               {"{}", bad},
               {url("ftp://a"), bad},
               {url("registry:5000/a"), bad},
               {url("a b^c"), bad},
               {url("http://a/#%"), bad},
               {"{url: a, selector: {matchLabels: {a: b}}, targetRefs: [{kind: Service, name: a}]}",
                {"SEL-04 spec"}},
               {"{url: a, sha256: " + std::string(64, 'A') + "}", {"WP-03 spec.sha256"}},
               {"{url: a, sha256: " + digest + "0}", {"WP-03 spec.sha256"}},
               {"{url: a, imagePullSecret: " + long_name + ", pluginName: " + long_name + "}",
                {"WP-04 spec.imagePullSecret", "WP-04 spec.pluginName"}},
               {"{url: a, vmConfig: {env: [{name: a, value: b}, {name: c, valueFrom: HOST}]}}"},
               {"{url: a, vmConfig: {env: [{}, {name: a}, {name: a}, {name: " + long_name +
                    "}, {name: b, valueFrom: HOST, value: c}]}}",
                {"WP-05 spec.vmConfig.env[0].name", "WP-05 spec.vmConfig.env[2].name",
                 "WP-05 spec.vmConfig.env[3].name", "WP-05 spec.vmConfig.env[4].value"}},
               {"{url: a, match: [{ports: [{number: 0}, {}, {number: 65536}]}]}",
                {"WP-06 spec.match[0].ports[0].number", "WP-06 spec.match[0].ports[1].number",
                 "WP-06 spec.match[0].ports[2].number"}}});
}

TEST_CASE("validation: ProxyConfig") {
  check_rules(
      "ProxyConfig",
      {{"{}"},
       {"{concurrency: 0, selector: {matchLabels: {a: b}}}"},
       {"{selector: {matchLabels: {'*': b}}}", {"SEL-02 spec.selector.matchLabels[\"*\"]"}},
       {"{concurrency: -1, selector: {}}", {"PC-02 spec.concurrency", "W SEL-03 spec.selector"}}});
}

TEST_CASE("validation: a wrong type anywhere is not looked into") {
  for (const char* kind : {"AuthorizationPolicy", "PeerAuthentication", "RequestAuthentication",
                           "Telemetry", "ProxyConfig", "EnvoyFilter"})
    check_rules(kind, {{"{selector: 1, rules: {}, jwtRules: true, tracing: 1, metrics: {a: 1}, "
                        "accessLogging: '', portLevelMtls: [1], concurrency: {}, configPatches: 5}",
                        std::string_view(kind) == "EnvoyFilter"
                            ? std::vector<std::string>{"W EF-01 kind"}
                            : std::vector<std::string>{"W SEL-03 spec.selector"}}});
}

}  // namespace aksmesh::test
