// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "azure/client_assertion.hpp"
#include "base/base64.hpp"
#include "base/strings.hpp"
#include "data/json_edit.hpp"
#include "support/certificates.hpp"

namespace aksmesh::test {
namespace {

using azure::ClientCertificate;

constexpr std::int64_t kNow = 1'788'264'000;

/// Making keys takes time; one of each is enough.
struct Material {
  TestKey key = TestKey::rsa();
  TestKey other_key = TestKey::rsa();
  TestCertificate root = TestCertificate::of(other_key, "root", {});
  TestCertificate leaf = TestCertificate::of(key, "leaf", root, other_key);
  TestCertificate self = TestCertificate::of(key, "self", {});
};
const Material& material() {
  static const Material made;
  return made;
}

std::string decode_url(std::string_view text) {
  auto copy = replace_all(replace_all(text, "-", "+"), "_", "/");
  copy.append((4 - copy.size() % 4) % 4, '=');
  return decode_base64(copy).value();
}

std::string why_not(const std::string& content, const std::string& password = {}) {
  const auto result = ClientCertificate::read(content, Secret(password));
  REQUIRE(!result);
  CHECK(result.error().kind == ErrorKind::auth);
  return result.error().why;
}

void check_parts(const std::string& content, const std::string& password, std::size_t chain) {
  const auto result = ClientCertificate::read(content, Secret(password));
  REQUIRE_MESSAGE(result, result.error().why);
  CHECK(result->chain().size() == chain);
  CHECK(material().key.verifies_ps256("text", *result->sign("text")));
}

}  // namespace

TEST_CASE("client certificate: PEM in any order, its chain sorted") {
  const auto& made = material();
  const auto key = made.key.pem();
  const auto leaf = made.leaf.pem();
  const auto root = made.root.pem();
  check_parts(key + leaf, "", 1);
  check_parts(leaf + key, "", 1);
  check_parts("Bag Attributes\n  friendlyName: x\n" + root + leaf + key, "", 2);
  const auto result = ClientCertificate::read(root + key + leaf, {});
  REQUIRE(result);
  CHECK(result->chain() == std::vector<std::string>{made.leaf.der(), made.root.der()});
  CHECK(result->thumbprint().size() == 32);
}

TEST_CASE("client certificate: passwords of PEM and of PKCS#12") {
  const auto& made = material();
  const auto pem = made.leaf.pem() + made.key.pem("opens");
  check_parts(pem, "opens", 1);
  CHECK(why_not(pem) == "its private key is encrypted, and there is no password");
  CHECK(why_not(pem, "wrong") == "the password does not fit its private key");
  const auto store = pkcs12(made.key, {made.leaf, made.root}, "opens");
  check_parts(store, "opens", 2);
  check_parts(pkcs12(made.key, {made.leaf}, ""), "", 1);
  CHECK(why_not(store) == "it is encrypted, and there is no password");
  CHECK(why_not(store, "wrong") == "the password does not fit");
  CHECK(why_not(pkcs12(made.key, {made.leaf}, "opens", Mac::none), "opens") ==
        "it has no integrity check (MAC), and OpenSSL does not read it without");
}

TEST_CASE("client certificate: what cannot be used says why") {
  const auto& made = material();
  CHECK(why_not(made.leaf.pem()) == "the file holds no private key");
  CHECK(why_not(made.key.pem()) == "the file holds a private key, but no certificate");
  CHECK(why_not(made.key.pem() + made.root.pem()) ==
        "no certificate of the file goes with its private key");
  const auto elliptic = TestKey::elliptic();
  CHECK(why_not(elliptic.pem() + TestCertificate::of(elliptic, "ec", {}).pem()) ==
        "its key is none of RSA, and Entra ID takes only those");
  CHECK(why_not("") == "the file holds no private key");
  CHECK(why_not("\x30\x03xyz") == "the file is neither PEM nor PKCS#12");
  auto broken = made.key.pem();
  broken.replace(60, 20, "####################");
  CHECK(why_not(broken) == "its private key cannot be read");
}

TEST_CASE("client certificate: outside of its validity") {
  const auto& made = material();
  const auto check = [&](TestCertificate::Validity validity) {
    const auto pem = made.key.pem() + TestCertificate::of(made.key, "self", validity).pem();
    const auto result = ClientCertificate::read(pem, {});
    REQUIRE(result);
    const auto status = result->check_validity(kNow);
    return status ? std::string("valid") : status.error().why;
  };
  CHECK(check({kNow - 1, kNow + 1}) == "valid");
  CHECK(check({kNow - 90'000, kNow - 86'400}) == "it expired on 2026-08-31");
  CHECK(check({kNow + 86'400, kNow + 90'000}) == "it is not valid before 2026-09-02");
}

TEST_CASE("client assertion: header, claims and signature") {
  const auto& made = material();
  const auto certificate = ClientCertificate::read(made.key.pem() + made.leaf.pem(), {});
  REQUIRE(certificate);
  const azure::AssertionClaims claims{.audience = "https://login.example/t/oauth2/v2.0/token",
                                      .client_id = "c",
                                      .id = "00000000-0000-4000-8000-000000000001",
                                      .now = kNow};
  const auto assertion = client_assertion(*certificate, claims, azure::Chain::leave_out);
  REQUIRE(assertion);
  const auto& text = assertion->reveal();
  const auto parts = split(text, '.');
  REQUIRE(parts.size() == 3);
  CHECK(decode_url(parts[0]) == R"({"alg":"PS256","typ":"JWT","x5t#S256":")" +
                                    encode_base64url(certificate->thumbprint()) + "\"}");
  CHECK(decode_url(parts[1]) ==
        R"({"aud":"https://login.example/t/oauth2/v2.0/token","iss":"c","sub":"c",)"
        R"("jti":"00000000-0000-4000-8000-000000000001","nbf":1788264000,"iat":1788264000,)"
        R"("exp":1788264600})");
  const auto signed_text = text.substr(0, parts[0].size() + 1 + parts[1].size());
  CHECK(made.key.verifies_ps256(signed_text, decode_url(parts[2])));
  CHECK(!made.other_key.verifies_ps256(signed_text, decode_url(parts[2])));
}

TEST_CASE("client assertion: the chain goes along on request") {
  const auto& made = material();
  const auto certificate =
      ClientCertificate::read(made.root.pem() + made.key.pem() + made.leaf.pem(), {});
  REQUIRE(certificate);
  const auto assertion = client_assertion(*certificate, {}, azure::Chain::send);
  REQUIRE(assertion);
  const auto header =
      data::JsonDocument::parse(decode_url(split(assertion->reveal(), '.').front()));
  REQUIRE(header);
  std::vector<std::string> chain;
  for (const auto& one : header->root()["x5c"].items()) chain.emplace_back(one.text());
  CHECK(chain ==
        std::vector<std::string>{encode_base64(made.leaf.der()), encode_base64(made.root.der())});
}

}  // namespace aksmesh::test
