// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "unit/istio/rule_table.hpp"

namespace aksmesh::test {
namespace {

const std::string kRoute = "route: [{destination: {host: b}}]";

/// A VirtualService with one HTTP route of these fields.
std::string http(const std::string& fields) {
  return "{hosts: [a.b], http: [{" + fields + "}]}";
}
std::string routed(const std::string& fields) {
  return http(kRoute + ", " + fields);
}
std::string matched(const std::string& match) {
  return routed("match: [{" + match + "}]");
}
/// One with gateways only.
std::string bound(const std::string& hosts, const std::string& rest) {
  return "{hosts: [" + hosts + "], gateways: [gw], " + rest + '}';
}
const std::string kHttp = "http: [{" + kRoute + "}]";

}  // namespace

TEST_CASE("validation: VirtualService, hosts and gateways") {
  check_rules(
      "VirtualService",
      {{"{hosts: [a.b], " + kHttp + "}"},
       {"{" + kHttp + "}"},
       {"{gateways: [g], http: [{" + kRoute + "}], tcp: [{" + kRoute + "}]}",
        {"VS-01 spec.gateways", "VS-01 spec.tcp"}},
       {"{hosts: [a.b], gateways: [a/, a_b/c, a/b.c, mesh], " + kHttp + "}",
        {"VS-02 spec.gateways[0]", "VS-02 spec.gateways[1]", "VS-02 spec.gateways[2]"}},
       {"{hosts: [a.b], gateways: [g.ns.svc, /], " + kHttp + "}", {"W VS-02 spec.gateways[0]"}},
       {"{hosts: [a.b], gateways: [g_h, /], " + kHttp + "}", {"VS-02 spec.gateways[0]"}},
       {matched("headers: {'@request.auth.claims.sub': {exact: x}}"),
        {"VS-03 spec.http[0].match[0].headers[\"@request.auth.claims.sub\"]"}},
       {matched("withoutHeaders: {'@Request.Auth.Claims[sub]': {exact: x}}"),
        {"VS-03 spec.http[0].match[0].withoutHeaders[\"@Request.Auth.Claims[sub]\"]"}},
       {bound("a.b",
              "http: [{" + kRoute + ", match: [{headers: {'@request.auth.claims.a': {}}}]}]")},
       {"{hosts: [a_b, 10.0.0.1, '::1', ''], " + kHttp + "}",
        {"VS-04 spec.hosts[0]", "VS-04 spec.hosts[3]"}},
       {"{hosts: ['*'], " + kHttp + "}", {"VS-05 spec.hosts[0]"}},
       {"{hosts: ['*'], gateways: [g, mesh], " + kHttp + "}", {"VS-05 spec.hosts[0]"}},
       {bound("'*'", kHttp)},
       {"{hosts: [a.b, a.b, a.c, '*.c', '*.d', '*.e.d', x.f], " + kHttp + "}",
        {"VS-06 spec.hosts[1]", "VS-06 spec.hosts[2]", "VS-06 spec.hosts[5]"}},
       {"{hosts: [a.b, a.b, a_b], " + kHttp + "}", {"VS-04 spec.hosts[2]"}},
       {"{hosts: [a.b]}", {"VS-07 spec.http"}},
       {"{hosts: [a.b], http: []}", {"VS-07 spec.http"}},
       {"{hosts: [a.b], http: [null]}", {"VS-08 spec.http[0]"}},
       {"{hosts: [a.b], exportTo: [., a, b_c, '*'], " + kHttp + "}",
        {"EXP-01 spec.exportTo[1]", "EXP-02 spec.exportTo[2]", "EXP-03 spec.exportTo"}},
       {"{hosts: [a.b], exportTo: ['~'], " + kHttp + "}", {"EXP-02 spec.exportTo[0]"}}});
}

TEST_CASE("validation: VirtualService, what a route does") {
  check_rules(
      "VirtualService",
      {{http("delegate: {name: d}")},
       {http("delegate: {name: d}, redirect: {uri: /}, " + kRoute),
        {"VS-20 spec.http[0].redirect", "VS-20 spec.http[0].route"}},
       {"{http: [{delegate: {name: d}}]}",
        {"VS-21 spec.http[0].delegate", "VS-22 spec.http[0].route"}},
       {http(""), {"VS-22 spec.http[0].route"}},
       {routed("redirect: {uri: /}, rewrite: {uri: /}, fault: {delay: {fixedDelay: 1s}}, "
               "directResponse: {status: 200}"),
        {"VS-22 spec.http[0].route", "VS-22 spec.http[0].rewrite", "VS-22 spec.http[0].fault",
         "VS-22 spec.http[0].directResponse"}},
       {routed("directResponse: {status: 200}"), {"VS-22 spec.http[0].route"}},
       {routed("mirror: {host: m}, mirrors: [{destination: {host: n}}]"),
        {"VS-23 spec.http[0].mirrors"}},
       {routed("mirrorPercent: 101"),
        {"VS-31 spec.http[0].mirrorPercent", "W VS-31 spec.http[0].mirrorPercent"}},
       {routed("mirrorPercentage: {value: 100.5}"), {"VS-31 spec.http[0].mirrorPercentage.value"}},
       {routed("mirrors: [null, {}, {destination: {host: m}, percentage: {value: -1}}]"),
        {"VS-31 spec.http[0].mirrors[0]", "VS-31 spec.http[0].mirrors[1].destination",
         "VS-31 spec.http[0].mirrors[2].percentage.value"}},
       {http("redirect: {}"), {"VS-32 spec.http[0].redirect"}},
       {http("redirect: {derivePort: FROM_PROTOCOL_DEFAULT}")},
       {http("redirect: {port: 70000, redirectCode: 404, scheme: ftp}"),
        {"VS-32 spec.http[0].redirect.port", "VS-32 spec.http[0].redirect.redirectCode",
         "VS-32 spec.http[0].redirect.scheme"}},
       {http("directResponse: {status: 600}")},
       {http("directResponse: {status: 601}"), {"VS-33 spec.http[0].directResponse.status"}},
       {http("directResponse: {status: 200, body: {string: " + std::string(102401, 'x') + "}}"),
        {"W VS-33 spec.http[0].directResponse.body"}},
       {http("directResponse: {status: 200, body: {bytes: " + std::string(1398108, 'x') + "}}"),
        {"VS-33 spec.http[0].directResponse.body"}},
       {routed(
            "retries: {attempts: -1, perTryTimeout: 0s, backoff: 1us, retryOn: '5xx,503,reset'}"),
        {"VS-34 spec.http[0].retries.attempts", "VS-34 spec.http[0].retries.perTryTimeout",
         "VS-34 spec.http[0].retries.backoff"}},
       {routed("retries: {attempts: 0}")},
       {routed("retries: {retryOn: 5xx}"), {"VS-34 spec.http[0].retries.retryOn"}},
       {routed("retries: {attempts: 1, retryOn: '5xx, reset,999,'}"),
        {"VS-34 spec.http[0].retries.retryOn", "VS-34 spec.http[0].retries.retryOn",
         "VS-34 spec.http[0].retries.retryOn"}},
       {routed("rewrite: {}"), {"VS-35 spec.http[0].rewrite"}},
       {routed("rewrite: {uri: /, uriRegexRewrite: {match: '(', rewrite: x}}"),
        {"VS-35 spec.http[0].rewrite.uriRegexRewrite",
         "VS-35 spec.http[0].rewrite.uriRegexRewrite.match"}},
       {routed("rewrite: {uriRegexRewrite: {match: a}}"),
        {"VS-35 spec.http[0].rewrite.uriRegexRewrite"}},
       {routed("timeout: 0s"), {"VS-37 spec.http[0].timeout"}},
       {routed("timeout: 1.5ms"), {"VS-37 spec.http[0].timeout"}},
       {routed("timeout: 5m")}});
}

TEST_CASE("validation: VirtualService, matches") {
  const std::string at = "spec.http[0].match[0].";
  check_rules(
      "VirtualService",
      {{matched("headers: {'': {exact: a}, 'a b': {prefix: ''}, c: null, d: {regex: '*'}, ':path': "
                "{}}"),
        {"VS-24 " + at + "headers[\"\"]", "VS-24 " + at + "headers[\"a b\"]",
         "VS-24 " + at + "headers[\"a b\"].prefix", "VS-24 " + at + "headers.c",
         "VS-24 " + at + "headers.d.regex"}},
       {matched("withoutHeaders: {a: {regex: '*'}, b: {regex: ''}}"),
        {"VS-24 " + at + "withoutHeaders.b.regex"}},
       {matched("headers: {a: {regex: '(', exact: b}}")},  // the last one counts
       {matched(
            "uri: {prefix: ''}, scheme: {prefix: ''}, method: {regex: '('}, authority: {exact: a}"),
        {"VS-25 " + at + "scheme.prefix", "VS-25 " + at + "method.regex"}},
       {matched("uri: {regex: '(?!a)b'}, queryParams: {q: {regex: ''}}"),
        {"VS-25 " + at + "uri.regex", "VS-25 " + at + "queryParams.q.regex"}},
       {matched("uri: {regex: " + std::string(1025, 'a') + "}"), {"VS-25 " + at + "uri.regex"}},
       {matched("port: 65536, sourceLabels: {a b: c d}, gateways: [a_b], sourceNamespace: a_b"),
        {"VS-26 " + at + "port", "VS-26 " + at + "sourceLabels[\"a b\"]",
         "VS-26 " + at + "sourceLabels[\"a b\"]", "VS-02 " + at + "gateways[0]",
         "VS-26 " + at + "sourceNamespace"}},
       {matched("port: '80', sourceNamespace: ''")}});
}

TEST_CASE("validation: VirtualService, headers, CORS and faults") {
  const std::string at = "spec.http[0].";
  check_rules(
      "VirtualService",
      {{routed("headers: {request: {set: {':authority': x, ':path': y, '': z}, remove: [host, "
               "':path', '']}}"),
        {"VS-27 " + at + "headers.request.set[\":path\"]",
         "VS-27 " + at + "headers.request.set[\"\"]", "VS-27 " + at + "headers.request.remove[0]",
         "VS-27 " + at + "headers.request.remove[1]", "VS-27 " + at + "headers.request.remove[2]"}},
       {routed("headers: {response: {add: {Host: x, a: '100%'}, set: {b: \"a\\nb\"}}}"),
        {"VS-27 " + at + "headers.response.add.Host", "VS-27 " + at + "headers.response.add.a",
         "VS-27 " + at + "headers.response.set.b"}},
       {routed("rewrite: {authority: x}, headers: {request: {set: {host: y}, add: {':authority': "
               "z}}}"),
        {"VS-28 " + at + "headers.request.set.host"}},
       {routed("corsPolicy: {allowOrigins: [{exact: ''}, {}, {regex: '('}], allowMethods: [GET, "
               "get, '*'], "
               "allowHeaders: ['*', 'a b'], exposeHeaders: ['']}"),
        {"VS-29 " + at + "corsPolicy.allowOrigins[0]", "VS-29 " + at + "corsPolicy.allowOrigins[1]",
         "VS-29 " + at + "corsPolicy.allowOrigins[2].regex",
         "VS-29 " + at + "corsPolicy.allowMethods[1]", "VS-29 " + at + "corsPolicy.allowHeaders[1]",
         "VS-29 " + at + "corsPolicy.exposeHeaders[0]"}},
       {routed("corsPolicy: {maxAge: 1.5s}"), {"VS-29 " + at + "corsPolicy.maxAge"}},
       {routed("fault: {}"), {"VS-30 " + at + "fault"}},
       {routed("fault: {abort: {grpcStatus: ABORT, percentage: {value: 101}}}"),
        {"VS-30 " + at + "fault.abort.grpcStatus", "VS-30 " + at + "fault.abort.percentage.value"}},
       {routed("fault: {abort: {http2Error: X}, delay: {exponentialDelay: 1s, percentage: {value: "
               "0.00001}}}"),
        {"VS-30 " + at + "fault.abort.http2Error", "VS-30 " + at + "fault.delay.exponentialDelay",
         "VS-30 " + at + "fault.delay.percentage.value"}},
       {routed("fault: {abort: {httpStatus: 199}, delay: {fixedDelay: 0s}}"),
        {"VS-30 " + at + "fault.abort.httpStatus", "VS-30 " + at + "fault.delay.fixedDelay"}}});
}

TEST_CASE("validation: VirtualService, destinations and routes below HTTP") {
  check_rules(
      "VirtualService",
      {{"{hosts: [a.b], http: [{route: [null, {}, {destination: {host: '*', subset: a_b, port: "
        "{}}, "
        "weight: -1}]}]}",
        {"VS-36 spec.http[0].route[0]", "VS-36 spec.http[0].route[1].destination",
         "VS-40 spec.http[0].route[2].destination.host",
         "VS-40 spec.http[0].route[2].destination.subset",
         "VS-40 spec.http[0].route[2].destination.port.number",
         "VS-36 spec.http[0].route[2].weight"}},
       {"{hosts: [a.b], http: [{route: [{destination: {host: a}}, {destination: {host: '*.b', "
        "port: "
        "{number: 70000}}}]}]}",
        {"VS-36 spec.http[0].route", "VS-40 spec.http[0].route[1].destination.port.number"}},
       {"{hosts: [a.b], tls: [{" + kRoute + "}, {match: [null, {port: 443}]}]}",
        {"VS-50 spec.tls[0].match", "VS-50 spec.tls[1].match[0]",
         "VS-50 spec.tls[1].match[1].sniHosts", "VS-50 spec.tls[1].route", "W VS-09 spec.tls[1]"}},
       {"{hosts: ['*.b'], tls: [{match: [{sniHosts: [x.b, '*.x.b', '*.b', a.c, 10.0.0.1, a_b]}], " +
            kRoute + "}]}",
        {"VS-50 spec.tls[0].match[0].sniHosts[3]", "W VS-50 spec.tls[0].match[0].sniHosts[4]",
         "VS-50 spec.tls[0].match[0].sniHosts[5]"}},
       {bound("outbound_.443_._.a.b",
              "tls: [{match: [{sniHosts: [outbound_.443_._.a.b]}], " + kRoute + "}]")},
       {bound("outbound_.443_._.a.b", kHttp), {"VS-04 spec.hosts[0]"}},
       {bound("outbound_.x_._.a.b", "tls: [{match: [{sniHosts: [c.d]}], " + kRoute + "}]"),
        {"VS-04 spec.hosts[0]", "VS-50 spec.tls[0].match[0].sniHosts[0]"}},
       {"{hosts: [a.b], tcp: [{" + kRoute + "}]}"},
       {"{hosts: [a.b], tcp: [{match: [null, {port: 70000, destinationSubnets: [10.0.0.0/99, "
        "10.0.0.1]}]}]}",
        {"VS-51 spec.tcp[0].match[0]", "VS-51 spec.tcp[0].match[1].port",
         "VS-51 spec.tcp[0].match[1].destinationSubnets[0]", "VS-51 spec.tcp[0].route"}}});
}

TEST_CASE("validation: bad types anywhere are no crash") {
  check_rules(
      "VirtualService",
      {{"[]", {"VS-07 spec.http"}},
       {"5", {"VS-07 spec.http"}},
       {"", {"VS-07 spec.http"}},
       {"{hosts: a, http: {a: b}, tcp: [1], tls: [[a]]}",
        {"VS-51 spec.tcp[0].route", "VS-50 spec.tls[0].match", "VS-50 spec.tls[0].route"}}});
}

}  // namespace aksmesh::test
