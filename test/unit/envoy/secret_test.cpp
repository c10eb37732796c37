// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include "base/base64.hpp"
#include "envoy/secret.hpp"
#include "support/dump_rows.hpp"

namespace aksmesh::test {
namespace {

using envoy::Columns;
using envoy::SecretRow;

// Made for this test; their key is thrown away. From noon of 2026-08-31 to noon of 2026-09-02, and
// from 2026 to 2036.
constexpr std::string_view kLeaf =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBqTCCAU+gAwIBAgIUTGtNPD+WA2WXZDQaUrlO6Gxolq8wCgYIKoZIzj0EAwIw\n"
    "GDEWMBQGA1UECgwNY2x1c3Rlci5sb2NhbDAeFw0yNjA4MzExMjAwMDBaFw0yNjA5\n"
    "MDIxMjAwMDBaMAAwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATF3kLyZB1TYmI6\n"
    "bIRH71QTEbhy3xTXjRX7RLWqj/nosC+oclxL9bjSc2aDS+o13RvUq1rOGgMevmNr\n"
    "t1QEi8uYo4GOMIGLMF8GA1UdEQRYMFaGJXNwaWZmZTovL2NsdXN0ZXIubG9jYWwv\n"
    "bnMvc2hvcC9zYS93ZWKCCHdlYi5zaG9whwQKAAABhxD9AAAAAAAAAAAAAAAAAAAB\n"
    "gQthQGIuZXhhbXBsZTAJBgNVHRMEAjAAMB0GA1UdDgQWBBSmN3Gjh+ZtDincyweT\n"
    "G4G3GlyQVTAKBggqhkjOPQQDAgNIADBFAiEAhHHDtm6R7HOU1uRroKj9LatAfWgl\n"
    "iZN4CRbgXedKCTICIGFE7okuYEd8Psuy0u7CRD3f3V160QoENKD5/FSg+yCs\n"
    "-----END CERTIFICATE-----\n";
constexpr std::string_view kRoot =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBZDCCAQqgAwIBAgIUUkJgh/5BhOMbCNWvBYrHXJ2RG2swCgYIKoZIzj0EAwIw\n"
    "GDEWMBQGA1UECgwNY2x1c3Rlci5sb2NhbDAeFw0yNjAxMDEwMDAwMDBaFw0zNjAx\n"
    "MDEwMDAwMDBaMBgxFjAUBgNVBAoMDWNsdXN0ZXIubG9jYWwwWTATBgcqhkjOPQIB\n"
    "BggqhkjOPQMBBwNCAATF3kLyZB1TYmI6bIRH71QTEbhy3xTXjRX7RLWqj/nosC+o\n"
    "clxL9bjSc2aDS+o13RvUq1rOGgMevmNrt1QEi8uYozIwMDAPBgNVHRMBAf8EBTAD\n"
    "AQH/MB0GA1UdDgQWBBSmN3Gjh+ZtDincyweTG4G3GlyQVTAKBggqhkjOPQQDAgNI\n"
    "ADBFAiEA1JW39M+aRpdhewDj6gUlyOPglnJudTjfdLXO/Nj/y+gCIBkYPBFGdMPw\n"
    "Y3iiOj6N52TfQ2cQeN5IlE02sZY3/0dX\n"
    "-----END CERTIFICATE-----\n";
constexpr std::int64_t kNoon = 1'788'264'000;  // of 2026-09-01

std::vector<SecretRow> read(const std::string& lists) {
  std::vector<SecretRow> out;
  read_entries(section_text(envoy::kSecretSection, lists), envoy::kSecretLists,
               [&](const envoy::DumpEntry& entry) { out.push_back(envoy::secret_row(entry)); });
  envoy::sort_secrets(out);
  return out;
}

/// The only one of a dump, active, with these members.
SecretRow active(const std::string& members) {
  const auto rows =
      read(R"("dynamic_active_secrets": [{"name": "s", "secret": {)" + members + "}}]");
  REQUIRE(rows.size() == 1);
  return rows.front();
}

std::string in_base64(std::string_view pem) {
  return R"({"inline_bytes": ")" + encode_base64(pem) + "\"}";
}

std::string chain(std::string_view pem) {
  return R"("tls_certificate": {"certificate_chain": )" + in_base64(pem) + '}';
}

std::vector<std::string> cells(const SecretRow& row, Columns columns, std::size_t line = 0) {
  const auto table = envoy::secret_table({row}, kNoon, columns);
  REQUIRE(table.rows.size() > line);
  REQUIRE(table.rows[line].size() == table.columns.size());
  return table.rows[line];
}

}  // namespace

