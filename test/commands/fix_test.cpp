// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "support/fake_world.hpp"

namespace aksmesh::test {

TEST_CASE("analyze: --fix chooses no gateway where the input does not tell which is meant") {
  const auto gateway = [](const std::string& name, const std::string& selector) {
    return "apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: {name: " + name +
           ", namespace: shop}\nspec:\n  selector: " + selector + "\n---\n";
  };
  const auto after = [](const std::string& before) {
    FakeWorld world;
    world.files.content["f.yaml"] = before;
    world.run("aksmesh analyze --fix f.yaml");
    return world.files.content["f.yaml"];
  };
  const std::string internal = "aks-istio-ingressgateway-internal";
  const auto old = gateway("a", "{istio: ingressgateway}");
  const auto mine = gateway("b", "{istio: " + internal + "}");
  const auto other = gateway("c", "{istio: aks-istio-ingressgateway-external}");
  CHECK(after(old) == old);
  CHECK(after(old + mine + other) == old + mine + other);
  CHECK(after(old + mine) == gateway("a", "{istio: " + internal + "}") + mine);
  // Another label would still match nothing, but for that of Istio's own charts.
  const auto more = gateway("a", "{istio: ingressgateway, tier: public}");
  CHECK(after(more + mine) == more + mine);
  CHECK(after(gateway("a", "{istio: ingressgateway, app: istio-ingressgateway}") + mine) ==
        gateway("a", "{istio: " + internal + ", app: " + internal + "}") + mine);
}

TEST_CASE("analyze: --fix leaves labels that contradict each other") {
  FakeWorld world;
  const std::string before =
      "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    "
      "istio-injection: disabled\n    istio.io/rev: asm-1-29\n";
  world.files.content["f.yaml"] = before;
  CHECK(world.run("aksmesh analyze --fix --revision asm-1-29 f.yaml") == 3);
  CHECK(world.files.content["f.yaml"] == before);
}

TEST_CASE("analyze: deprecated percentages are repaired") {
  FakeWorld world;
  world.files.content["f.yaml"] =
      "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: v, namespace: "
      "shop}\nspec:\n  hosts: [web]\n  http:\n  - route: [{destination: {host: web}}]\n    mirror: "
      "{host: web}\n    mirrorPercent: 5\n    fault: {delay: {percent: 3, fixedDelay: 1s}}\n";
  world.run("aksmesh analyze --fix f.yaml");
  CHECK(world.files.content["f.yaml"].find("    mirrorPercentage: {value: 5}\n    fault: {delay: "
                                           "{percentage: {value: 3}, fixedDelay: 1s}}\n") !=
        std::string::npos);
}

}  // namespace aksmesh::test
