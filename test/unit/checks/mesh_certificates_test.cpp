// SPDX-License-Identifier: Apache-2.0
#include "checks/mesh_certificates.hpp"

#include <doctest/doctest.h>

namespace aksmesh::test {
namespace {

using checks::CertificateState;
using checks::MeshCertificates;
using checks::NamespaceRoots;
using checks::ProxySecrets;
using data::Certificate;

constexpr std::int64_t kNow = 1'788'264'000;  // 2026-09-01, noon
constexpr std::int64_t kHour = 3600;
constexpr std::int64_t kDay = 24 * kHour;

Certificate certificate(const std::string& serial, std::int64_t begins, std::int64_t ends) {
  return {.fingerprint = "print of " + serial, .begins = begins, .ends = ends, .serial = serial};
}
Certificate root(const std::string& serial, std::int64_t days = 1000) {
  return certificate(serial, kNow - kDay, kNow + days * kDay);
}
Certificate leaf(std::int64_t hours) {
  return certificate("1eaf", kNow + (hours - 24) * kHour, kNow + hours * kHour);
}

envoy::SecretRow secret(const std::string& name, std::vector<Certificate> all) {
  envoy::SecretRow out{.name = name, .holds = "tls_certificate"};
  out.bundles.push_back({.first = std::move(all)});
  return out;
}

ProxySecrets proxy(const std::string& pod, std::vector<Certificate> roots,
                   std::int64_t hours_left = 20) {
  return {.name_space = "shop",
          .pod = pod,
          .secrets = {secret("default", {leaf(hours_left)}), secret("ROOTCA", std::move(roots))}};
}

/// `word subject`, of each remark.
std::vector<std::string> told(const MeshCertificates& judged) {
  std::vector<std::string> out;
  for (const auto& one : judged.remarks)
    out.push_back(std::string(report::severity_name(one.severity)) + ' ' + one.word + ' ' +
                  one.subject);
  return out;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("certificates: a healthy mesh has nothing to tell") {
  const std::vector<ProxySecrets> proxies{proxy("a", {root("1")}), proxy("b", {root("1")})};
  const std::vector<NamespaceRoots> namespaces{{"aks-istio-system", {root("1")}},
                                               {"shop", {root("1")}}};
  const auto judged = checks::judge_certificates(proxies, namespaces, kNow, 30);
  CHECK(told(judged) == Texts{});
  CHECK(judged.share_a_root == true);
  REQUIRE(judged.roots.size() == 1);
  CHECK(judged.roots.front().proxies == Texts{"shop/a", "shop/b"});
  CHECK(judged.roots.front().namespaces == Texts{"aks-istio-system", "shop"});
}

TEST_CASE("certificates: a workload's own is overdue at a quarter of its life, whatever the days") {
  const auto state = [](std::int64_t hours) {
    const std::vector<ProxySecrets> proxies{proxy("a", {root("1")}, hours)};
    return checks::judge_certificates(proxies, {}, kNow, 30).certificates.front().state;
  };
  CHECK(state(23) == CertificateState::valid);
  CHECK(state(6) == CertificateState::valid);
  CHECK(state(5) == CertificateState::overdue);
  CHECK(state(0) == CertificateState::expired);
  CHECK(state(-3) == CertificateState::expired);
  CHECK(state(25) == CertificateState::not_yet);
}

TEST_CASE("certificates: those of gateways and the chain end within the days") {
  ProxySecrets gateway = proxy("g", {root("1")});
  gateway.secrets.front().bundles.front().first.push_back(root("c4a1", 20));
  gateway.secrets.push_back(secret("kubernetes://web", {root("9a7e", 29)}));
  const std::vector<ProxySecrets> proxies{gateway};
  CHECK(told(checks::judge_certificates(proxies, {}, kNow, 30)) ==
        Texts{"warning expiring shop/g", "warning expiring shop/g"});
  CHECK(told(checks::judge_certificates(proxies, {}, kNow, 25)).size() == 1);
  CHECK(told(checks::judge_certificates(proxies, {}, kNow, 10)) == Texts{});
}

TEST_CASE("certificates: what signed for many is told of once, and a root only as a root") {
  auto a = proxy("a", {root("1", 20)});
  auto b = proxy("b", {root("1", 20)});
  for (auto* one : {&a, &b}) {
    auto& chain = one->secrets.front().bundles.front().first;
    chain.push_back(root("c4a1", 10));
    chain.push_back(root("1", 20));
  }
  const std::vector<ProxySecrets> proxies{a, b};
  CHECK(told(checks::judge_certificates(proxies, {}, kNow, 30)) ==
        Texts{"warning expiring shop/a with 1 other", "warning expiring-root root 1"});
}

TEST_CASE("certificates: a proxy that waits for its own is worse off than for a gateway's") {
  ProxySecrets waiting{.name_space = "shop", .pod = "a"};
  waiting.secrets = {secret("default", {}), secret("kubernetes://web", {})};
  const std::vector<ProxySecrets> proxies{waiting};
  CHECK(told(checks::judge_certificates(proxies, {}, kNow, 30)) ==
        Texts{"error missing shop/a", "warning missing shop/a"});
  const std::vector<ProxySecrets> empty{{.name_space = "shop", .pod = "b"}};
  CHECK(told(checks::judge_certificates(empty, {}, kNow, 30)) == Texts{"error missing shop/b"});
  auto rootless = proxy("d", {});
  rootless.secrets.pop_back();
  const std::vector<ProxySecrets> without{rootless};
  CHECK(told(checks::judge_certificates(without, {}, kNow, 30)) == Texts{"error missing shop/d"});
  const std::vector<ProxySecrets> silent{{.name_space = "shop", .pod = "c", .why = "gone"}};
  CHECK(told(checks::judge_certificates(silent, {}, kNow, 30)) == Texts{});
}

TEST_CASE("certificates: a mix of roots is a warning, none in common an error") {
  const std::vector<ProxySecrets> mixed{proxy("a", {root("1")}),
                                        proxy("b", {root("1"), root("2")})};
  const auto mix = checks::judge_certificates(mixed, {}, kNow, 30);
  CHECK(told(mix) == Texts{"warning root-mix the mesh"});
  CHECK(mix.share_a_root == true);
  REQUIRE(mix.common_roots.size() == 1);
  CHECK(mix.common_roots.front()->serial == "1");
  const std::vector<ProxySecrets> apart{proxy("a", {root("1")}), proxy("b", {root("2")})};
  const auto none = checks::judge_certificates(apart, {}, kNow, 30);
  CHECK(told(none) == Texts{"error no-common-root shop/a", "warning root-mix the mesh"});
  CHECK(none.share_a_root == false);
}

TEST_CASE("certificates: copies of namespaces against the add-on's and their proxies") {
  const std::vector<ProxySecrets> proxies{proxy("a", {root("1")})};
  const std::vector<NamespaceRoots> rotating{{"aks-istio-system", {root("1"), root("2")}},
                                             {"shop", {root("1")}}};
  CHECK(told(checks::judge_certificates(proxies, rotating, kNow, 30)) ==
        Texts{"warning root-mix namespace shop"});
  const std::vector<NamespaceRoots> foreign{{"aks-istio-system", {root("1")}},
                                            {"shop", {root("3")}}};
  CHECK(told(checks::judge_certificates(proxies, foreign, kNow, 30)) ==
        Texts{"error no-common-root namespace shop", "error no-common-root shop/a"});
}

TEST_CASE("certificates: a root that ends counts, unless a later one is trusted everywhere") {
  const std::vector<ProxySecrets> ends{proxy("a", {root("1", 5)})};
  CHECK(told(checks::judge_certificates(ends, {}, kNow, 30)) ==
        Texts{"warning expiring-root root 1"});
  const std::vector<ProxySecrets> over{proxy("a", {root("1", -1)})};
  CHECK(told(checks::judge_certificates(over, {}, kNow, 30)) == Texts{"error expired-root root 1"});
  const std::vector<ProxySecrets> followed{proxy("a", {root("1", -1), root("2")})};
  CHECK(told(checks::judge_certificates(followed, {}, kNow, 30)) ==
        Texts{"info expired-root root 1"});
}

TEST_CASE("certificates: what is left is told in the unit that fits") {
  CHECK(checks::time_left(leaf(24), kNow) == "24 hours");
  CHECK(checks::time_left(root("1", 2), kNow) == "2 days");
  CHECK(checks::time_left(leaf(1), kNow) == "60 minutes");
  CHECK(checks::time_left(leaf(-1), kNow) == "0 minutes");
}

}  // namespace aksmesh::test
