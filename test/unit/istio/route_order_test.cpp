// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "base/strings.hpp"
#include "istio/validation/validate.hpp"
#include "support/fake_world.hpp"

namespace aksmesh::test {
namespace {

using namespace istio::validation;

/// What is said of routes that have these matches, as `rule; reason` or `rule; match; other`.
std::string order_of(const std::string& routes, Coverage coverage = Coverage::exact) {
  FakeWorld world;
  world.files.content["a.yaml"] =
      "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: x, namespace: "
      "a}\n"
      "spec: {hosts: [a.b], http: [" +
      routes + "]}\n";
  const auto manifests = kube::read_manifests(world.files, {"a.yaml"}, {});
  REQUIRE(manifests.objects.size() == 1);
  Problems problems;
  validate(manifests.objects.front(), problems, coverage);
  std::vector<std::string> out;
  for (const auto& problem : problems.all())
    if (problem.topic != Topic::content) out.push_back(join(problem.parameters, "; "));
  return join(out, " | ");
}

/// Two routes, each with one match.
std::string two(const std::string& first, const std::string& second) {
  return "{match: [{" + first + "}]}, {match: [{" + second + "}]}";
}

/// True when the second match is told to come too late.
bool covered(const std::string& first, const std::string& second,
             Coverage coverage = Coverage::exact) {
  return !order_of(two(first, second), coverage).empty();
}

}  // namespace

TEST_CASE("validation: routes after one that takes everything") {
  CHECK(order_of("{}, {}") == "#1; only the last rule can have no matches");
  CHECK(order_of("{name: all}, {name: late, match: [{port: 1}]}") ==
        "\"late\"; route without matches defined before");
  CHECK(order_of("{match: [{port: 1}]}, {}").empty());
  // What a delegate leaves is known with the delegate only.
  CHECK(order_of("{delegate: {name: d}}, {}").empty());
  CHECK_FALSE(order_of("{delegate: {name: d}}, {}", Coverage::as_istio).empty());
}

TEST_CASE("validation: equal matches") {
  const std::string expected = "#1; #0; #0 | #1; all matches used by prior rules";
  CHECK(order_of(two("uri: {exact: /}, port: 1", "port: 1, uri: {exact: /}, name: again")) ==
        "#1; \"again\"; #0 | #1; all matches used by prior rules");
  CHECK(order_of(two("port: 1", "port: 1, sourceNamespace: '', ignoreUriCase: false")) == expected);
  CHECK(order_of(two("headers: {a: {}}", "headers: {a: {exact: ''}}")).empty());
  CHECK(order_of("{name: a, match: [{port: 1}, {port: 1}]}") == "\"a\"; #1; \"a\"");
  CHECK(order_of("{delegate: {name: d}, match: [{port: 1}]}, {match: [{port: 1}]}").empty());
}

TEST_CASE("validation: matches that an earlier prefix covers") {
  CHECK(order_of(two("uri: {prefix: /a}", "uri: {prefix: /a/b}")) ==
        "#1; #0 of prefix /a/b; #0 of prefix /a on #0");
  CHECK(order_of(two("uri: {prefix: /a}", "uri: {exact: /a/b}")) ==
        "#1; #0 of exact /a/b; #0 of prefix /a on #0");
  CHECK(covered("uri: {prefix: /}", "uri: {prefix: /a}, headers: {x: {exact: y}}"));
  CHECK(covered("uri: {prefix: /}", "uri: {prefix: /}, port: 80"));
  CHECK(
      covered("uri: {prefix: /}, method: {prefix: P}", "uri: {prefix: /a}, method: {exact: POST}"));
  CHECK(
      covered("uri: {prefix: /}, headers: {x: {}}", "uri: {prefix: /a}, headers: {x: {regex: z}}"));
  CHECK(covered("uri: {prefix: /}, withoutHeaders: {x: {exact: ab}}",
                "uri: {prefix: /a}, withoutHeaders: {x: {prefix: a}, y: {}}"));
  CHECK(covered("uri: {prefix: /}, gateways: [g, h]", "uri: {prefix: /a}, gateways: [h]"));
}

TEST_CASE("validation: matches that an earlier prefix only seems to cover") {
  const std::vector<std::pair<std::string, std::string>> rows{
      {"uri: {prefix: /ab}", "uri: {prefix: /a}"},
      {"uri: {prefix: /}, headers: {x: {exact: y}}", "uri: {prefix: /a}"},
      {"uri: {prefix: /}, method: {exact: GET}", "uri: {prefix: /a}"},
      {"uri: {prefix: /}, authority: {exact: a.b}", "uri: {prefix: /a}"},
      {"uri: {prefix: /}, headers: {x: {prefix: ab}}",
       "uri: {prefix: /a}, headers: {x: {prefix: a}}"},
      {"uri: {prefix: /}, headers: {x: {exact: a}}", "uri: {prefix: /a}, headers: {x: {regex: a}}"},
      {"uri: {prefix: /}, sourceLabels: {app: x}", "uri: {prefix: /a}"},
      {"uri: {prefix: /}, sourceNamespace: a", "uri: {prefix: /a}, sourceNamespace: b"},
      {"uri: {prefix: /}, gateways: [g]", "uri: {prefix: /a}"},
      {"uri: {prefix: /}, gateways: [g]", "uri: {prefix: /a}, gateways: [g, h]"},
      {"uri: {prefix: /}, scheme: {exact: https}", "uri: {prefix: /a}"},
      {"uri: {prefix: /a}", "uri: {prefix: /a/b}, ignoreUriCase: true"},
      {"uri: {prefix: /}, port: 1", "uri: {prefix: /a}"},
      {"uri: {prefix: /}, withoutHeaders: {x: {}}", "uri: {prefix: /a}"},
      {"uri: {prefix: /}, withoutHeaders: {x: {prefix: a}}",
       "uri: {prefix: /a}, withoutHeaders: {x: {exact: ab}}"}};
  for (const auto& row : rows)
    CHECK_MESSAGE(!covered(row.first, row.second), row.first, " and ", row.second);
  CHECK(
      order_of("{delegate: {name: d}, match: [{uri: {prefix: /}}]}, {match: [{uri: {prefix: /a}}]}")
          .empty());
}

TEST_CASE("validation: covered matches as Istio tells them") {
  const auto as_istio = [](const std::string& first, const std::string& second) {
    return covered(first, second, Coverage::as_istio);
  };
  CHECK(as_istio("uri: {prefix: /}", "uri: {prefix: /a}"));
  CHECK(as_istio("uri: {prefix: /}, method: {exact: GET}", "uri: {prefix: /a}"));
  CHECK(as_istio("uri: {prefix: /}, authority: {exact: a}", "uri: {prefix: /a}"));
  CHECK(as_istio("uri: {prefix: /}, sourceLabels: {app: x}", "uri: {prefix: /a}"));
  CHECK_FALSE(as_istio("uri: {prefix: /}", "uri: {prefix: /a}, method: {exact: POST}"));
  CHECK_FALSE(as_istio("uri: {prefix: /}", "uri: {exact: /a}"));
  CHECK_FALSE(as_istio("uri: {prefix: /}", "uri: {prefix: /}, port: 80"));
  CHECK_FALSE(as_istio("uri: {prefix: /}", "uri: {prefix: /a}, headers: {x: {}}"));
}

}  // namespace aksmesh::test
