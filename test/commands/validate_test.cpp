// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "support/fake_world.hpp"
#include "support/golden.hpp"

namespace aksmesh::test {
namespace {

constexpr const char* kGood =
    "apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: strict, "
    "namespace: shop}\nspec: {mtls: {mode: STRICT}}\n";
constexpr const char* kBad =
    "apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: strict, "
    "namespace: shop}\nspec: {mtls: {mod: STRICT}}\n";
// Fine for the definition, and forbidden by the add-on.
constexpr const char* kForbidden =
    "apiVersion: networking.istio.io/v1beta1\nkind: ProxyConfig\nmetadata: {name: tuned, "
    "namespace: shop}\nspec: {concurrency: 2}\n";

}  // namespace

TEST_CASE("validate: what is refused is 3, in every format") {
  FakeWorld world;
  world.files.content["good.yaml"] = kGood;
  world.files.content["bad.yaml"] = kBad;
  CHECK(world.run("aksmesh validate good.yaml") == 0);
  for (const std::string format : {"text", "json", "yaml", "sarif", "junit", "github"}) {
    CAPTURE(format);
    CHECK(world.run("aksmesh validate -o " + format + " bad.yaml") == 3);
    CHECK(world.out.text.find("AKM7001") != std::string::npos);
  }
  CHECK(world.run("aksmesh validate --fail-on never bad.yaml") == 0);
  CHECK(world.run("aksmesh validate --suppress AKM7001 bad.yaml") == 0);
  check_golden("validate.text", (world.run("aksmesh validate good.yaml bad.yaml"), world.out.text));
}

TEST_CASE("validate: istioctl's way to name files") {
  FakeWorld world;
  world.files.content["m/a.yaml"] = kGood;
  world.files.content["m/b.yaml"] = kBad;
  world.files.content["c.yaml"] = kGood;
  CHECK(world.run("aksmesh validate -f m/a.yaml -f c.yaml") == 0);
  CHECK(world.run("aksmesh validate -f m/a.yaml,c.yaml") == 0);
  CHECK(world.run("aksmesh validate -f c.yaml,m/b.yaml") == 3);
  CHECK(world.run("aksmesh validate --filename m") == 3);
  CHECK(world.run("aksmesh v -f m") == 3);
  world.files.standard_input = kBad;
  CHECK(world.run("aksmesh validate -f -") == 3);
  CHECK(world.run("aksmesh validate missing.yaml") == 5);
  CHECK(world.run("aksmesh validate") == 2);
  CHECK(world.err.text.find("nothing to validate") != std::string::npos);
  CHECK(world.err.text.find("aksmesh validate manifests/") != std::string::npos);
}

TEST_CASE("validate: broken documents and repeated keys are refused") {
  FakeWorld world;
  world.files.content["a.yaml"] = "a: [\n";
  CHECK(world.run("aksmesh validate a.yaml") == 3);
  world.files.content["a.yaml"] = std::string(kGood) + "spec: {}\n";
  CHECK(world.run("aksmesh validate a.yaml") == 3);
  CHECK(world.out.text.find("AKM9902") != std::string::npos);
}

TEST_CASE("validate: what the add-on forbids is the matter of analyze, and the other way round") {
  FakeWorld world;
  world.files.content["a.yaml"] = kForbidden;
  CHECK(world.run("aksmesh validate a.yaml") == 0);
  CHECK(world.run("aksmesh analyze a.yaml") == 3);
  world.files.content["a.yaml"] =
      "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}\n";
  CHECK(world.run("aksmesh validate --policy upstream a.yaml") == 3);
  // Neither the API server nor Istio's webhook refuses such a port.
  CHECK(world.run("aksmesh validate a.yaml") == 0);
  CHECK(world.out.text.find("AKM7006") != std::string::npos);
  world.out.text.clear();
  CHECK(world.run("aksmesh analyze a.yaml") == 0);
  CHECK(world.out.text.find("AKM7006") == std::string::npos);
}

TEST_CASE("validate: the policy chooses whose control plane it is") {
  FakeWorld world;
  world.files.content["a.yaml"] =
      "apiVersion: v1\nkind: Service\nmetadata: {name: istiod, namespace: istio-system}\nspec: "
      "{ports: [{port: 80}]}\n";
  CHECK(world.run("aksmesh validate a.yaml") == 0);
  CHECK(world.out.text.find("AKM7006") != std::string::npos);
  world.out.text.clear();
  CHECK(world.run("aksmesh validate --policy upstream a.yaml") == 0);
  CHECK(world.out.text.find("AKM7006") == std::string::npos);
}

TEST_CASE("validate: an object that istiod cannot read is not analyzed further") {
  FakeWorld world;
  const std::string head =
      "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: shop, namespace: "
      "shop}\nspec:\n  hosts: [shop.example.com]\n  gateways: [shop/missing]\n  http: [{timeout: ";
  const std::string tail = ", route: [{destination: {host: web}}]}]\n";
  world.files.content["a.yaml"] = head + "5s" + tail;
  CHECK(world.run("aksmesh analyze --policy upstream --only IST0101 a.yaml") == 3);
  world.files.content["a.yaml"] = head + "5 s" + tail;
  CHECK(world.run("aksmesh analyze --policy upstream --only IST0101 a.yaml") == 0);
  CHECK(world.run("aksmesh analyze --policy upstream --only AKM7004 a.yaml") == 3);
}

}  // namespace aksmesh::test