TEST_CASE("secret: the first certificate of a chain, in the columns of istioctl") {
  const auto row = active(chain(std::string(kLeaf) + std::string(kRoot)));
  CHECK(row.holds == "tls_certificate");
  const std::vector<std::string> expected{"s",
                                          "Cert Chain",
                                          "ACTIVE",
                                          "true",
                                          "4c6b4d3c3f9603659764341a52b94ee86c6896af",
                                          "2026-09-02T12:00:00Z",
                                          "2026-08-31T12:00:00Z",
                                          "cluster.local"};
  CHECK(cells(row, Columns::usual) == expected);
  CHECK(envoy::secret_table({row}, kNoon, Columns::usual).rows.size() == 1);
}

TEST_CASE("secret: the whole chain, names and days where everything is shown") {
  const auto row = active(chain(std::string(kLeaf) + std::string(kRoot)));
  CHECK(envoy::secret_table({row}, kNoon, Columns::all).rows.size() == 2);
  const auto first = cells(row, Columns::all);
  CHECK(first[9] == "1/2");
  CHECK(first[10] == "1");
  CHECK(first[11] ==
        "URI:spiffe://cluster.local/ns/shop/sa/web,DNS:web.shop,IP:10.0.0.1,"
        "IP:fd00:0000:0000:0000:0000:0000:0000:0001,email:a@b.example");
  const auto second = cells(row, Columns::all, 1);
  CHECK(second[1] == "CA");
  CHECK(second[7] == "-");  // it has no trust domain of its own
  CHECK(second[9] == "2/2");
}

TEST_CASE("secret: validity excludes both ends, days are rounded down") {
  const auto row = active(chain(kLeaf));
  const auto& one = row.bundles.front().first.front();
  constexpr std::int64_t kDay = 86'400;
  CHECK(!one.is_valid_at(kNoon - kDay));
  CHECK(one.is_valid_at(kNoon - kDay + 1));
  CHECK(!one.is_valid_at(kNoon + kDay));
  CHECK(envoy::days_left(one, kNoon) == 1);
  CHECK(envoy::days_left(one, kNoon + 1) == 0);
  CHECK(envoy::days_left(one, kNoon + kDay) == 0);
  CHECK(envoy::days_left(one, kNoon + kDay + 1) == -1);
}

TEST_CASE("secret: TRUST DOMAIN is a column only when every row has one") {
  const auto domain = active(chain(kLeaf));
  const auto none = active(R"("validation_context": {"trusted_ca": )" + in_base64(kRoot) + '}');
  CHECK(cells(none, Columns::usual)[1] == "CA");
  CHECK(envoy::secret_table({domain}, kNoon, Columns::usual).columns.size() == 8);
  CHECK(envoy::secret_table({domain, none}, kNoon, Columns::usual).columns.size() == 7);
  CHECK(envoy::secret_table({}, kNoon, Columns::usual).columns.size() == 7);
}

