// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "unit/istio/rule_table.hpp"

namespace aksmesh::test {
namespace {

const std::string kPort = "port: {number: 80, name: http, protocol: HTTP}";
const std::string kTlsPort = "port: {number: 443, name: https, protocol: HTTPS}";
const std::string kAt = "spec.servers[0].";

std::string server(const std::string& fields) {
  return "{servers: [{" + fields + "}]}";
}
std::string hosts(const std::string& list) {
  return server(kPort + ", hosts: [" + list + "]");
}
std::string tls(const std::string& fields) {
  return server(kTlsPort + ", hosts: [a.b], tls: {" + fields + "}");
}

}  // namespace

TEST_CASE("validation: Gateway, servers and hosts") {
  check_rules(
      "Gateway",
      {{hosts("a.b, '*', '*.a.b', 10.0.0.1, ./a.b, '*/a.b', ns/*")},
       {"{}", {"GW-02 spec.servers"}},
       {"{servers: [null]}", {"GW-03 spec.servers[0]"}},
       {"{servers: [{" + kPort + ", hosts: [a.b]}, {" + kPort + ", hosts: [c.d]}]}",
        {"GW-04 spec.servers[1].port.name"}},
       {server(
            "port: {number: 1, name: t, protocol: TLS}, hosts: [a.b], tls: {httpsRedirect: true}"),
        {"W GW-05 " + kAt + "tls.httpsRedirect"}},
       {server(kPort + ", hosts: [a.b], tls: {httpsRedirect: true}")},
       {server(kPort), {"GW-10 " + kAt + "hosts"}},
       {hosts("abc"), {"GW-10 " + kAt + "hosts[0]"}},
       {hosts("a_b.c"), {"GW-10 " + kAt + "hosts[0]"}},
       {hosts("'*a.b'"), {"GW-10 " + kAt + "hosts[0]"}},
       {hosts("/a.b"), {"GW-10 " + kAt + "hosts[0]"}},
       {hosts("ns/"), {"GW-10 " + kAt + "hosts[0]"}},
       {hosts("~/a.b"), {"GW-10 " + kAt + "hosts[0]"}},
       {hosts("n_s/a"), {"GW-10 " + kAt + "hosts[0]", "GW-10 " + kAt + "hosts[0]"}}});
}

TEST_CASE("validation: Gateway, ports and addresses") {
  check_rules(
      "Gateway",
      {{server("hosts: [a.b]"), {"GW-11 " + kAt + "port"}},
       {server("hosts: [a.b], port: {}"),
        {"GW-11 " + kAt + "port.protocol", "GW-11 " + kAt + "port.number",
         "GW-11 " + kAt + "port.name"}},
       {server("hosts: [a.b], port: {number: 65536, name: a, protocol: FTP, targetPort: 1}"),
        {"GW-11 " + kAt + "port.protocol", "GW-11 " + kAt + "port.number",
         "GW-11 " + kAt + "port.targetPort"}},
       {server("hosts: [a.b], port: {number: 53, name: a, protocol: udp}")},
       {server("hosts: [a.b], bind: 'unix:///run/a', port: {name: a, protocol: HTTP}")},
       {server("hosts: [a.b], bind: 'unix:///run/a', " + kPort), {"GW-12 " + kAt + "port.number"}},
       {server("hosts: [a.b], bind: 'unix://run/', port: {name: a, protocol: HTTP}"),
        {"GW-12 " + kAt + "bind"}},
       {server("hosts: [a.b], bind: foo, " + kPort), {"GW-12 " + kAt + "bind"}},
       {server("hosts: [a.b], " + kTlsPort), {"GW-13 " + kAt + "tls"}},
       {server("hosts: [a.b], tls: {mode: SIMPLE, credentialName: c}, " + kPort),
        {"GW-13 " + kAt + "tls"}},
       {server("hosts: [a.b], tls: {privateKey: /k}, " + kPort),
        {"GW-13 " + kAt + "tls", "W GW-22 " + kAt + "tls.privateKey"}},
       {server("hosts: [a.b], tls: {}, port: {number: 1, name: a, protocol: TCP}"),
        {"GW-13 " + kAt + "tls"}},
       {server("hosts: [a.b], tls: {}, port: {number: 0, name: a, protocol: TCP}"),
        {"GW-11 " + kAt + "port.number"}}});
}

TEST_CASE("validation: Gateway, TLS") {
  const std::string at = kAt + "tls.";
  check_rules(
      "Gateway",
      {{tls("mode: SIMPLE, credentialName: c")},
       {tls("mode: SIMPLE, credentialName: c, minProtocolVersion: TLSV1_1"),
        {"W GW-20 " + at + "minProtocolVersion"}},
       {tls("mode: SIMPLE, credentialName: c, minProtocolVersion: TLSV1_0, cipherSuites: "
            "[AES128-SHA]")},
       {tls("mode: SIMPLE, credentialName: c, cipherSuites: [A, B, AES128-SHA, AES128-SHA, -ALL, "
            "ALL, '']"),
        {"W GW-20 " + at + "cipherSuites[0]", "W GW-20 " + at + "cipherSuites[3]"}},
       {tls("mode: ISTIO_MUTUAL")},
       {tls("mode: ISTIO_MUTUAL, credentialName: c, privateKey: /k, caCrl: /l"),
        {"GW-21 " + at + "privateKey", "GW-21 " + at + "credentialName"}},
       {tls("mode: AUTO_PASSTHROUGH, credentialName: c"), {"W GW-22 " + at + "credentialName"}},
       {tls("mode: SIMPLE, credentialName: c, credentialNames: [d]"),
        {"GW-23 spec.servers[0].tls"}},
       {tls("mode: SIMPLE, serverCertificate: /c, privateKey: /k, tlsCertificates: "
            "[{serverCertificate: "
            "/c, privateKey: /k}]"),
        {"GW-23 spec.servers[0].tls"}},
       {tls("mode: SIMPLE"), {"GW-24 " + at + "serverCertificate", "GW-24 " + at + "privateKey"}},
       {tls("mode: MUTUAL, serverCertificate: /c, privateKey: /k"),
        {"GW-24 " + at + "caCertificates"}},
       {tls("mode: OPTIONAL_MUTUAL, caCertificates: /a, tlsCertificates: [{privateKey: /k}, "
            "{serverCertificate: /c}, {serverCertificate: /c, privateKey: /k}]"),
        {"W GW-24 " + at + "tlsCertificates",
         "GW-24 " + at + "tlsCertificates[0].serverCertificate",
         "GW-24 " + at + "tlsCertificates[1].privateKey"}},
       {tls("mode: SIMPLE, serverCertificate: /c, privateKey: /k, caCrl: /l"),
        {"GW-25 " + at + "caCrl"}},
       {tls("mode: SIMPLE, credentialName: c, caCrl: /l")},
       {tls("mode: PASSTHROUGH, credentialName: c, caCrl: /l"),
        {"W GW-22 " + at + "credentialName", "GW-25 " + at + "caCrl"}}});
}

}  // namespace aksmesh::test
