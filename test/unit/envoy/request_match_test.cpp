// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <functional>

#include <doctest/doctest.h>

#include "envoy/chain_match.hpp"
#include "envoy/host_match.hpp"
#include "envoy/request_match.hpp"
#include "envoy/route_listener.hpp"
#include "envoy/route_upstream.hpp"
#include "envoy/value.hpp"
#include "support/dump_rows.hpp"

namespace aksmesh::test {
namespace {

using envoy::Match;
using envoy::RouteRequest;

using Look = std::function<void(const envoy::Value&)>;

/// Looks at a text of JSON, whose value lives only so long.
void look(const std::string& text, const Look& what) {
  constexpr std::array<std::string_view, 1> kAll{"configs"};
  int seen = 0;
  read_entries(R"({"configs": [)" + text + "]}", kAll, [&](const envoy::DumpEntry& entry) {
    ++seen;
    what(entry.value);
  });
  CHECK(seen == 1);
}

RouteRequest request(const std::string& url, const std::string& name = {},
                     const std::string& text = {}) {
  auto out = envoy::parse_request_url(url);
  REQUIRE(out);
  if (!name.empty()) out->headers.emplace_back(name, text);
  return *out;
}

Match path(const std::string& match, const std::string& url) {
  auto out = Match::undecided;
  look(match,
       [&](const envoy::Value& value) { out = envoy::path_matches(value, request(url)).match; });
  return out;
}

Match header(const std::string& matcher, const RouteRequest& one) {
  auto out = Match::undecided;
  look(matcher, [&](const envoy::Value& value) { out = envoy::header_matches(value, one).match; });
  return out;
}

std::string host(const std::string& domains, const std::string& authority,
                 const std::string& more = {}) {
  std::string out;
  look(R"({"virtual_hosts": [{"name": "h", "domains": [)" + domains + "]}]" + more + '}',
       [&](const envoy::Value& routes) {
         const auto choice = envoy::choose_host(routes, authority);
         out = choice ? choice->domain : "none";
       });
  return out;
}

std::string chain(const std::string& chains, const envoy::Connection& connection) {
  std::string out;
  look(R"({"filter_chains": [)" + chains + R"(], "default_filter_chain": {"name": "default"}})",
       [&](const envoy::Value& listener) {
         out = envoy::choose_chain(listener, connection).chain["name"].text();
       });
  return out;
}

std::string named(const std::string& name, const std::string& match) {
  return R"({"name": ")" + name + R"(", "filter_chain_match": )" + match + '}';
}

}  // namespace

TEST_CASE("requests: what a URL says") {
  const auto plain = request("http://reviews:9080/ratings?a=b#x");
  CHECK(plain.host == "reviews");
  CHECK(plain.port == 9080);
  CHECK(plain.authority == "reviews:9080");
  CHECK(plain.path == "/ratings?a=b");
  CHECK(plain.bare_path() == "/ratings");
  CHECK(request("reviews").authority == "reviews");
  CHECK(request("http://a:80?x").path == "/?x");
  CHECK(request("http://a:80").authority == "a");
  CHECK(request("https://a:443/").authority == "a");
  CHECK(request("https://a:8443/").server_name == "a");
  CHECK(request("http://[::1]:8080/").host == "::1");
  CHECK(request("http://[::1]:8080/").authority == "[::1]:8080");
  CHECK(request("tcp://a:1").is_http() == false);
  for (const char* wrong : {"", "http://", "ftp://a", "tcp://a", "http://a:0", "http://a:65536",
                            "http://a:x", "http://u@a", "http://a b"})
    CHECK_FALSE(envoy::parse_request_url(wrong));
}

TEST_CASE("requests: paths as Envoy normalizes them") {
  CHECK(envoy::normalized_path("/a/./b/../c?d=/../e") == "/a/c?d=/../e");
  CHECK(envoy::normalized_path("/a/..") == "/");
  CHECK(envoy::normalized_path("/../a/.") == "/a/");
  CHECK(envoy::normalized_path("/%61%2Fb\\c") == "/a%2Fb/c");
  CHECK(envoy::normalized_path("/a//b") == "/a//b");
  CHECK(envoy::with_merged_slashes("//a///b?c=//") == "/a/b?c=//");
  CHECK(envoy::with_unescaped_slashes("/a%2Fb%5c%2?c=%2F") == "/a/b\\%2?c=%2F");
}

TEST_CASE("matches: paths") {
  CHECK(path(R"({"prefix": "/api"})", "http://a/apis?x") == Match::yes);
  CHECK(path(R"({"prefix": "/api"})", "http://a/API") == Match::no);
  CHECK(path(R"({"prefix": "/api", "case_sensitive": false})", "http://a/API") == Match::yes);
  CHECK(path(R"({"path": "/a"})", "http://a/a?b=c") == Match::yes);
  CHECK(path(R"({"path": "/a"})", "http://a/a/") == Match::no);
  CHECK(path(R"({"path_separated_prefix": "/a"})", "http://a/a") == Match::yes);
  CHECK(path(R"({"path_separated_prefix": "/a"})", "http://a/a/b") == Match::yes);
  CHECK(path(R"({"path_separated_prefix": "/a"})", "http://a/ab") == Match::no);
  CHECK(path(R"({"safe_regex": {"regex": "/v[0-9]+"}})", "http://a/v12?x") == Match::yes);
  CHECK(path(R"({"safe_regex": {"regex": "/v[0-9]"}})", "http://a/v12") == Match::no);
  CHECK(path(R"({"safe_regex": {"regex": "\\pN"}})", "http://a/1") == Match::undecided);
  CHECK(path(R"({"connect_matcher": {}})", "http://a/") == Match::no);
  CHECK(path(R"({"path_match_policy": {}})", "http://a/") == Match::undecided);
}

TEST_CASE("matches: headers") {
  auto one = request("http://a:80/", "x", "abc");
  const auto none = request("http://a:80/");
  CHECK(header(R"({"name": "X", "string_match": {"exact": "abc"}})", one) == Match::yes);
  CHECK(header(R"({"name": "x", "string_match": {"exact": "ABC"}})", one) == Match::no);
  CHECK(header(R"({"name": "x", "string_match": {"exact": "ABC", "ignore_case": true}})", one) ==
        Match::yes);
  CHECK(header(R"({"name": "x", "string_match": {"prefix": "ab"}})", one) == Match::yes);
  CHECK(header(R"({"name": "x", "string_match": {"suffix": "ab"}})", one) == Match::no);
  CHECK(header(R"({"name": "x", "string_match": {"contains": "b"}})", one) == Match::yes);
  CHECK(header(R"({"name": "x", "string_match": {"safe_regex": {"regex": "b"}}})", one) ==
        Match::no);
  CHECK(header(R"({"name": "x", "exact_match": "abc"})", one) == Match::yes);
  CHECK(header(R"({"name": "x"})", one) == Match::yes);
  CHECK(header(R"({"name": "x"})", none) == Match::no);
  CHECK(header(R"({"name": "x", "present_match": false})", none) == Match::yes);
  CHECK(header(R"({"name": "x", "present_match": true, "invert_match": true})", none) ==
        Match::yes);
  CHECK(header(R"({"name": ":method", "string_match": {"exact": "GET"}})", none) == Match::yes);
  CHECK(header(R"({"name": ":authority", "string_match": {"exact": "a"}})", none) == Match::yes);
  // Only an empty value in its place lets a missing header match the opposite.
  const std::string opposite = R"("string_match": {"exact": "abc"}, "invert_match": true)";
  CHECK(header(R"({"name": "x", )" + opposite + '}', one) == Match::no);
  CHECK(header(R"({"name": "x", )" + opposite + '}', none) == Match::no);
  CHECK(header(R"({"name": "x", "treat_missing_header_as_empty": true, )" + opposite + '}', none) ==
        Match::yes);
  one.headers.emplace_back("x", "def");
  CHECK(header(R"({"name": "x", "string_match": {"exact": "abc"}})", one) == Match::undecided);
  CHECK(header(R"({"name": "x", "string_match": {"exact": "abc,def"}})", one) == Match::undecided);
  CHECK(header(R"({"name": "x", "string_match": {"exact": "ab"}})", one) == Match::no);
  CHECK(header(R"({"name": "x", "string_match": {"contains": "c"}})", one) == Match::yes);
}

TEST_CASE("matches: ranges of numbers leave out their end") {
  const std::string range = R"({"name": "x", "range_match": {"start": -1, "end": "10"}})";
  CHECK(header(range, request("http://a", "x", "-1")) == Match::yes);
  CHECK(header(range, request("http://a", "x", "9")) == Match::yes);
  CHECK(header(range, request("http://a", "x", "10")) == Match::no);
  CHECK(header(range, request("http://a", "x", "1.5")) == Match::no);
  CHECK(header(range, request("http://a", "x", "")) == Match::no);
}

TEST_CASE("matches: parameters of the query, and what only a proxy knows") {
  const auto all = [](const std::string& match, const std::string& url) {
    auto out = Match::undecided;
    look(match,
         [&](const envoy::Value& value) { out = envoy::route_matches(value, request(url)).match; });
    return out;
  };
  const auto with = [](const std::string& more) { return R"({"prefix": "/", )" + more + '}'; };
  const auto exact = with(R"("query_parameters": [{"name": "v", "string_match": {"exact": "2"}}])");
  CHECK(all(exact, "http://a/?u=1&v=2") == Match::yes);
  CHECK(all(exact, "http://a/?v=1&v=2") == Match::no);
  CHECK(all(exact, "http://a/?v") == Match::no);
  CHECK(all(exact, "http://a/") == Match::no);
  CHECK(all(with(R"("query_parameters": [{"name": "v", "present_match": true}])"), "http://a/?v") ==
        Match::yes);
  CHECK(all(with(R"("grpc": {})"), "grpc://a:80/s/m") == Match::yes);
  CHECK(all(with(R"("grpc": {})"), "http://a/s/m") == Match::no);
  const auto fraction = [&](const std::string& percent) {
    return with(R"("runtime_fraction": {"default_value": {"numerator": )" + percent + "}}");
  };
  CHECK(all(fraction("100"), "http://a") == Match::yes);
  CHECK(all(fraction("0"), "http://a") == Match::no);
  CHECK(all(fraction("30"), "http://a") == Match::undecided);
  // What does not match anyway does not depend on it.
  CHECK(all(R"({"prefix": "/x", "runtime_fraction": {"default_value": {"numerator": 30}}})",
            "http://a") == Match::no);
}

TEST_CASE("matches: cookies") {
  const auto cookie = [](const std::string& more, const std::string& sent) {
    auto out = Match::undecided;
    look(R"({"prefix": "/", "cookies": [{"name": "b", "string_match": {"exact": "1"})" + more +
             "}]}",
         [&](const envoy::Value& value) {
           out = envoy::route_matches(value, request("http://a/", "cookie", sent)).match;
         });
    return out;
  };
  CHECK(cookie("", "a=2; b=1") == Match::yes);
  CHECK(cookie("", "a=1; b=2") == Match::no);
  CHECK(cookie("", "bb=1") == Match::no);
  CHECK(cookie(R"(, "invert_match": true)", "b=2") == Match::yes);
  CHECK(cookie(R"(, "invert_match": true)", "a=1") == Match::undecided);
}

TEST_CASE("virtual hosts: the order of domains") {
  const std::string all = R"("*", "a.*", "a.b.*", "*.c", "*.b.c", "*-b.c", "a.b.c")";
  CHECK(host(all, "a.b.c") == "a.b.c");
  CHECK(host(all, "A.B.C") == "a.b.c");
  CHECK(host(all, "x.b.c") == "*.b.c");
  CHECK(host(all, "x-b.c") == "*-b.c");
  CHECK(host(all, "a.b.d") == "a.b.*");
  CHECK(host(all, "a.d") == "a.*");
  CHECK(host(all, "d") == "*");
  CHECK(host(R"("*.b.c")", ".b.c") == "none");
  CHECK(host(R"("*.b.c")", "b.c") == "none");
  CHECK(host(R"("a.b")", "a.b:80") == "none");
  CHECK(host(R"("a.b")", "a.b:80", R"(, "ignore_port_in_host_matching": true)") == "a.b");
  CHECK(envoy::without_port("[::1]:80") == "[::1]");
  CHECK(envoy::without_port("::1") == "::1");
  CHECK(envoy::without_port("a:") == "a:");
}

TEST_CASE("filter chains: one criterion after the other, and never back") {
  const auto sni = named("exact", R"({"server_names": ["a.b.c"]})") + ',' +
                   named("star", R"({"server_names": ["*.b.c"]})") + ',' +
                   named("short", R"({"server_names": ["*.c"]})") + ',' + named("any", "{}");
  const auto to = [](const std::string& name) {
    return envoy::Connection{.port = 443, .server_name = name, .transport = "tls"};
  };
  CHECK(chain(sni, to("a.b.c")) == "exact");
  CHECK(chain(sni, to("x.B.c")) == "star");
  CHECK(chain(sni, to("x.y.c")) == "short");
  CHECK(chain(sni, to("c")) == "any");
  CHECK(chain(sni, {.port = 443}) == "any");

  const auto ports = named("port", R"({"destination_port": 1, "transport_protocol": "tls"})") +
                     ',' + named("any", "{}");
  CHECK(chain(ports, {.port = 1, .transport = "tls"}) == "port");
  CHECK(chain(ports, {.port = 2}) == "any");
  CHECK(chain(ports, {.port = 1}) == "default");

  const auto ranges =
      named("wide", R"({"prefix_ranges": [{"address_prefix": "10.0.0.0", "prefix_len": 8}]})") +
      ',' +
      named("one", R"({"prefix_ranges": [{"address_prefix": "10.1.2.3", "prefix_len": 32}]})");
  CHECK(chain(ranges, {.address = "10.1.2.3"}) == "one");
  CHECK(chain(ranges, {.address = "10.1.2.4"}) == "wide");
  CHECK(chain(ranges, {.address = "11.1.2.4"}) == "default");

  const auto protocols = named("h2", R"({"application_protocols": ["h2", "h2c"]})") + ',' +
                         named("h1", R"({"application_protocols": ["http/1.1"]})");
  CHECK(chain(protocols, {.protocols = {"http/1.1", "h2"}}) == "h1");
  CHECK(chain(protocols, {.protocols = {"h2", "http/1.1"}}) == "h2");
  CHECK(chain(protocols, {}) == "default");
}

TEST_CASE("filter chains: a caller that is not known leaves it undecided") {
  look(R"({"filter_chains": [{"name": "some", "filter_chain_match": {"source_type": "EXTERNAL"}},
      {"name": "all"}]})",
       [](const envoy::Value& listener) {
         const auto choice = envoy::choose_chain(listener, {});
         CHECK(choice.chain["name"].text() == "all");
         CHECK_FALSE(choice.undecided.empty());
       });
}

