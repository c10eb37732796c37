// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "unit/istio/rule_table.hpp"

namespace aksmesh::test {
namespace {

std::string ingress(const std::string& fields) {
  return "{ingress: [{" + fields + "}]}";
}
std::string endpoint(const std::string& text) {
  return ingress("port: {number: 80, protocol: HTTP}, defaultEndpoint: '" + text + "'");
}
std::string imports(const std::string& hosts) {
  return "{egress: [{hosts: [" + hosts + "]}]}";
}
const std::string kIn = "spec.ingress[0].";

}  // namespace

TEST_CASE("validation: Sidecar, ingress") {
  check_rules(
      "Sidecar",
      {{"{}", {"SC-02 spec"}},
       {"{workloadSelector: {labels: {a: b*}}}", {"SEL-02 spec.workloadSelector.labels.a"}},
       {"{workloadSelector: {labels: {}}, outboundTrafficPolicy: {}}",
        {"W SEL-03 spec.workloadSelector"}},
       {"{inboundConnectionPool: {}}", {"DR-05 spec.inboundConnectionPool"}},
       {"{ingress: [null, {}]}", {"SC-03 spec.ingress[0]", "SC-03 spec.ingress[1].port"}},
       {ingress("bind: a, port: {targetPort: 1, name: a.b, protocol: X}"),
        {"SC-03 " + kIn + "port.targetPort", "SC-03 " + kIn + "port.name",
         "SC-03 " + kIn + "port.protocol", "SC-03 " + kIn + "port.number",
         "SC-03 " + kIn + "bind"}},
       {"{ingress: [{port: {number: 1}}, {port: {number: 1}}]}",
        {"SC-03 spec.ingress[1].port.number"}},
       {endpoint("127.0.0.1:80")},
       {endpoint(":80")},
       {endpoint("[::1]:80")},
       {endpoint("unix:///run/a")},
       {endpoint("unix://run"), {"SC-03 " + kIn + "defaultEndpoint"}},
       {endpoint("127.0.0.1"),
        {"SC-03 " + kIn + "defaultEndpoint", "SC-03 " + kIn + "defaultEndpoint"}},
       {endpoint("::1:80"),
        {"SC-03 " + kIn + "defaultEndpoint", "SC-03 " + kIn + "defaultEndpoint"}},
       {endpoint("10.0.0.1:80"), {"SC-03 " + kIn + "defaultEndpoint"}},
       {endpoint("127.0.0.1:http"), {"SC-03 " + kIn + "defaultEndpoint"}},
       {endpoint(":65536"), {"SC-03 " + kIn + "defaultEndpoint"}},
       {ingress("port: {number: 1, protocol: HTTP}, tls: {mode: ISTIO_MUTUAL}"),
        {"SC-03 " + kIn + "tls.mode", "SC-03 " + kIn + "tls"}},
       {ingress("port: {number: 1, protocol: TLS}, tls: {mode: SIMPLE, credentialName: c, "
                "subjectAltNames: [a], httpsRedirect: true}"),
        {"SC-03 " + kIn + "tls.credentialName", "SC-03 " + kIn + "tls.subjectAltNames",
         "SC-03 " + kIn + "tls.httpsRedirect"}},
       {ingress("port: {number: 1, protocol: TLS}, tls: {mode: SIMPLE}"),
        {"GW-24 " + kIn + "tls.serverCertificate", "GW-24 " + kIn + "tls.privateKey"}},
       {ingress("port: {number: 1, protocol: TCP}, connectionPool: {http: {maxRetries: -1}}"),
        {"DR-05 " + kIn + "connectionPool.http.maxRetries",
         "W SC-03 " + kIn + "connectionPool.http"}}});
}

TEST_CASE("validation: Sidecar, egress") {
  const std::string at = "spec.egress[0].";
  check_rules(
      "Sidecar",
      {{imports("./*, istio-system/*, a.b/c.d"), {"SC-05 " + at + "hosts[2]"}},
       {"{egress: [null, {hosts: [./*]}, {hosts: ['*/*']}]}",
        {"SC-04 spec.egress[0]", "SC-04 spec.egress[1].port"}},
       {"{egress: [{hosts: [./*], bind: a, port: {number: 1, targetPort: 2, name: a.b, protocol: "
        "X}}, "
        "{hosts: [./*], port: {number: 1}}]}",
        {"SC-04 " + at + "port.targetPort", "SC-04 " + at + "port.name",
         "SC-04 " + at + "port.protocol", "SC-04 " + at + "bind",
         "SC-04 spec.egress[1].port.number"}},
       {"{egress: [{hosts: [./*], port: {}, captureMode: IPTABLES}, {hosts: [./*], port: {}, bind: "
        "'unix:///'}, {hosts: [./*], port: {}, bind: 'unix:///', captureMode: NONE}]}",
        {"SC-04 " + at + "port.number", "SC-04 " + at + "captureMode", "SC-04 spec.egress[1].bind",
         "SC-04 spec.egress[2].bind", "SC-04 spec.egress[2].bind"}},
       {"{egress: [{}]}", {"SC-05 " + at + "hosts"}},
       {imports("abc, ./abc, n_s/a.b, /a.b, ~/*, ns/10.0.0.1, ns/*a.b"),
        {"SC-05 " + at + "hosts[0]", "SC-05 " + at + "hosts[1]", "SC-05 " + at + "hosts[2]",
         "SC-05 " + at + "hosts[3]", "SC-05 " + at + "hosts[5]", "SC-05 " + at + "hosts[6]"}},
       {imports("ns/a.b, ns/a.b, ns/*, ns/c.d, ./a.b, a/a.b"),
        {"W SC-05 " + at + "hosts[1]", "W SC-05 " + at + "hosts[2]", "W SC-05 " + at + "hosts[3]",
         "W SC-05 " + at + "hosts[5]"}},
       {imports("'*/*', ns/a.b"), {"W SC-05 " + at + "hosts"}},
       {"{outboundTrafficPolicy: {egressProxy: {host: a.b, port: {number: 1}}}}",
        {"SC-06 spec.outboundTrafficPolicy.egressProxy"}},
       {"{outboundTrafficPolicy: {mode: ALLOW_ANY, egressProxy: {host: '*.b'}}}",
        {"SC-06 spec.outboundTrafficPolicy.egressProxy.host",
         "SC-06 spec.outboundTrafficPolicy.egressProxy.port"}},
       {"{outboundTrafficPolicy: {mode: ALLOW_ANY, egressProxy: {host: a.b, subset: a_b, port: "
        "{number: "
        "1}}}}",
        {"VS-40 spec.outboundTrafficPolicy.egressProxy.subset"}}});
}

TEST_CASE("validation: annotations and labels") {
  const auto object = [](const std::string& kind, const std::string& metadata,
                         const std::string& spec) {
    return "apiVersion: security.istio.io/v1\nkind: " + kind +
           "\nmetadata: {name: x, namespace: a, " + metadata + "}\nspec: " + spec + "\n";
  };
  const std::string dry_run = "annotations: {istio.io/dry-run: 'true'}";
  check_metadata_rules(
      {{object("AuthorizationPolicy", dry_run, "{}")},
       {object("AuthorizationPolicy", "annotations: {istio.io/dry-run: 'yes'}", "{action: DENY}"),
        {"META-02 metadata.annotations[\"istio.io/dry-run\"]"}},
       {object("AuthorizationPolicy", dry_run, "{action: CUSTOM}"),
        {"META-02 metadata.annotations[\"istio.io/dry-run\"]"}},
       {object("PeerAuthentication", dry_run, "{}"),
        {"META-01 metadata.annotations[\"istio.io/dry-run\"]"}},
       {object("PeerAuthentication",
               "annotations: {internal.istio.io/webhook-always-reject: 'true', "
               "internal.istio.io/parents: a, internal.istio.io/parent-namespace: b}",
               "{}"),
        {"META-03 metadata.annotations[\"internal.istio.io/webhook-always-reject\"]",
         "META-04 metadata.annotations[\"internal.istio.io/parents\"]",
         "META-04 metadata.annotations[\"internal.istio.io/parent-namespace\"]"}},
       {"apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: {name: x, namespace: a, "
        "labels: "
        "{networking.istio.io/enable-autoallocate-ip: 'False'}}\nspec: {hosts: [a.b], resolution: "
        "DNS, "
        "ports: [{number: 1, name: a, protocol: TCP}]}\n",
        {"W SE-06 spec.ports[0].protocol"}}});
}

}  // namespace aksmesh::test
