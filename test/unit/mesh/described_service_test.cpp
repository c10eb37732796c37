// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "mesh/described_match.hpp"
#include "mesh/described_policies.hpp"
#include "mesh/described_service.hpp"
#include "support/live_model.hpp"

namespace aksmesh::test {
namespace {

using mesh::Kind;

constexpr const char* kBase = R"(
apiVersion: v1
kind: Pod
metadata: {name: p, namespace: shop, labels: {app: a, version: v2}}
spec: {containers: [{name: c, ports: [{name: web, containerPort: 8080}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: a, namespace: shop}
spec: {selector: {app: a}, ports: [{name: grpc-x, port: 80, targetPort: web}, {port: 81, targetPort: none}]}
---
apiVersion: v1
kind: Service
metadata: {name: everything, namespace: shop}
spec: {ports: [{port: 80}]}
---
)";

std::string rule(const char* name, const char* name_space, const char* host) {
  return std::string(
             "apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: ") +
         name + ", namespace: " + name_space + "}\nspec: {host: \"" + host +
         "\", subsets: [{name: v2, labels: {version: v2}}, {name: v1, labels: {version: "
         "v1}}]}\n---\n";
}

std::string virtual_service(const char* http) {
  return std::string(
             "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: v, "
             "namespace: shop}\nspec: {hosts: [a], http: ") +
         http + "}\n";
}

mesh::DescribedService describe(const mesh::Model& model) {
  return mesh::describe_service(model, *model.find(Kind::service, "shop", "a"),
                                {model.find(Kind::pod, "shop", "p")});
}

std::vector<std::string> names(const mesh::DescribedService& service) {
  std::vector<std::string> out;
  for (const auto& one : service.rules)
    out.push_back(mesh::dotted_name(*one.object) + (one.for_own_clients ? " own" : ""));
  return out;
}

}  // namespace

TEST_CASE("described service: ports, and which services select a pod") {
  const auto model = live_model(kBase);
  const auto services = mesh::services_of(*model, *model->find(Kind::pod, "shop", "p"));
  REQUIRE(services.size() == 1);
  CHECK(services[0]->name == "a");
  CHECK(mesh::pods_behind(*model, *model->find(Kind::service, "shop", "everything")).empty());
  const auto found = describe(*model);
  REQUIRE(found.ports.size() == 2);
  CHECK(found.ports[0].protocol == "GRPC");
  CHECK(found.ports[0].target == 8080);
  CHECK(found.ports[1].protocol == "auto-detect");
  CHECK_FALSE(found.ports[1].target);
}

TEST_CASE("described service: of whatever kind it is, and pods that have ended are not behind it") {
  const auto model = live_model(std::string(kBase) + R"(
apiVersion: v1
kind: Pod
metadata: {name: over, namespace: shop, labels: {app: a, version: v1}}
status: {phase: Succeeded}
---
apiVersion: v1
kind: Service
metadata: {name: alias, namespace: shop}
spec: {type: ExternalName, externalName: www.example.com, ports: [{port: 443}]}
---
apiVersion: v1
kind: Service
metadata: {name: lone, namespace: shop}
spec: {clusterIP: None, selector: {app: nobody}, ports: [{port: 80}, {port: 81, targetPort: 8081}, {port: 82, targetPort: web}]}
)");
  const auto alone = [&](const char* name) {
    return mesh::describe_service(*model, *model->find(Kind::service, "shop", name), {});
  };
  CHECK(mesh::pods_behind(*model, *model->find(Kind::service, "shop", "a")).size() == 1);
  CHECK(alone("alias").external_name == "www.example.com");
  CHECK(alone("alias").warnings.empty());
  CHECK_FALSE(alone("alias").ports[0].target);
  CHECK(alone("everything").warnings ==
        std::vector<std::string>{"it has no selector: its endpoints are made by somebody else"});
  const auto lone = alone("lone");
  CHECK(lone.is_headless);
  CHECK(lone.warnings ==
        std::vector<std::string>{"no pod that runs has the labels of its selector"});
  CHECK(lone.ports[0].target == 80);
  CHECK(lone.ports[1].target == 8081);
  CHECK_FALSE(lone.ports[2].target);
}

TEST_CASE("described service: weights are shares of their sum") {
  const auto found = describe(*live_model(kBase + rule("r", "shop", "a") + virtual_service(R"([
      {route: [{destination: {host: a}, weight: 1}, {destination: {host: b}, weight: 2}]}])")));
  CHECK(found.routes[0].routes[0].targets[0].weight == 33);
}

TEST_CASE("described service: the rules that clients use, their own last") {
  const char* host = "a.shop.svc.cluster.local";
  CHECK(names(describe(*live_model(kBase + rule("r", "shop", "a") + rule("x", "pay", host) +
                                   rule("m", "aks-istio-system", host)))) ==
        std::vector<std::string>{"r.shop", "x.pay own"});
  CHECK(names(describe(*live_model(kBase + rule("m", "aks-istio-system", "*.local") +
                                   rule("w", "shop", "*.shop.svc.cluster.local")))) ==
        std::vector<std::string>{"w.shop"});
  CHECK(names(describe(*live_model(kBase + rule("m", "aks-istio-system", "*.local") +
                                   rule("o", "shop", "other")))) ==
        std::vector<std::string>{"m.aks-istio-system"});
}

TEST_CASE("described service: which routes reach the pods, and why others do not") {
  const auto model = live_model(kBase + rule("r", "shop", "a") + virtual_service(R"([
      {route: [{destination: {host: a, subset: v2}, weight: 60}, {destination: {host: a, subset: v1}, weight: 40},
               {destination: {host: a}, weight: 0}, {destination: {host: b}}]},
      {route: [{destination: {host: a.shop.svc.cluster.local, subset: v3}}]},
      {route: [{destination: {host: a, port: {number: 99}}}]},
      {route: [{destination: {host: other}}]}])"));
  const auto found = describe(*model);
  REQUIRE(found.routes.size() == 1);
  std::vector<std::string> why;
  for (const auto& route : found.routes[0].routes)
    for (const auto& target : route.targets) why.push_back(target.why);
  CHECK(why == std::vector<std::string>{"", "subset v1 does not have the labels", "its weight is 0",
                                        "no DestinationRule has the subset v3",
                                        "the service has no port 99"});
  CHECK(found.routes[0].elsewhere == 6);
  CHECK(found.routes[0].routes[0].reaches());
  CHECK_FALSE(found.routes[0].routes[1].reaches());
  CHECK(found.routes[0].names_host);
}

TEST_CASE("described service: what a route matches, in few words") {
  const auto text = [](const char* match) {
    const auto model = live_model(kBase + virtual_service(match));
    const auto* object = model->find(Kind::virtual_service, "shop", "v");
    std::string out;
    for (const auto one : object->spec()["http"].items()) out = mesh::match_text(one["match"]);
    return out;
  };
  CHECK(text("[{match: [{uri: {exact: /a}, ignoreUriCase: true}]}]") == "path /a uncased");
  CHECK(text("[{match: [{method: {exact: GET}, port: 80}, {uri: {regex: '/v.'}}]}]") ==
        "method GET, port 80; or path regex /v.");
  CHECK(text("[{match: [{headers: {b: {}, x: {exact: '1'}}}]}]") ==
        "when headers are b present, x=1");
  CHECK(text("[{match: [{uri: {exact: /a}}, {}]}]").empty());
  CHECK(text("[{}]").empty());
}

TEST_CASE("described policies: by selector, and of Sidecars the narrowest") {
  const auto model = live_model(std::string(kBase) + R"(
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: all, namespace: aks-istio-system}
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: space, namespace: shop}
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: own, namespace: shop}
spec: {workloadSelector: {labels: {app: a}}}
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: other, namespace: shop}
spec: {workloadSelector: {labels: {app: b}}}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: d, namespace: shop, annotations: {"istio.io/dry-run": "true"}}
spec: {action: DENY}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: t, namespace: shop}
spec: {targetRefs: [{kind: Gateway, group: gateway.networking.k8s.io, name: g}]}
)");
  const auto found = mesh::policies_of(*model, *model->find(Kind::pod, "shop", "p"));
  REQUIRE(found.others.size() == 2);
  CHECK(found.others[0].object->name == "d");
  CHECK(found.others[0].note == "DENY, dry run");
  CHECK(found.others[1].object->name == "own");
  CHECK(found.mutual_tls.source == nullptr);
}

}  // namespace aksmesh::test
