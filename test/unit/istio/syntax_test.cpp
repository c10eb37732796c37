// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "istio/validation/syntax.hpp"

namespace aksmesh::test {
namespace {

using namespace istio::validation;

struct Row {
  std::string text;
  bool good;
};

const std::string k63(63, 'a');
const std::string k255 = k63 + '.' + k63 + '.' + k63 + '.' + k63;

}  // namespace

TEST_CASE("validation: labels") {
  for (const auto& row : std::vector<Row>{{"a", true},
                                          {"A-9", true},
                                          {k63, true},
                                          {k63 + 'a', false},
                                          {"", false},
                                          {"-a", false},
                                          {"a-", false},
                                          {"a_b", false},
                                          {"a.b", false}})
    CHECK_MESSAGE(is_label(row.text) == row.good, row.text);
}

TEST_CASE("validation: domains") {
  for (const auto& row : std::vector<Row>{{"a.example.com", true},
                                          {"a.example.com.", true},
                                          {"web", true},
                                          {k255, true},
                                          {k255 + 'a', false},
                                          {"", false},
                                          {".", false},
                                          {"a..b", false},
                                          {"*.example.com", false},
                                          {"a.123", false},
                                          {"123", false},
                                          {"1.a", true},
                                          {"a_b.com", false}})
    CHECK_MESSAGE(domain_fault(row.text).empty() == row.good, row.text, ": ",
                  domain_fault(row.text));
}

TEST_CASE("validation: wildcard domains") {
  for (const auto& row : std::vector<Row>{{"*", true},
                                          {"*.example.com", true},
                                          {"*-a.example.com", true},
                                          {"*a.example.com", true},
                                          {"a*.example.com", false},
                                          {"**.example.com", false},
                                          {"a.*.com", false},
                                          {"123", true},
                                          {"*.123", false},
                                          {"a.b.", true},
                                          {"", false},
                                          {"10.0.0.1", false}})
    CHECK_MESSAGE(wildcard_domain_fault(row.text).empty() == row.good, row.text);
}

TEST_CASE("validation: addresses") {
  for (const auto& row : std::vector<Row>{{"10.0.0.1", true},
                                          {"10.0.0.256", false},
                                          {"10.0.0.01", false},
                                          {"10.0.0", false},
                                          {"10.0.0.1.2", false},
                                          {"::", true},
                                          {"::1", true},
                                          {"fe80::1%eth0", true},
                                          {"fe80::1%", false},
                                          {"1:2:3:4:5:6:7:8", true},
                                          {"1:2:3:4:5:6:7", false},
                                          {"1::2:3:4:5:6:7:8", false},
                                          {"1:2:3:4:5:6:7::", true},
                                          {"::ffff:10.0.0.1", true},
                                          {"1:2:3:4:5:6:10.0.0.1", true},
                                          {"10.0.0.1::1", false},
                                          {"12345::", false},
                                          {":::", false},
                                          {":1", false},
                                          {"", false}}) {
    CHECK_MESSAGE(is_ip(row.text) == row.good, row.text);
    CHECK_MESSAGE(is_ip_or_cidr(row.text) == row.good, row.text);
  }
  for (const auto& row : std::vector<Row>{{"10.0.0.0/8", true},
                                          {"10.0.0.0/33", false},
                                          {"10.0.0.0/08", false},
                                          {"10.0.0.0/", false},
                                          {"10.0.0.0/8/8", false},
                                          {"2001:db8::/32", true},
                                          {"::/129", false},
                                          {"::/0", true},
                                          {"a/8", false}})
    CHECK_MESSAGE(is_ip_or_cidr(row.text) == row.good, row.text);
}

TEST_CASE("validation: keys and values of labels") {
  for (const auto& row : std::vector<Row>{{"app", true},
                                          {"app.kubernetes.io/name", true},
                                          {"a_b.C-d", true},
                                          {"", false},
                                          {"/a", false},
                                          {"a/", false},
                                          {"a/b/c", false},
                                          {"a_b/c", false},
                                          {"_a", false},
                                          {k63 + 'a', false},
                                          {std::string(254, 'a') + "/a", false}})
    CHECK_MESSAGE(is_label_key(row.text) == row.good, row.text);
  CHECK(is_label_value(""));
  CHECK(is_label_value(std::string(100, 'v')));
  CHECK_FALSE(is_label_value("a b"));
  CHECK_FALSE(is_label_value("v1."));
}

TEST_CASE("validation: durations") {
  using std::chrono::nanoseconds;
  CHECK(parse_duration("1s") == nanoseconds{1'000'000'000});
  CHECK(parse_duration("1.5s") == nanoseconds{1'500'000'000});
  CHECK(parse_duration("1h30m") == nanoseconds{5'400'000'000'000});
  CHECK(parse_duration(".5ms") == nanoseconds{500'000});
  CHECK(parse_duration("10us") == nanoseconds{10'000});
  CHECK(parse_duration("-1s") == nanoseconds{-1'000'000'000});
  CHECK(parse_duration("0") == nanoseconds{0});
  CHECK(parse_duration("0s") == nanoseconds{0});
  for (const char* text :
       {"", "1", "s", "5 s", "1.2.3s", "1d", "--1s", "1s ", ".s", "99999999999999999999h", "1e3s"})
    CHECK_MESSAGE(!parse_duration(text), text);
}

TEST_CASE("validation: sockets") {
  for (const auto& row : std::vector<Row>{{"unix:///run/a.sock", true},
                                          {"unix://@abstract", true},
                                          {"unix://", false},
                                          {"unix://run/a.sock", false},
                                          {"unix:///run/", false}})
    CHECK_MESSAGE(unix_address_fault(row.text).empty() == row.good, row.text);
}

TEST_CASE("validation: header values") {
  for (const auto& row : std::vector<Row>{{"", true},
                                          {"a\tb", true},
                                          {"a\nb", false},
                                          {"100%", false},
                                          {"100%%", true},
                                          {"%DOWNSTREAM_REMOTE_ADDRESS%", true},
                                          {"%REQ(x-id?y)% and %%", true},
                                          {"%REQ(x-id)", false},
                                          {"%REQ(x-id", false},
                                          {R"(%DYNAMIC_METADATA(["a", "b"])%)", true},
                                          {R"(%DYNAMIC_METADATA( [ "a" ] ) %)", true},
                                          {R"(%DYNAMIC_METADATA([a])%)", false},
                                          {R"(%DYNAMIC_METADATA(["a" "b"])%)", false},
                                          {R"(%DYNAMIC_METADATA(["a"]x)%)", false},
                                          {R"(%REQ(a\)b)%)", true},
                                          {R"(%REQ(a\)", false},
                                          {"%A(b)x%", false}})
    CHECK_MESSAGE(header_value_fault(row.text).empty() == row.good, row.text);
}

TEST_CASE("validation: regular expressions that RE2 takes") {
  for (const char* text : {"",
                           "a",
                           "^a$",
                           "a|b|",
                           "[]a]",
                           "[^]a]",
                           "[a-z-]",
                           "[[:alpha:]_]",
                           "[[:^digit:]]",
                           R"([\d\pL])",
                           R"(\d\D\w\W\s\S\b\B\A\z)",
                           R"(\pL\PN\p{Greek}\P{^Lu}\p{Any})",
                           R"(\x41\x{263a}\07\123)",
                           R"(\Q(a*\E+)",
                           R"(\Qabc)",
                           "(a)",
                           "(?:a)",
                           "(?P<n>a)",
                           "(?<n_1>a)",
                           "(?i)a",
                           "(?i-s:a)",
                           "(?)",
                           "a*?b+?c??",
                           "a{2}b{2,}c{2,3}?",
                           "a{,2}",
                           "a{x",
                           "{",
                           "a{1000}",
                           "(a{10}){100}",
                           "^*",
                           R"(\b+)",
                           R"(\_\-\.\/)",
                           "é+",
                           "(|a)*",
                           "[a-c-e]",
                           R"(\a\f\t\n\r\v)",
                           "[[:"
                           "a]"})
    CHECK_MESSAGE(regex_fault(text).empty(), text, ": ", regex_fault(text));
}

TEST_CASE("validation: regular expressions that RE2 refuses") {
  for (const char* text : {"(",
                           ")",
                           "a)",
                           "(a",
                           "[",
                           "[a",
                           "[]",
                           "[z-a]",
                           R"([a-\d])",
                           R"([\b])",
                           "[[:word",
                           "[[:foo:]]",
                           "*",
                           "a|*",
                           "(*a)",
                           "a**",
                           "a*+",
                           "a++",
                           "a{2}{3}",
                           "a*{2}",
                           "a{1001}",
                           "a{3,2}",
                           "(a{500}){3}",
                           "(?=a)",
                           "(?!a)",
                           "(?<=a)",
                           "(?<!a)",
                           "(?>a)",
                           "(?#a)",
                           "(?P=n)",
                           "(?P<n>a)(?P<n>b)",
                           "(?P<>a)",
                           "(?P<n-1>a)",
                           "(?x)a",
                           "(?i-)a",
                           R"(\1)",
                           R"(\8)",
                           R"(\Z)",
                           R"(\q)",
                           R"(\C)",
                           R"(\E)",
                           "\\",
                           R"(\p{Foo})",
                           R"(\p{Greek)",
                           R"(\pX)",
                           R"(\x4)",
                           R"(\x{})",
                           R"(\x{110000})",
                           R"(\é)"})
    CHECK_MESSAGE(!regex_fault(text).empty(), text);
  std::string nested;
  for (int i = 0; i < 5000; ++i) nested += '(';
  CHECK_FALSE(regex_fault(nested).empty());
}

}  // namespace aksmesh::test
