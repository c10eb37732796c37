// SPDX-License-Identifier: Apache-2.0
#include "envoy/log_levels.hpp"

#include <doctest/doctest.h>

namespace aksmesh::test {

using envoy::LogLevels;

TEST_CASE("log levels: the page lists them") {
  const auto levels = envoy::read_log_levels("active loggers:\n  admin: warning\n  http: debug\n");
  REQUIRE(levels.has_value());
  CHECK(*levels == LogLevels{{"admin", "warning"}, {"http", "debug"}});
  CHECK(envoy::read_log_levels("usage: /logging?<name>=<level>\n").error().kind ==
        ErrorKind::bad_data);
}

TEST_CASE("log levels: a bare level is for all, and comes first") {
  const auto wish = envoy::parse_log_wish("http:debug, info,envoy::rbac=trace,admin:warn");
  REQUIRE(wish.has_value());
  CHECK(wish->all == "info");
  CHECK(wish->some == LogLevels{{"http", "debug"}, {"rbac", "trace"}, {"admin", "warning"}});
  const LogLevels before{{"admin", "error"}, {"http", "error"}, {"pool", "error"}, {"rbac", "off"}};
  CHECK(envoy::wished(*wish, before) ==
        LogLevels{{"admin", "warning"}, {"http", "debug"}, {"pool", "info"}, {"rbac", "trace"}});
}

TEST_CASE("log levels: words that are none are refused, with those that are near") {
  const auto wrong = envoy::parse_log_wish("debg").error();
  CHECK(wrong.kind == ErrorKind::usage);
  CHECK(wrong.next == std::vector<std::string>{"debug"});
  CHECK(envoy::parse_log_wish("http:loud").error().what == "'loud' is no log level");
  CHECK(envoy::parse_log_wish("").error().kind == ErrorKind::usage);
  const auto unknown = envoy::check_loggers({.some = {{"htp", "debug"}}}, {{"http", "info"}});
  CHECK(unknown.error().what == "the proxy has no logger 'htp'");
  CHECK(unknown.error().next == std::vector<std::string>{"--level http:debug"});
}

TEST_CASE("log levels: only what differs is sent") {
  const LogLevels now{{"a", "info"}, {"b", "info"}, {"c", "off"}};
  CHECK(envoy::log_page(now, now).empty());
  CHECK(envoy::log_page(now, {{"a", "info"}, {"b", "debug"}, {"c", "trace"}}) ==
        "/logging?paths=b:debug,c:trace");
  CHECK(envoy::log_page(now, {{"a", "off"}, {"b", "off"}, {"c", "off"}}) == "/logging?level=off");
}

}  // namespace aksmesh::test
