// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "mesh/destination_rules.hpp"
#include "support/objects.hpp"

namespace aksmesh::test {

TEST_CASE("DestinationRules: the most specific host of a namespace") {
  const Objects objects(R"(
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: web, namespace: shop}
spec: {host: web, subsets: [{name: v1}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: web2, namespace: shop}
spec: {host: web.shop.svc.cluster.local, subsets: [{name: v2}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: all, namespace: shop}
spec: {host: "*.shop.svc.cluster.local"}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: local, namespace: shop}
spec: {host: "*.local"}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: selected, namespace: client}
spec: {host: web.shop.svc.cluster.local, workloadSelector: {matchLabels: {a: b}}, subsets: [{name: v3}]}
)");
  const mesh::DestinationRules rules(objects.all(kube::Kind::destination_rule));
  const std::string web = "web.shop.svc.cluster.local";
  REQUIRE(rules.all().size() == 4);
  const auto* own = rules.most_specific("shop", web);
  REQUIRE(own != nullptr);
  CHECK(own->rules.size() == 2);
  CHECK(own->defines("v1"));
  CHECK(own->defines("v2"));
  CHECK_FALSE(own->defines("v3"));
  CHECK(rules.most_specific("shop", "api.shop.svc.cluster.local")->host ==
        "*.shop.svc.cluster.local");
  CHECK(rules.most_specific("shop", "api.pay.svc.cluster.local")->host == "*.local");
  CHECK(rules.most_specific("shop", "example.com") == nullptr);
  CHECK(rules.more_general("shop", web)->host == "*.shop.svc.cluster.local");
  CHECK(rules.more_general("shop", "*.shop.svc.cluster.local")->host == "*.local");
  CHECK(rules.more_general("shop", "*.local") == nullptr);
  CHECK(rules.most_specific("client", web)->only_selected());
  CHECK_FALSE(rules.most_specific("client", web)->defines("v3"));
  CHECK(rules.of_host(web).size() == 2);
  const auto covering = rules.covering(web);
  REQUIRE(covering.size() == 4);
  CHECK(covering.back()->host == "*.local");
}

}  // namespace aksmesh::test
