// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "unit/istio/rule_table.hpp"

namespace aksmesh::test {
namespace {

std::string entry(const std::string& fields) {
  return "{hosts: [a.b], ports: [{number: 443, name: tls, protocol: TLS}], " + fields + "}";
}

}  // namespace

TEST_CASE("validation: ServiceEntry, hosts, addresses and ports") {
  check_rules(
      "ServiceEntry",
      {{entry("resolution: DNS")},
       {"{workloadSelector: {labels: {a: '*'}}, endpoints: [{address: 1.1.1.1}]}",
        {"SEL-02 spec.workloadSelector.labels.a"}},
       {entry("resolution: STATIC, workloadSelector: {}, endpoints: [{address: 1.1.1.1}]"),
        {"W SEL-03 spec.workloadSelector", "SE-02 spec.endpoints"}},
       {"{ports: [{number: 1, name: a, protocol: HTTP}]}", {"SE-03 spec.hosts"}},
       {"{hosts: ['*', a_b, '*a.b', '*.a.b'], ports: []}",
        {"SE-04 spec.hosts[0]", "SE-04 spec.hosts[1]", "W SE-04 spec.hosts[2]"}},
       {entry("addresses: [10.0.0.0/99, 10.0.0.0/8]"), {"SE-05 spec.addresses[0]"}},
       {entry("addresses: [10.0.0.0/8, 10.1.0.0/16], resolution: DNS"),
        {"SE-05 spec.addresses[0]"}},
       {"{hosts: [a.b], addresses: [10.0.0.1], ports: [null, {number: 1, name: a, targetPort: "
        "70000}, "
        "{number: 1, name: a, protocol: FTP}, {name: a.b, protocol: http}]}",
        {"SE-06 spec.ports[0]", "SE-06 spec.ports[1].targetPort", "SE-06 spec.ports[2].number",
         "SE-06 spec.ports[2].name", "SE-06 spec.ports[2].protocol", "SE-06 spec.ports[3].name",
         "SE-06 spec.ports[3].number"}},
       {"{hosts: [a.b], ports: [{number: 1, name: a, protocol: TCP}, {number: 2, name: b}, "
        "{number: 3, "
        "name: c, protocol: tcp}]}",
        {"W SE-06 spec.ports[0].protocol", "W SE-06 spec.ports[1].protocol"}},
       {entry("exportTo: ['~']")},
       {entry("exportTo: ['~', b]"), {"EXP-04 spec.exportTo"}}});
}

TEST_CASE("validation: ServiceEntry, resolution") {
  check_rules(
      "ServiceEntry",
      {{entry("endpoints: [{address: 1.1.1.1}]"), {"SE-10 spec.endpoints"}},
       {entry("workloadSelector: {labels: {a: b}}"), {"W SE-10 spec.workloadSelector"}},
       {entry("resolution: STATIC, endpoints: [null, {}, {address: a.b}, {network: net, ports: "
              "{http: 0, "
              "tls: 80}}, {address: 'unix://x', ports: {tls: 1}}, {address: 'unix:///x'}]"),
        {"SE-11 spec.endpoints[0]", "WE-01 spec.endpoints[1].address",
         "WE-03 spec.endpoints[2].address", "W WE-01 spec.endpoints[3].address",
         "SE-11 spec.endpoints[3].ports.http", "WE-04 spec.endpoints[3].ports.http",
         "WE-02 spec.endpoints[4].address", "WE-02 spec.endpoints[4].ports"}},
       {"{hosts: [a.b], resolution: STATIC, ports: [], endpoints: [{address: 'unix:///x', labels: "
        "{a b: "
        "c}}]}",
        {"SE-11 spec.endpoints[0].address", "WE-05 spec.endpoints[0].labels[\"a b\"]"}},
       {"{hosts: ['*.a.b', '*.c.d'], resolution: DNS}", {"SE-12 spec.hosts[0]"}},
       {entry("resolution: DNS_ROUND_ROBIN, endpoints: [{address: a.b}, {address: 1.1.1.1}]"),
        {"SE-12 spec.endpoints"}},
       {entry("resolution: DNS, endpoints: [null, {address: a_b, labels: {a: b c}, ports: {http: "
              "0}}]"),
        {"SE-12 spec.endpoints[0]", "SE-12 spec.endpoints[1].address",
         "SE-12 spec.endpoints[1].labels.a", "SE-12 spec.endpoints[1].ports.http",
         "SE-12 spec.endpoints[1].ports.http"}},
       {"{hosts: [a.b, c.d], resolution: DNS, addresses: [10.0.0.1], ports: [{number: 1, name: a, "
        "protocol: TLS}]}",
        {"W SE-12 spec.hosts"}},
       {"{hosts: ['*.a.b', c.d], resolution: DYNAMIC_DNS, addresses: [1.1.1.1], endpoints: "
        "[{address: "
        "a}], location: MESH_INTERNAL, ports: [{number: 1, name: a, protocol: http}, {number: 2, "
        "name: "
        "b, protocol: HTTP}]}",
        {"SE-13 spec.hosts[1]", "SE-13 spec.addresses", "SE-13 spec.endpoints",
         "SE-13 spec.location", "SE-13 spec.ports[0].protocol"}},
       {"{hosts: [a.b, c.d], resolution: DNS, ports: [{number: 1, name: a, protocol: TCP}]}",
        {"SE-14 spec.hosts"}},
       {"{hosts: [a.b, c.d], resolution: NONE, addresses: [10.0.0.1], ports: [{number: 1, name: a, "
        "protocol: TCP}]}"}});
}

}  // namespace aksmesh::test