TEST_CASE("secret: a validator of SPIFFE has a row for each trust domain") {
  const auto row = active(
      R"("validation_context": {"trusted_ca": )" + in_base64(kRoot) +
      R"(, "custom_validator_config": {"name": "envoy.tls.cert_validator.spiffe", "typed_config":
      {"@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.SPIFFECertValidatorConfig",
       "trust_domains": [{"name": "a.example", "trust_bundle": )" +
      in_base64(kRoot) + R"(}, {"name": "b.example", "trust_bundle": {"filename": "/b"}}]}}})");
  const auto table = envoy::secret_table({row}, kNoon, Columns::usual);
  REQUIRE(table.rows.size() == 2);
  CHECK(table.rows[0].back() == "a.example");
  CHECK(table.rows[0][1] == "CA");
  CHECK(table.rows[1].back() == "b.example");
  CHECK(table.rows[1][3] == "false");
}

TEST_CASE("secret: what cannot be read is false and empty") {
  for (
      const std::string members :
      {R"("tls_certificate": {})", R"("tls_certificate": null)", R"("tls_certificate": [1])",
       R"("tls_certificate": {"certificate_chain": {"inline_bytes": "*"}})",
       R"("tls_certificate": {"certificate_chain": {"inline_bytes": 7}})",
       R"("tls_certificate": {"certificate_chain": {"inline_string": "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n"}})",
       R"("validation_context": {"trusted_ca": "x", "custom_validator_config": []})",
       R"("name": "other")"}) {
    CAPTURE(members);
    const std::vector<std::string> expected{"s", "", "ACTIVE", "false", "", "", ""};
    CHECK(cells(active(members), Columns::usual) == expected);
    CHECK(cells(active(members), Columns::all)[8] == "ACTIVE");
  }
  CHECK(read(R"("dynamic_active_secrets": [7, null, {}, {"secret": []}], "static_secrets": {})")
            .size() == 5);
}

TEST_CASE("secret: files are named, as in a bootstrap") {
  const auto row =
      active(R"("tls_certificate": {"certificate_chain": {"filename": "/etc/certs/chain.pem"}})");
  CHECK(row.file == "/etc/certs/chain.pem");
}

TEST_CASE("secret: warming ones come first, static ones are not istioctl's") {
  const auto rows = read(
      R"("static_secrets": [{"name": "z", "secret": {}}],
         "dynamic_active_secrets": [{"name": "b", "secret": {}}, {"name": "a", "secret": {}}],
         "dynamic_warming_secrets": [{"name": "w", "secret": {"name": "w"}, "error_state": {"details": "refused"}},
                                     {"name": "g", "secret": {"generic_secret": {}}}])");
  const auto usual = envoy::secret_table(rows, kNoon, Columns::usual);
  REQUIRE(usual.rows.size() == 4);
  CHECK(usual.rows[0][0] == "w");
  CHECK(usual.rows[0][2] == "WARMING");
  CHECK(usual.rows[2][0] == "b");
  CHECK(usual.rows[3][0] == "a");
  const auto all = envoy::secret_table(rows, kNoon, Columns::all);
  REQUIRE(all.rows.size() == 5);
  CHECK(all.rows[0][2] == "WARMING");
  CHECK(all.rows[0][8] == "UNINITIALIZED");
  CHECK(all.rows[0].back() == "refused");
  CHECK(all.rows[1][8] == "WARMING");  // generic secrets have no certificate
  CHECK(all.rows[4][2] == "STATIC");
}

TEST_CASE("secret: istiod's way to write keys, and hostile names") {
  const auto rows = read(
      R"("dynamicActiveSecrets": [{"name": "a\u001b[31m", "lastUpdated": "2026-09-01T00:00:00Z", "secret":
         {"tlsCertificate": {"certificateChain": )" +
      in_base64(kLeaf) + "}}}]");
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].updated == "2026-09-01T00:00:00Z");
  CHECK(cells(rows[0], Columns::usual)[0] == "a\\u001b[31m");
  CHECK(cells(rows[0], Columns::usual)[3] == "true");
}

}  // namespace aksmesh::test