TEST_CASE("clusters: how their endpoints are spoken to") {
  const auto tls = [](const std::string& context) {
    envoy::UpstreamTls out;
    look(R"({"transport_socket": {"name": "envoy.transport_sockets.tls", "typed_config": )" +
             context + "}}",
         [&](const envoy::Value& cluster) { out = envoy::tls_to(cluster, ""); });
    return out;
  };
  const auto simple = tls(R"({"sni": "s"})");
  CHECK(simple.word == "simple");
  CHECK(simple.server_name == "s");
  CHECK(simple.notes == std::vector<std::string>{"any certificate of the server is taken"});
  CHECK(tls(R"({"common_tls_context": {"validation_context": {}}})").notes.empty());
  CHECK(tls(R"({"common_tls_context": {"tls_certificates": [{}]}})").word == "mutual");
  CHECK(tls(R"({"common_tls_context": {"tls_certificate_sds_secret_configs": [{"name": "file"}]}})")
            .word == "mutual");
  CHECK(
      tls(R"({"common_tls_context": {"tls_certificate_sds_secret_configs": [{"name": "default"}]}})")
          .word == "istio mutual");
  look("{}", [](const envoy::Value& cluster) { CHECK(envoy::tls_to(cluster, "").word == "none"); });
}

TEST_CASE("names of services: short ones are of the own namespace") {
  const std::string whole = "a.shop.svc.cluster.local";
  CHECK(envoy::stands_for("a", whole, "shop"));
  CHECK_FALSE(envoy::stands_for("a", whole, "pay"));
  CHECK(envoy::stands_for("a", whole, ""));
  CHECK(envoy::stands_for("a.shop", whole, "pay"));
  CHECK_FALSE(envoy::stands_for("a.pay", whole, "pay"));
  CHECK(envoy::stands_for("a.shop.svc", whole, "pay"));
  CHECK(envoy::stands_for(whole, whole, "pay"));
  CHECK(envoy::stands_for(whole + ".", whole, "pay"));
  CHECK_FALSE(envoy::stands_for("example", "example.com", ""));
}

}  // namespace aksmesh::test
