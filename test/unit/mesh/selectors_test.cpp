// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "mesh/authorization.hpp"
#include "mesh/selector_index.hpp"
#include "mesh/service_ports.hpp"
#include "mesh/sidecar_egress.hpp"
#include "mesh/virtual_service.hpp"
#include "support/objects.hpp"

namespace aksmesh::test {

TEST_CASE("selectors: those that accept labels, in the order of addition") {
  const Objects objects("{apiVersion: v1, kind: Service, metadata: {name: a}}");
  mesh::SelectorIndex index;
  const auto* some = &objects[0];
  index.add(some, {{"a", "1"}, {"b", "longer"}});
  index.add(some, {});
  index.add(some, {{"a", "1"}});
  index.add(some, {{"a", "longer"}});
  CHECK(index.items().size() == 4);
  CHECK(index.accepting({{"a", "1"}}).size() == 2);
  CHECK(index.accepting({{"a", "1"}, {"b", "longer"}, {"c", "1"}}).size() == 3);
  CHECK(index.accepting({}).size() == 1);
}

TEST_CASE("AuthorizationPolicy: what every way to meet a rule needs") {
  const Objects objects(R"(
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: a, namespace: shop}
spec:
  action: DENY
  rules:
    - from: [{source: {principals: [a]}}, {source: {namespaces: [b], ipBlocks: [c]}}]
    - from: [{source: {principals: [a]}}, {source: {ipBlocks: [c]}}]
    - when: [{key: "request.auth.claims[iss]", values: [a]}]
    - to: [{operation: {methods: [GET]}}, {operation: {ports: ["80"], paths: [/a]}}]
    - to: [{operation: {methods: [GET]}}, {operation: {ports: ["80"]}}]
    - {}
)");
  std::vector<data::Node> rules;
  for (const auto rule : objects[0].spec()["rules"].items()) rules.push_back(rule);
  REQUIRE(rules.size() == 6);
  CHECK(mesh::identity_needed(rules[0]));
  CHECK_FALSE(mesh::identity_needed(rules[1]));
  CHECK(mesh::token_needed(rules[2]));
  CHECK(mesh::http_needed(rules[2]));
  CHECK(mesh::http_needed(rules[3]));
  CHECK_FALSE(mesh::http_needed(rules[4]));
  CHECK_FALSE(mesh::http_needed(rules[5]));
  CHECK(mesh::action_of(objects[0]) == mesh::AuthorizationAction::deny);
}

TEST_CASE("ports: from the Service to the pod, and past its sidecar") {
  const Objects objects(R"(
apiVersion: v1
kind: Pod
metadata:
  name: a
  annotations: {traffic.sidecar.istio.io/excludeInboundPorts: "1, 8081"}
spec:
  containers: [{name: x, ports: [{name: main, containerPort: 8080}]}]
  initContainers:
  - {name: first, ports: [{name: none, containerPort: 9}]}
  - {name: side, restartPolicy: Always, ports: [{name: side, containerPort: 8090}]}
---
apiVersion: v1
kind: Service
metadata: {name: a}
spec:
  ports: [{port: 80, targetPort: main}, {port: 81}, {port: 82, targetPort: 1}, {port: 83, targetPort: none}, {port: 84, targetPort: side}]
)");
  std::vector<std::optional<std::int64_t>> targets;
  for (const auto port : objects[1].spec()["ports"].items())
    targets.push_back(mesh::target_port(port, objects[0].spec()));
  CHECK(targets == std::vector<std::optional<std::int64_t>>{8080, 81, 1, std::nullopt, 8090});
  CHECK(mesh::bypasses_sidecar(objects[0], 8081));
  CHECK_FALSE(mesh::bypasses_sidecar(objects[0], 8080));
}

TEST_CASE("Sidecar: which VirtualServices its proxies learn of") {
  const Objects objects(R"(
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: s, namespace: shop}
spec: {egress: [{hosts: ["./web.shop.svc.cluster.local", "pay/*", "*/any.test", nonsense]}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: shop}
spec: {hosts: [web]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: api, namespace: shop}
spec: {hosts: [api], gateways: [mesh, infra/public], exportTo: ["."]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: any, namespace: other}
spec: {hosts: [any.test], gateways: [public]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: pay, namespace: pay}
spec: {hosts: [x.test]}
)");
  CHECK(mesh::imports(objects[0], objects[1]));
  CHECK_FALSE(mesh::imports(objects[0], objects[2]));
  CHECK(mesh::imports(objects[0], objects[3]));
  CHECK(mesh::imports(objects[0], objects[4]));
  CHECK(mesh::serves_sidecars(objects[1]));
  CHECK(mesh::serves_sidecars(objects[2]));
  CHECK(mesh::serves_gateways(objects[2]));
  CHECK_FALSE(mesh::serves_sidecars(objects[3]));
  CHECK(mesh::is_exported_to(objects[2], "shop"));
  CHECK_FALSE(mesh::is_exported_to(objects[2], "other"));
  CHECK(mesh::gateway_name("public", "infra") == "infra/public");
  CHECK(mesh::gateway_name("a/b", "infra") == "a/b");
}

}  // namespace aksmesh::test
