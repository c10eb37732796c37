// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "mesh/peer_authentication.hpp"
#include "support/objects.hpp"

namespace aksmesh::test {
namespace {

using mesh::MutualTls;
using mesh::PeerAuthentications;

constexpr const char* kPolicies = R"(
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: root}
spec: {mtls: {mode: STRICT}}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: shop}
spec: {mtls: {mode: PERMISSIVE}}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  mtls: {mode: DISABLE}
  portLevelMtls: {8080: {mode: STRICT}, "9090": {mode: UNSET}}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: api, namespace: shop}
spec:
  selector: {matchLabels: {app: api}}
  portLevelMtls: {8080: {mode: DISABLE}}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: selected, namespace: root}
spec: {selector: {matchLabels: {app: web}}, mtls: {mode: DISABLE}}
)";

}  // namespace

TEST_CASE("PeerAuthentication: the narrowest that says anything counts") {
  const Objects objects(kPolicies);
  const PeerAuthentications policies(objects.all(kube::Kind::peer_authentication), "root");
  CHECK(policies.of_mesh().mode == MutualTls::strict);
  CHECK(policies.of_namespace("other").mode == MutualTls::strict);
  CHECK(policies.of_namespace("other").source == &objects[0]);
  CHECK(policies.of_namespace("root").mode == MutualTls::strict);
  CHECK(policies.of_namespace("shop").mode == MutualTls::permissive);
  const mesh::Labels web{{"app", "web"}, {"version", "v1"}};
  const mesh::Labels api{{"app", "api"}};
  CHECK(policies.of_workload("shop", web).mode == MutualTls::disable);
  CHECK(policies.of_workload("shop", web).source == &objects[2]);
  CHECK(policies.of_workload("shop", api).mode == MutualTls::permissive);
  CHECK(policies.of_workload("other", web).mode == MutualTls::strict);
  CHECK(policies.of_port("shop", web, 8080).mode == MutualTls::strict);
  CHECK(policies.of_port("shop", web, 9090).mode == MutualTls::disable);
  CHECK(policies.of_port("shop", web, 80).mode == MutualTls::disable);
  CHECK(policies.of_port("shop", api, 8080).mode == MutualTls::disable);
  CHECK(policies.of_port("shop", api, 80).source == &objects[1]);
  CHECK(policies.has_selectors("shop"));
  CHECK_FALSE(policies.has_selectors("root"));
}

TEST_CASE("PeerAuthentication: without any the mode is permissive") {
  const PeerAuthentications policies({}, "root");
  CHECK(policies.of_port("shop", {{"app", "web"}}, 80).mode == MutualTls::permissive);
  CHECK(policies.of_mesh().source == nullptr);
}

TEST_CASE("PeerAuthentication: of several with one scope the oldest counts, if ages are known") {
  const auto two = [](const char* first, const char* second) {
    std::string text;
    for (const auto& [name, mode, created] :
         {std::tuple{"a", "STRICT", first}, std::tuple{"b", "DISABLE", second}})
      text += std::string("---\napiVersion: security.istio.io/v1\nkind: PeerAuthentication\n") +
              "metadata: {name: " + name + ", namespace: shop" + created +
              "}\nspec: {mtls: {mode: " + mode + "}}\n";
    return text;
  };
  const Objects known(two(", creationTimestamp: \"2026-02-01T00:00:00Z\"",
                          ", creationTimestamp: \"2026-01-01T00:00:00Z\""));
  const PeerAuthentications aged(known.all(kube::Kind::peer_authentication), "root");
  CHECK(aged.of_namespace("shop").mode == MutualTls::disable);
  CHECK_FALSE(aged.of_namespace("shop").contested);
  const Objects unknown(two("", ""));
  const PeerAuthentications ageless(unknown.all(kube::Kind::peer_authentication), "root");
  CHECK(ageless.of_namespace("shop").contested);
}

}  // namespace aksmesh::test
