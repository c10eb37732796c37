// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <set>

#include <doctest/doctest.h>

#include "base/strings.hpp"
#include "data/resources.hpp"
#include "istio/schema/request_uri.hpp"
#include "istio/schema/rules.hpp"
#include "istio/schema/schema.hpp"
#include "istio/schema/table.hpp"
#include "kube/manifests.hpp"
#include "support/fake_world.hpp"

namespace aksmesh::test {
namespace {

using istio::schema::Problem;

/// The objects of a text; they live as long as the result.
kube::Manifests objects_of(const std::string& text) {
  MemoryFiles files;
  files.content["a.yaml"] = text;
  return kube::read_manifests(files, {"a.yaml"}, {});
}

std::string object(const std::string& group_version, const std::string& kind,
                   const std::string& spec) {
  return "apiVersion: " + group_version + "\nkind: " + kind +
         "\nmetadata: {name: a}\nspec: " + spec + '\n';
}

std::string virtual_service(const std::string& spec) {
  return object("networking.istio.io/v1", "VirtualService", spec);
}

std::string destination_rule(const std::string& policy) {
  return object("networking.istio.io/v1", "DestinationRule",
                "{host: a, trafficPolicy: " + policy + '}');
}

/// What is wrong, as `field what`, in the order in which it is found.
std::vector<std::string> faults(const std::string& text) {
  const auto manifests = objects_of(text);
  REQUIRE(manifests.objects.size() == 1);
  std::vector<std::string> out;
  for (const auto& problem : istio::schema::validate(manifests.objects.front()).problems)
    out.push_back(problem.field + ' ' + problem.what);
  return out;
}

std::string only_fault(const std::string& text) {
  const auto all = faults(text);
  return all.size() == 1 ? all.front() : std::to_string(all.size()) + " faults: " + join(all, "; ");
}

std::string only_remedy(const std::string& text) {
  const auto manifests = objects_of(text);
  const auto result = istio::schema::validate(manifests.objects.front());
  return result.problems.size() == 1 ? result.problems.front().remedy : std::string{"?"};
}

bool decodes(const std::string& text) {
  const auto manifests = objects_of(text);
  REQUIRE(manifests.objects.size() == 1);
  return istio::schema::decodes(manifests.objects.front());
}

std::string sorted_list(std::vector<std::string> items) {
  std::sort(items.begin(), items.end());
  return join(items, ",");
}

data::ReadResult rules_table() {
  return data::read_documents(std::string(data::resource("lib/istio/tables/rules.json")),
                              data::Limits{}, data::Format::json);
}

/// Every pattern below a node can be made ready and is explained in words.
void check_patterns(const data::Node& node) {
  for (const auto& [key, value] : node.entries()) {
    check_patterns(value);
    if (key.text() != "pattern" || !value.is_string()) continue;
    CHECK_MESSAGE(RegularExpression::compile(value.text()), value.text());
    CHECK_MESSAGE(!istio::schema::pattern_text(value.text()).empty(), value.text());
  }
  for (const auto item : node.items()) check_patterns(item);
}

}  // namespace

TEST_CASE("schema: every rule is broken by the objects that break it, and by no others") {
  std::map<std::string, std::string> ids_by_message;  // several ids may share a message
  const auto table = rules_table();
  for (const auto row : table.tree->document(0)["rules"].items()) {
    const std::string message(row["message"].text());
    const std::string id(row["id"].text());
    if (istio::schema::find_rule(id) == nullptr) continue;
    ids_by_message.try_emplace(message, id);
  }
  std::set<std::string> seen;
  const auto manifests = objects_of(read_source_file("test/unit/istio/crd-rules.yaml"));
  REQUIRE(manifests.complete);
  REQUIRE(manifests.objects.size() > 40);
  for (const auto& one : manifests.objects) {
    CAPTURE(one.root.mark().line);
    std::vector<std::string> broken;
    for (const auto& problem : istio::schema::validate(one).problems) {
      const bool is_rule = problem.kind == Problem::Kind::rule;
      if (is_rule) broken.push_back(ids_by_message[problem.what]);
      // Some rules say the same as a keyword of the schema does.
      const bool also_keyword = problem.what.starts_with("repeats ");
      CHECK_MESSAGE((is_rule || also_keyword), problem.field, ' ', problem.what);
    }
    std::vector<std::string> expected;
    const auto listed = std::string(one.annotation("breaks").text());
    for (const auto id : split(listed, ',')) {
      expected.emplace_back(id);
      seen.insert(std::string(id));
    }
    // Ids with one message are told apart by nothing else, so compare messages.
    for (auto& id : expected)
      id = ids_by_message[std::string(istio::schema::rule_text(id).message)];
    CHECK(sorted_list(broken) == sorted_list(expected));
  }
  // These can only be broken where another rule or keyword is as well.
  const std::set<std::string> elsewhere{"credential-names-or-certificates", "path-type",
                                        "grpc-matches-total", "http-matches-total"};
  for (const auto* rule : istio::schema::all_rules())
    CHECK_MESSAGE(
        (seen.contains(std::string(rule->id)) || elsewhere.contains(std::string(rule->id))),
        rule->id, " is never broken");
}

TEST_CASE("schema: a route has up to 128 matches in all") {
  const auto route = [](const std::string& kind, std::size_t matches) {
    std::string rules;
    for (int i = 0; i < 16; ++i) {
      rules += (i == 0 ? "{matches: [" : ", {matches: [");
      for (std::size_t k = 0; k < matches; ++k) rules += (k == 0 ? "{}" : ", {}");
      rules += "]}";
    }
    return object("gateway.networking.k8s.io/v1", kind, "{rules: [" + rules + "]}");
  };
  for (const char* kind : {"HTTPRoute", "GRPCRoute"}) {
    CHECK(faults(route(kind, 8)).empty());
    CHECK(only_fault(route(kind, 9)).find("must be less than 128") != std::string::npos);
  }
}

TEST_CASE("schema: every rule of the table has a function or says why not") {
  std::set<std::string> ids;
  const auto table = rules_table();
  for (const auto row : table.tree->document(0)["rules"].items()) {
    const std::string id(row["id"].text());
    CHECK_MESSAGE(ids.insert(id).second, id, " is there twice");
    CHECK_MESSAGE(!row["message"].text().empty(), id);
    const bool written = istio::schema::find_rule(id) != nullptr;
    CHECK_MESSAGE(written == row["notChecked"].text().empty(), id);
  }
  std::set<std::string> functions;
  for (const auto* rule : istio::schema::all_rules()) {
    CHECK_MESSAGE(functions.insert(std::string(rule->id)).second, rule->id);
    CHECK_MESSAGE(ids.contains(std::string(rule->id)), rule->id, " is not in rules.json");
    CHECK_MESSAGE((rule->holds == nullptr) != (rule->find == nullptr), rule->id);
  }
}

TEST_CASE("schema: every table can be read, and its patterns are understood") {
  std::size_t tables = 0;
  for (const auto& resource : data::embedded_resources()) {
    const auto parts = split(resource.name, '/');
    if (parts.size() != 5 || parts[2] != "tables") continue;
    const auto kind = parts[4].substr(0, parts[4].size() - 5);
    CAPTURE(resource.name);
    const auto* table = istio::schema::find_kind(parts[3], kind);
    REQUIRE(table != nullptr);
    CHECK(!table->versions().empty());
    check_patterns(
        data::read_documents(std::string(resource.text), {}, data::Format::json).tree->document(0));
    ++tables;
  }
  CHECK(tables > 25);
  check_patterns(
      data::read_documents(std::string(data::resource("lib/istio/tables/object-meta.json")), {},
                           data::Format::json)
          .tree->document(0));
  CHECK(istio::schema::find_kind("networking.istio.io", "Nothing") == nullptr);
  CHECK(istio::schema::kinds_of("security.istio.io").size() == 3);
  CHECK(istio::schema::kinds_of("example.com").empty());
  CHECK(istio::schema::kinds_of("").empty());
}

TEST_CASE("schema: unknown fields and what was meant") {
  const auto route = [](const std::string& more) {
    return virtual_service("{hosts: [a], http: [{" + more + "route: [{destination: {host: a}}]}]}");
  };
  CHECK(faults(route("")).empty());
  CHECK(only_fault(route("timeOut: 5s, ")) == "timeOut is no field of spec.http[0]");
  CHECK(only_remedy(route("timeOut: 5s, ")) == "Write timeout.");
  CHECK(only_remedy(route("cors_policy: {}, ")).starts_with("Write corsPolicy; istiod"));
  CHECK(only_remedy(route("allowOrigins: [], ")).starts_with("Move it into corsPolicy"));
  CHECK(only_remedy(route("zzzzzzzz: 1, ")).starts_with("Remove it, or use a field that there is"));
  // These two are in the definition itself.
  CHECK(faults(route("mirror_percent: 5, ")).empty());
  CHECK(faults(object("security.istio.io/v1", "RequestAuthentication",
                      "{jwtRules: [{issuer: a, jwks_uri: \"https://a/b\"}]}"))
            .empty());
  CHECK(only_fault(virtual_service("{hosts: [a]}\nspecc: {}")) ==
        "specc is no field of VirtualService");
  CHECK(only_remedy(virtual_service("{hosts: [a]}\nhttp: []")).starts_with("Move it into spec"));
  CHECK(only_remedy(virtual_service("{hosts: [a]}\nzzz: []")).starts_with("Remove it; an object"));
  // Free parts.
  CHECK(faults(object("networking.istio.io/v1alpha3", "EnvoyFilter",
                      "{configPatches: [{patch: {value: {any: [thing, {}]}}}]}"))
            .empty());
}

TEST_CASE("schema: types and how to repair them") {
  const auto number = [](const std::string& value) {
    return destination_rule("{connectionPool: {tcp: {maxConnections: " + value + "}}}");
  };
  CHECK(faults(number("10")).empty());
  CHECK(faults(number("1e2")).empty());
  CHECK(faults(number("null")).empty());
  CHECK(only_fault(number("1.5")) ==
        "tcp.maxConnections must be a whole number, not the number 1.5");
  CHECK(only_fault(number("\"10\"")) ==
        "tcp.maxConnections must be a whole number, not the text \"10\"");
  CHECK(only_remedy(number("\"10\"")).starts_with("Leave out the quotes"));
  CHECK(only_remedy(number("ten")).empty());
  CHECK(only_fault(number("{}")) == "tcp.maxConnections must be a whole number, not a mapping");
  CHECK(only_fault(number("3000000000")) ==
        "tcp.maxConnections must be at most 2147483647, not 3000000000");
  const auto label = [](const std::string& value) {
    return object("networking.istio.io/v1", "DestinationRule",
                  "{host: a, subsets: [{name: a, labels: {version: " + value + "}}]}");
  };
  CHECK(only_fault(label("1")) == "labels.version must be text, not the number 1");
  CHECK(only_remedy(label("1")) == "Write it in quotes: \"1\".");
  CHECK(only_remedy(label("y")).find("YAML reads the bare word as a boolean") != std::string::npos);
  CHECK(only_remedy(label("true")) == "Write it in quotes: \"true\".");
  CHECK(only_fault(label("[a]")) == "labels.version must be text, not a list");
  CHECK(only_remedy(virtual_service("{hosts: a}")).starts_with("Make it the item of a list"));
  CHECK(only_remedy(destination_rule("[{tls: {}}]")).starts_with("Write its fields right below"));
  CHECK(only_remedy(destination_rule("{tls: {insecureSkipVerify: \"true\"}}")) ==
        "Leave out the quotes.");
  CHECK(only_remedy(destination_rule("{connectionPool: {tcp: {connectTimeout: 5}}}")) ==
        "Write it with a unit, such as 5s.");
  CHECK(only_fault(object("security.istio.io/v1", "RequestAuthentication", "{jwtRules: [null]}")) ==
        "spec.jwtRules[0] must be a mapping, not null");
}

TEST_CASE("schema: values") {
  CHECK(only_fault(destination_rule("{tls: {mode: simple}}")) ==
        "tls.mode must be one of DISABLE, SIMPLE, MUTUAL, ISTIO_MUTUAL, not \"simple\"");
  CHECK(only_remedy(destination_rule("{tls: {mode: simple}}")) == "Write SIMPLE.");
  CHECK(only_remedy(destination_rule("{tls: {mode: Whatever}}")).empty());
  CHECK(only_fault(object("networking.istio.io/v1", "DestinationRule", "{}")) ==
        "spec lacks host, which is required");
}

TEST_CASE("schema: members that exclude each other") {
  CHECK(
      only_fault(destination_rule("{loadBalancer: {simple: RANDOM, consistentHash: {}}}")) ==
      "loadBalancer.consistentHash cannot stand beside simple: only one of simple, consistentHash "
      "is allowed");
  CHECK(faults(destination_rule("{loadBalancer: {simple: RANDOM, consistentHash: null}}")).empty());
  CHECK(
      faults(destination_rule("{loadBalancer: {consistentHash: {useSourceIp: true, httpHeaderName: "
                              "a, maglev: {}, ringHash: {}}}}"))
          .size() == 2);
}

TEST_CASE("schema: lists without repeated items") {
  CHECK(only_fault(object("networking.istio.io/v1", "ServiceEntry",
                          "{hosts: [a.b], ports: [{number: 1, name: a}, {number: 2, name: a}]}")) ==
        "ports[1].name repeats that of an earlier item: \"a\"");
  CHECK(only_fault(object("gateway.networking.k8s.io/v1", "HTTPRoute",
                          "{rules: [{filters: [{type: RequestHeaderModifier, "
                          "requestHeaderModifier: {remove: [a, b, a]}}]}]}")) ==
        "requestHeaderModifier.remove[2] repeats \"a\"");
}

TEST_CASE("schema: metadata") {
  const auto with = [](const std::string& metadata) {
    return "apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata: " + metadata +
           "\nspec: {}\n";
  };
  CHECK(faults(with("{name: a, namespace: b, labels: {app.kubernetes.io/name: a}}")).empty());
  CHECK(faults(with("{generateName: a-}")).empty());
  CHECK(faults(with("{name: a, creationTimestamp: null, managedFields: [{manager: a}]}")).empty());
  CHECK(only_fault(with("{namespace: b}")) == "metadata lacks name, which is required");
  CHECK(only_fault(with("{name: a, nameSpace: b}")) == "nameSpace is no field of metadata");
  CHECK(only_fault(with("{name: A_b}")) ==
        "metadata.name must be a DNS name in lower case, not \"A_b\"");
  CHECK(only_fault(with("{name: a, labels: {v: 1}}")) == "labels.v must be text, not the number 1");
  CHECK(only_fault(with("{name: a, annotations: {\"a b\": c}}"))
            .starts_with("annotations[\"a b\"] must be a name"));
  CHECK(faults("apiVersion: networking.istio.io/v1\nkind: Sidecar\nspec: {}\n").size() == 1);
}

TEST_CASE("schema: kinds and versions that are not served") {
  const auto known = [](const std::string& text) {
    const auto manifests = objects_of(text);
    return istio::schema::validate(manifests.objects.front());
  };
  using istio::schema::Known;
  CHECK(known("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n").known == Known::not_ours);
  const auto typo = known("apiVersion: networking.istio.io/v1\nkind: VirtualServce\n");
  CHECK(typo.known == Known::unknown_kind);
  CHECK(join(typo.instead, " ") == "VirtualService");
  const auto version = known("apiVersion: networking.istio.io/v9\nkind: VirtualService\n");
  CHECK(version.known == Known::unknown_version);
  CHECK(version.instead.size() == 3);
  const auto instead = [&](const std::string& api_version, const std::string& kind) {
    const auto result = known("apiVersion: " + api_version + "\nkind: " + kind + "\n");
    CHECK((result.known == Known::wrong_group) == !result.instead.empty());
    return join(result.instead, " ");
  };
  CHECK(instead("v1", "VirtualService") == "networking.istio.io/v1");
  CHECK(instead("networking.istio.io", "PeerAuthentication") == "security.istio.io/v1");
  CHECK(instead("networking.istio.io", "Gateway") == "networking.istio.io/v1");
  CHECK(instead("v1", "Gateway") == "gateway.networking.k8s.io/v1 networking.istio.io/v1");
  CHECK(instead("v1", "Service").empty());
  CHECK(instead("knative.dev/v1", "Gateway").empty());
}

TEST_CASE("schema: what istiod can read") {
  const auto connections = [](const std::string& value) {
    return destination_rule("{connectionPool: {tcp: {maxConnections: " + value + "}}}");
  };
  for (const char* value : {"5", "\"5\"", "null", "-1"})
    CHECK_MESSAGE(decodes(connections(value)), value);
  for (const char* value : {"many", "1.5", "true", "{}", "[5]", "3000000000", "\"0x5\""})
    CHECK_MESSAGE(!decodes(connections(value)), value);
  CHECK(decodes(destination_rule("{unknown: {}, connection_pool: {tcp: {max_connections: 5}}}")));
  CHECK_FALSE(decodes(destination_rule("{connection_pool: {tcp: {max_connections: many}}}")));
  CHECK(decodes(destination_rule("{tls: {mode: 1}}")));
  CHECK_FALSE(decodes(destination_rule("{tls: {mode: simple}}")));
  CHECK(decodes(destination_rule("{connectionPool: {tcp: {idleTimeout: 1h}}}")));
  CHECK_FALSE(decodes(destination_rule("{connectionPool: {tcp: {idleTimeout: soon}}}")));
  CHECK_FALSE(decodes(virtual_service("[]")));
  CHECK(decodes(virtual_service("null")));
  CHECK(decodes(virtual_service("{hosts: [null], http: [null]}")));
  CHECK_FALSE(decodes(virtual_service("{hosts: [y]}")));
  CHECK(decodes(virtual_service("{http: [{directResponse: {status: 200, body: {bytes: YQ==}}}]}")));
  CHECK_FALSE(
      decodes(virtual_service("{http: [{directResponse: {status: 200, body: {bytes: \"?\"}}}]}")));
  const auto port = [](const std::string& key) {
    return object("security.istio.io/v1", "PeerAuthentication",
                  "{portLevelMtls: {" + key + ": {mode: STRICT}}}");
  };
  CHECK(decodes(port("80")));
  CHECK(decodes(port("\"80\"")));
  CHECK_FALSE(decodes(port("http")));
  const auto weight = [](const std::string& value) {
    return object("networking.istio.io/v1", "WorkloadEntry", "{address: a, weight: " + value + '}');
  };
  CHECK(decodes(weight("4294967295")));
  CHECK_FALSE(decodes(weight("-1")));
  CHECK_FALSE(decodes(weight("4294967296")));
}

TEST_CASE("schema: what istiod reads of the Gateway API") {
  const auto route = [](const std::string& spec, const std::string& status = "{}") {
    return object("gateway.networking.k8s.io/v1", "HTTPRoute", spec) + "status: " + status + '\n';
  };
  CHECK(decodes(route("{hostnames: [a]}")));
  CHECK(decodes(route("{rules: [{filters: [{type: nothing}]}]}")));
  CHECK_FALSE(decodes(route("{rules: [{backendRefs: [{name: a, port: \"80\"}]}]}")));
  CHECK_FALSE(decodes(route("{hostnames: a}")));
  CHECK_FALSE(decodes(route("{}", "{parents: [{controllerName: y}]}")));
}

TEST_CASE("schema: whatever istiod cannot read is told") {
  for (const auto& path : source_files("test/checks")) {
    if (!path.ends_with("input.yaml")) continue;
    const auto manifests = objects_of(read_source_file(path));
    for (const auto& one : manifests.objects)
      if (!istio::schema::decodes(one))
        CHECK_MESSAGE(!istio::schema::validate(one).problems.empty(), path);
  }
}

TEST_CASE("schema: URLs as an API server reads them") {
  using istio::schema::request_uri_scheme;
  CHECK(request_uri_scheme("HTTPS://a.example:8443/b?c") == "https");
  CHECK(request_uri_scheme("https://[::1]:80/") == "https");
  CHECK(request_uri_scheme("mailto:a@b") == "mailto");
  CHECK(request_uri_scheme("/a/b") == "");
  for (const char* text : {"", "a/b", "://a", "http://a b/", "http://a:b/", "http://a/%zz",
                           "hTPp\\\\\blah", "http://[::1", "http://a%zz/"})
    CHECK_MESSAGE(!request_uri_scheme(text), text);
}

}  // namespace aksmesh::test
