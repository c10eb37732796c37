// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "unit/istio/rule_table.hpp"

namespace aksmesh::test {

TEST_CASE("validation: WorkloadEntry") {
  check_rules(
      "WorkloadEntry",
      {{"{address: 10.0.0.1, ports: {http: 80}, labels: {a: b}}"},
       {"{address: a.example}"},
       {"{address: 'unix:///run/a.sock'}"},
       {"{}", {"WE-01 spec.address"}},
       {"{network: a}", {"W WE-01 spec.address"}},
       {"{address: 'unix://a', ports: {http: 80}}", {"WE-02 spec.address", "WE-02 spec.ports"}},
       {"{address: 'a b'}", {"WE-03 spec.address"}},
       {"{address: 10.0.0.1, ports: {a_b: 80, c: 0}}",
        {"WE-04 spec.ports.a_b", "WE-04 spec.ports.c"}},
       {"{address: 10.0.0.1, labels: {'a b': c}}", {"WE-05 spec.labels[\"a b\"]"}}});
}

TEST_CASE("validation: WorkloadGroup") {
  const auto probe = [](const std::string& fields) {
    return "{template: {}, probe: {" + fields + "}}";
  };
  check_rules(
      "WorkloadGroup",
      {{"{metadata: {labels: {a: b}}, template: {address: 'a b'}}"},
       {probe("periodSeconds: 1, httpGet: {port: 80, scheme: HTTPS, httpHeaders: [{name: X-A}]}")},
       {probe("tcpSocket: {port: 1}")},
       {probe("exec: {command: [a]}")},
       {"{}", {"WG-01 spec.template"}},
       {"{template: {}, metadata: {labels: {a: 'b c', '/': d}}}",
        {"WG-02 spec.metadata.labels.a", "WG-02 spec.metadata.labels[\"/\"]"}},
       {probe(""), {"WG-03 spec.probe"}},
       {probe("grpc: {port: 1}"), {"WG-03 spec.probe.grpc"}},
       {probe(
            "tcpSocket: {port: 1}, periodSeconds: -1, initialDelaySeconds: -1, timeoutSeconds: -1, "
            "successThreshold: -1, failureThreshold: -1"),
        {"WG-03 spec.probe.periodSeconds", "WG-03 spec.probe.initialDelaySeconds",
         "WG-03 spec.probe.timeoutSeconds", "WG-03 spec.probe.successThreshold",
         "WG-03 spec.probe.failureThreshold"}},
       {probe("httpGet: {scheme: http, httpHeaders: [{name: a_b}, {}]}"),
        {"WG-03 spec.probe.httpGet.port", "WG-03 spec.probe.httpGet.scheme",
         "WG-03 spec.probe.httpGet.httpHeaders[0].name",
         "WG-03 spec.probe.httpGet.httpHeaders[1].name"}},
       {probe("tcpSocket: {}"), {"WG-03 spec.probe.tcpSocket.port"}},
       {probe("exec: {}"), {"WG-03 spec.probe.exec.command"}}});
}

}  // namespace aksmesh::test
