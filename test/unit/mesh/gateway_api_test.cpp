// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "mesh/gateway_api.hpp"
#include "support/objects.hpp"

namespace aksmesh::test {
namespace {

using mesh::Attachment;

constexpr const char* kGateway = R"(
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: infra}
spec:
  gatewayClassName: istio
  listeners:
    - {name: own, port: 80, protocol: HTTP}
    - name: shop
      port: 443
      protocol: HTTPS
      hostname: "*.shop.test"
      allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {team: shop}}}}
      tls: {certificateRefs: [{name: a}, {name: b, namespace: certs}]}
    - name: sni
      port: 8443
      protocol: TLS
      tls: {mode: Passthrough, certificateRefs: [{name: c}]}
      allowedRoutes: {namespaces: {from: All}, kinds: [{kind: TLSRoute}]}
    - {name: odd, port: 9000, protocol: example.com/odd, allowedRoutes: {namespaces: {from: All}}}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: shop}}
---
)";

/// How the Gateway above takes a route of a kind and namespace with this spec.
Attachment attached(const std::string& kind, const std::string& name_space, const std::string& spec,
                    bool namespace_known = true) {
  const Objects objects(kGateway + ("apiVersion: gateway.networking.k8s.io/v1\nkind: " + kind) +
                        "\nmetadata: {name: r, namespace: " + name_space + "}\nspec: {" + spec +
                        "}\n");
  const auto parents = mesh::parent_refs(objects[2]);
  REQUIRE(parents.size() == 1);
  const bool shop = name_space == "shop";
  return mesh::attach(objects[2], parents.front(), objects[0],
                      namespace_known && shop ? &objects[1] : nullptr);
}

}  // namespace

TEST_CASE("Gateway API: a listener takes a route by name, kind, namespace and host") {
  const std::string parent = "parentRefs: [{name: public, namespace: infra";
  CHECK(attached("HTTPRoute", "infra", parent + "}]") == Attachment::attached);
  CHECK(attached("HTTPRoute", "infra", parent + ", sectionName: none}]") ==
        Attachment::no_listener);
  CHECK(attached("HTTPRoute", "infra", parent + ", sectionName: own, port: 443}]") ==
        Attachment::no_listener);
  CHECK(attached("HTTPRoute", "shop", parent + ", sectionName: own}]") ==
        Attachment::wrong_namespace);
  CHECK(attached("HTTPRoute", "shop", parent + ", port: 443}]") == Attachment::attached);
  CHECK(attached("HTTPRoute", "shop", parent + ", port: 443}], hostnames: [a.shop.test]") ==
        Attachment::attached);
  CHECK(attached("HTTPRoute", "shop", parent + ", port: 443}], hostnames: [shop.test]") ==
        Attachment::no_hostname);
  CHECK(attached("HTTPRoute", "shop", parent + ", port: 443}]", false) == Attachment::undecided);
  CHECK(attached("TCPRoute", "shop", parent + ", sectionName: sni}]") == Attachment::wrong_kind);
  CHECK(attached("TLSRoute", "shop", parent + ", sectionName: sni}]") == Attachment::attached);
  CHECK(attached("HTTPRoute", "shop", parent + ", sectionName: odd}]") == Attachment::attached);
}

TEST_CASE("Gateway API: references with the defaults filled in") {
  const Objects objects(std::string(kGateway) + R"(
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r, namespace: shop}
spec:
  parentRefs: [{name: public}, {group: "", kind: Service, name: web, port: 80}]
  rules:
    - backendRefs: [{name: web, port: 80}, {name: api, namespace: api}]
      filters: [{requestMirror: {backendRef: {name: copy, port: 1}}}]
---
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {name: g, namespace: api}
spec:
  from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: shop}]
  to: [{group: "", kind: Service, name: api}]
)");
  const auto parents = mesh::parent_refs(objects[2]);
  REQUIRE(parents.size() == 2);
  CHECK(parents[0].is_gateway());
  CHECK(parents[0].name_space == "shop");
  CHECK(parents[1].is_service());
  CHECK(parents[1].port == 80);
  const auto backends = mesh::backend_refs(objects[2]);
  REQUIRE(backends.size() == 3);
  CHECK(backends[2].name == "copy");
  const auto certificates = mesh::certificate_refs(objects[0]);
  REQUIRE(certificates.size() == 2);
  CHECK(certificates[0].name_space == "infra");
  CHECK(certificates[1].is_secret());
  const mesh::ReferenceGrants grants(objects.all(kube::Kind::reference_grant));
  CHECK(grants.permits(objects[2], backends[0]));
  CHECK(grants.permits(objects[2], backends[1]));
  auto other = backends[1];
  other.name = "other";
  CHECK_FALSE(grants.permits(objects[2], other));
  CHECK_FALSE(grants.permits(objects[0], backends[1]));
}

}  // namespace aksmesh::test
