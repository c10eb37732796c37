// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <doctest/doctest.h>

#include "istio/validation/jwks.hpp"
#include "istio/validation/url_syntax.hpp"

namespace aksmesh::test {

using namespace istio::validation;

TEST_CASE("url: schemes and faults") {
  struct Row {
    const char* text;
    const char* scheme;
  };
  for (const auto& row :
       {Row{"https://a.b:8443/c?d=%zz#e%20", "https"}, Row{"HTTP://a", "http"},
        Row{"https://u:p%40w@[::1]:80/", "https"}, Row{"http://[fe80::1%25eth0]/", "http"},
        Row{"http://%C3%A4/", "http"}, Row{"http://a:/", "http"}, Row{"a:5000/b", "a"},
        Row{"mailto:a@b", "mailto"}, Row{"a/b:c", ""}, Row{"/a b", ""}, Row{"1a/b", ""},
        Row{"//a/b", ""}, Row{"", ""}, Row{"*", ""}}) {
    CAPTURE(row.text);
    const auto url = parse_url(row.text, UrlForm::reference);
    CHECK(url.fault == "");
    CHECK(url.scheme == row.scheme);
  }
  for (const char* text :
       {":a", "1a:b", "http://a b/", "http://a:b/", "http://a:1:2/", "http://[::1/", "http://[a]/",
        "http://[::1]x/", "http://%41/", "http://%4/", "http://a/%4", "http://a/%zz", "/a#%",
        "http:"
        "//a^b/",
        "http://a`b@c/", "http://%@c/", "a\x01", "a b:c"}) {
    CAPTURE(text);
    CHECK(parse_url(text, UrlForm::reference).fault != "");
  }
  CHECK(parse_url("a/b", UrlForm::request).fault != "");
  CHECK(parse_url("", UrlForm::request).fault != "");
  CHECK(parse_url("/a", UrlForm::request).fault == "");
  CHECK(parse_url("oci://a/b:1", UrlForm::request).scheme == "oci");
}

TEST_CASE("base64") {
  for (const char* text : {"", "AAAA", "AA==", "AAA=", "+/+/"})
    CHECK(is_base64(text, Base64::standard));
  for (const char* text : {"A", "AA", "AAA", "AA=", "-_AA", "A===", "AA=A", "===="})
    CHECK_FALSE(is_base64(text, Base64::standard));
  for (const char* text : {"", "AA", "AAA", "AA==", "-_", "+/"})
    CHECK(is_base64(text, Base64::any));
  for (const char* text : {"A", "AA=", "+-AA", "A A"}) CHECK_FALSE(is_base64(text, Base64::any));
}

TEST_CASE("jwks") {
  for (const char* text :
       {R"({"keys": []})", R"({"keys": null})",
        R"({"keys": [{"kty": "RSA", "n": "AQAB", "e": "AQAB", "kid": "a", "x": 1}], "y": {}})",
        R"({"keys": [{"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}]})",
        R"({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "AA"}]})",
        R"({"kty": "oct", "k": "AA"})"}) {
    CAPTURE(text);
    CHECK(jwks_fault(text) == "");
  }
  for (const char* text : {"", "{", "[]", "null", "\"a\"", "keys: []", "{}", R"({"keys": {}})",
                           R"({"keys": [1]})", R"({"keys": [{}]})", R"({"keys": [{"kty": "rsa"}]})",
                           R"({"keys": [{"kty": 1}]})", R"({"keys": [{"kty": "RSA", "n": "AA"}]})",
                           R"({"keys": [{"kty": "RSA", "n": 1, "e": "AA"}]})",
                           R"({"keys": [{"kty": "RSA", "n": "A", "e": "AA"}]})",
                           R"({"keys": [{"kty": "RSA", "n": "AA", "e": "AA", "kid": 1}]})",
                           R"({"keys": [{"kty": "EC", "crv": "P-256", "x": "AA"}]})",
                           R"({"keys": [{"kty": "OKP", "x": "AA"}]})", R"({"keys": []}, {})"}) {
    CAPTURE(text);
    CHECK(jwks_fault(text) != "");
  }
}

}  // namespace aksmesh::test
