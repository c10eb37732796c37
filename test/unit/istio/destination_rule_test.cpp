// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "unit/istio/rule_table.hpp"

namespace aksmesh::test {
namespace {

const std::string kPolicy = "spec.trafficPolicy.";

std::string policy(const std::string& fields) {
  return "{host: a.b, trafficPolicy: {" + fields + "}}";
}
std::string locality(const std::string& fields) {
  return policy("outlierDetection: {}, loadBalancer: {localityLbSetting: {" + fields + "}}");
}
const std::string kLocality = kPolicy + "loadBalancer.localityLbSetting.";

}  // namespace

TEST_CASE("validation: DestinationRule, host, subsets and exports") {
  check_rules(
      "DestinationRule",
      {{"{host: '*'}"},
       {"{}", {"DR-01 spec.host"}},
       {"{host: a b}", {"DR-01 spec.host"}},
       {"{host: a.b, subsets: [null, {name: v1}, {name: v1, labels: {a: b c}}, {}, {name: v.2, "
        "trafficPolicy: {}}]}",
        {"DR-03 spec.subsets[0]", "DR-03 spec.subsets[2].name", "DR-03 spec.subsets[2].labels.a",
         "DR-03 spec.subsets[3].name", "DR-03 spec.subsets[4].name",
         "DR-02 spec.subsets[4].trafficPolicy"}},
       {"{host: a.b, exportTo: [b, b]}", {"EXP-01 spec.exportTo[1]"}},
       {"{host: a.b, exportTo: ['~']}", {"EXP-02 spec.exportTo[0]"}},
       {"{host: a.b, workloadSelector: {matchLabels: {a: b}}, exportTo: [.]}"},
       {"{host: a.b, workloadSelector: {matchLabels: {a: b}}, exportTo: [a]}"},
       {"{host: a.b, workloadSelector: {matchLabels: {a: b}}, exportTo: [c]}",
        {"EXP-05 spec.exportTo"}},
       {"{host: a.b, workloadSelector: {matchLabels: {a: b}}, exportTo: [., '*']}",
        {"EXP-03 spec.exportTo", "EXP-05 spec.exportTo"}},
       {"{host: a.b, workloadSelector: {}}", {"W SEL-03 spec.workloadSelector"}},
       {"{host: a.b, workloadSelector: {matchLabels: {'': a, b*: c, d: '*'}}}",
        {"SEL-01 spec.workloadSelector.matchLabels[\"\"]",
         "SEL-02 spec.workloadSelector.matchLabels[\"b*\"]",
         "SEL-02 spec.workloadSelector.matchLabels.d"}}});
}

TEST_CASE("validation: DestinationRule, outliers and pools") {
  check_rules(
      "DestinationRule",
      {{policy(""), {"DR-02 spec.trafficPolicy"}},
       {policy("portLevelSettings: []"), {"DR-02 spec.trafficPolicy"}},
       {policy("tunnel: {targetHost: a_b}, proxyProtocol: {}, connectionPool: {}"),
        {"DR-02 spec.trafficPolicy.proxyProtocol"}},
       {policy("outlierDetection: {baseEjectionTime: 0s, interval: 1us, consecutiveErrors: 5, "
               "consecutiveLocalOriginFailures: 1, maxEjectionPercent: 101, minHealthPercent: -1}"),
        {"DR-04 " + kPolicy + "outlierDetection.baseEjectionTime",
         "DR-04 " + kPolicy + "outlierDetection.interval",
         "W DR-04 " + kPolicy + "outlierDetection.consecutiveErrors",
         "DR-04 " + kPolicy + "outlierDetection.consecutiveLocalOriginFailures",
         "DR-04 " + kPolicy + "outlierDetection.maxEjectionPercent",
         "DR-04 " + kPolicy + "outlierDetection.minHealthPercent"}},
       {policy("outlierDetection: {consecutiveLocalOriginFailures: 1, "
               "splitExternalLocalOriginErrors: true}")},
       {policy("connectionPool: {}"), {"DR-05 " + kPolicy + "connectionPool"}},
       {policy("connectionPool: {http: {maxRetries: -1, idleTimeout: 0s, h2UpgradePolicy: UPGRADE, "
               "useClientProtocol: true}}"),
        {"DR-05 " + kPolicy + "connectionPool.http.maxRetries",
         "DR-05 " + kPolicy + "connectionPool.http.idleTimeout",
         "DR-05 " + kPolicy + "connectionPool.http.useClientProtocol"}},
       {policy("connectionPool: {tcp: {maxConnections: -1, connectTimeout: 0s, idleTimeout: 0s, "
               "maxConnectionDuration: 1us, tcpKeepalive: {time: 0s, interval: 0s}}}"),
        {"DR-05 " + kPolicy + "connectionPool.tcp.maxConnections",
         "DR-05 " + kPolicy + "connectionPool.tcp.connectTimeout",
         "DR-05 " + kPolicy + "connectionPool.tcp.maxConnectionDuration",
         "DR-05 " + kPolicy + "connectionPool.tcp.tcpKeepalive.time",
         "DR-05 " + kPolicy + "connectionPool.tcp.tcpKeepalive.interval"}},
       {policy("connectionPool: {tcp: {idleTimeout: 1us}}"),
        {"DR-05 " + kPolicy + "connectionPool.tcp.idleTimeout"}}});
}

TEST_CASE("validation: DestinationRule, load balancing") {
  const std::string hash = kPolicy + "loadBalancer.consistentHash.";
  check_rules(
      "DestinationRule",
      {{policy("loadBalancer: {consistentHash: {httpCookie: {attributes: [{}, {name: a}, {name: "
               "a}]}}}"),
        {"DR-06 " + hash + "httpCookie.name", "DR-06 " + hash + "httpCookie.attributes[0].name",
         "DR-06 " + hash + "httpCookie.attributes[2].name"}},
       {policy("loadBalancer: {consistentHash: {minimumRingSize: 5, ringHash: {}}}"),
        {"W DR-06 " + hash + "minimumRingSize", "DR-06 " + hash + "minimumRingSize"}},
       {policy("loadBalancer: {consistentHash: {maglev: {}}}"),
        {"DR-06 " + hash + "maglev.tableSize"}},
       {policy("loadBalancer: {consistentHash: {maglev: {tableSize: 5000011}}}"),
        {"DR-06 " + hash + "maglev.tableSize"}},
       {policy("loadBalancer: {consistentHash: {maglev: {tableSize: 100}}}"),
        {"DR-06 " + hash + "maglev.tableSize"}},
       {policy("loadBalancer: {consistentHash: {maglev: {tableSize: 65537}}}")},
       {policy("loadBalancer: {warmup: {minimumPercent: 101, aggression: 0.5}}"),
        {"DR-08 " + kPolicy + "loadBalancer.warmup.duration",
         "DR-08 " + kPolicy + "loadBalancer.warmup.minimumPercent",
         "DR-08 " + kPolicy + "loadBalancer.warmup.aggression"}},
       {policy("loadBalancer: {warmup: {duration: 0s}}"),
        {"DR-08 " + kPolicy + "loadBalancer.warmup.duration"}}});
}

TEST_CASE("validation: DestinationRule, localities") {
  check_rules(
      "DestinationRule",
      {{locality("distribute: [{from: a, to: {b: 100}}], failover: [{from: a, to: a}]"),
        {"DR-07 " + kLocality + "failover"}},
       {locality("failover: [{from: a, to: a}], failoverPriority: [x, topology.istio.io/subzone]"),
        {"DR-07 " + kLocality + "failoverPriority[1]"}},
       {locality("failover: [{from: a, to: a}, {from: a/b, to: c}, {from: a, to: '*'}]"),
        {"DR-07 " + kLocality + "failover[0].to", "DR-07 " + kLocality + "failover[1].from",
         "DR-07 " + kLocality + "failover[2].to"}},
       {policy("loadBalancer: {localityLbSetting: {failoverPriority: [x]}}"),
        {"W DR-07 " + kLocality + "failoverPriority"}},
       {locality("distribute: [{from: a, to: {b: 101}}, {from: '*/*', to: {}}]"),
        {"DR-07 " + kLocality + "distribute[0].to.b"}},
       {locality("distribute: [{from: a, to: {b: 50}}, {from: '*/*', to: {}}]"),
        {"DR-07 " + kLocality + "distribute[0].to"}},
       {locality("distribute: [{from: a/*, to: {b/c: 50, b: 20, b/*/d: 10, c//d: 20}}]"),
        {"DR-07 " + kLocality + "distribute[0].to.b",
         "DR-07 " + kLocality + "distribute[0].to[\"b/*/d\"]",
         "DR-07 " + kLocality + "distribute[0].to[\"c//d\"]"}},
       {locality(
            "distribute: [{from: a/b, to: {x: 100}}, {from: a/c/*, to: {x: 100}}, {from: a/c/d, "
            "to: {x: 100}}, {from: a/*, to: {x: 100}}, {from: a/e, to: {x: 100}}, {from: '*', to: "
            "{x: 100}}, {from: z, to: {x: 100}}]"),
        {"DR-07 " + kLocality + "distribute[2].from", "DR-07 " + kLocality + "distribute[4].from",
         "DR-07 " + kLocality + "distribute[6].from"}}});
}

TEST_CASE("validation: DestinationRule, TLS, tunnels and ports") {
  check_rules(
      "DestinationRule",
      {{policy("tls: {mode: SIMPLE, credentialName: 'configmap://a/ca'}")},
       {policy("tls: {credentialName: 'configmap://b/ca'}"),
        {"DR-09 " + kPolicy + "tls.credentialName"}},
       {policy("tls: {credentialName: 'configmap://ca'}"),
        {"DR-09 " + kPolicy + "tls.credentialName"}},
       {policy("tls: {credentialName: 'configmap://a/'}"),
        {"DR-09 " + kPolicy + "tls.credentialName"}},
       {policy("tls: {mode: SIMPLE, insecureSkipVerify: true, caCertificates: /c, subjectAltNames: "
               "[a]}"),
        {"DR-09 " + kPolicy + "tls.caCertificates"}},
       {policy("tls: {mode: MUTUAL, insecureSkipVerify: true, credentialName: c, subjectAltNames: "
               "[a]}"),
        {"DR-09 " + kPolicy + "tls.subjectAltNames"}},
       {policy("tls: {mode: SIMPLE, credentialName: c, privateKey: /k, caCrl: /l}"),
        {"DR-09 " + kPolicy + "tls.privateKey"}},
       {policy("tls: {mode: MUTUAL}"),
        {"DR-09 " + kPolicy + "tls.clientCertificate", "DR-09 " + kPolicy + "tls.privateKey"}},
       {policy("tls: {mode: ISTIO_MUTUAL}")},
       {policy("tunnel: {protocol: GET, targetHost: a_b}"),
        {"DR-10 " + kPolicy + "tunnel.protocol", "DR-10 " + kPolicy + "tunnel.targetHost",
         "DR-10 " + kPolicy + "tunnel.targetPort"}},
       {policy("tunnel: {targetHost: 10.0.0.1, targetPort: 1}")},
       {policy("proxyProtocol: {version: V3}"), {"DR-10 " + kPolicy + "proxyProtocol.version"}},
       {policy("portLevelSettings: [null, {}, {port: {number: 1}, connectionPool: {}}]"),
        {"DR-11 " + kPolicy + "portLevelSettings[0]",
         "DR-11 " + kPolicy + "portLevelSettings[1].port",
         "DR-11 " + kPolicy + "portLevelSettings[1]",
         "DR-05 " + kPolicy + "portLevelSettings[2].connectionPool"}}});
}

}  // namespace aksmesh::test
