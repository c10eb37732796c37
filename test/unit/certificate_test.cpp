// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <doctest/doctest.h>

#include "data/certificate.hpp"

namespace aksmesh::test {
namespace {

// Made for this test; their key is thrown away.
constexpr std::string_view kOfThisCentury =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBMjCB2QIUGAKmorEos5RQ56uQkS2ev83WJLswCgYIKoZIzj0EAwIwGzEZMBcG\n"
    "A1UEAwwQc2hvcC5jb250b3NvLmNvbTAgFw0yNDAxMDEwMDAwMDBaGA8yMDk5MTIz\n"
    "MTIzNTk1OVowGzEZMBcGA1UEAwwQc2hvcC5jb250b3NvLmNvbTBZMBMGByqGSM49\n"
    "AgEGCCqGSM49AwEHA0IABOtC6/iKezqlXQdYxmvDS88g14sXwSMV8v5kZqyUy8aC\n"
    "tzMnIF5E2B1K1ZG15DwXIOckOjgIo4fhAH5QGGSsPWEwCgYIKoZIzj0EAwIDSAAw\n"
    "RQIhAPJDJpeVHRYZ3jcbAYB1MB7K9Ez5chpK+ORgSh2/SGIVAiALXeINz3mSKnB7\n"
    "3Qp9bWo3u//3Wq7+N/D5lJgwusIG5A==\n"
    "-----END CERTIFICATE-----\n";
constexpr std::string_view kOf2020 =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBMDCB1wIUPrFIZQTxOqynax2/hIuoivISGQUwCgYIKoZIzj0EAwIwGzEZMBcG\n"
    "A1UEAwwQc2hvcC5jb250b3NvLmNvbTAeFw0yMDAxMDEwMDAwMDBaFw0yMDEyMzEy\n"
    "MzU5NTlaMBsxGTAXBgNVBAMMEHNob3AuY29udG9zby5jb20wWTATBgcqhkjOPQIB\n"
    "BggqhkjOPQMBBwNCAATrQuv4ins6pV0HWMZrw0vPINeLF8EjFfL+ZGaslMvGgrcz\n"
    "JyBeRNgdStWRteQ8FyDnJDo4CKOH4QB+UBhkrD1hMAoGCCqGSM49BAMCA0gAMEUC\n"
    "IAZ350rJ02ow58b84lDTGg2xFp2/JV4ojiKY1mz17SokAiEAlBuapwtI5RVg7Lhm\n"
    "c/dauSTPSX5HhKJSHvoIq5BZHAk=\n"
    "-----END CERTIFICATE-----\n";

constexpr sys::Date kToday{2026, 9, 1};

std::string in_block(std::string_view content) {
  return "-----BEGIN CERTIFICATE-----\n" + std::string(content) + "\n-----END CERTIFICATE-----\n";
}

}  // namespace

TEST_CASE("certificate: its days of validity, first and last included") {
  const auto found = data::read_certificates(kOf2020);
  REQUIRE(found.size() == 1);
  CHECK(found[0].from.text() == "2020-01-01");
  CHECK(found[0].until.text() == "2020-12-31");
  CHECK(found[0].is_valid_on({2020, 1, 1}));
  CHECK(found[0].is_valid_on({2020, 12, 31}));
  CHECK(!found[0].is_valid_on({2019, 12, 31}));
  CHECK(!found[0].is_valid_on({2021, 1, 1}));
}

TEST_CASE("certificate: of several blocks the first counts, text around it does not") {
  const auto chain = "Subject: shop\n" + std::string(kOfThisCentury) + std::string(kOf2020);
  const auto found = data::read_certificates(chain);
  REQUIRE(found.size() == 1);
  CHECK(found[0].is_valid_on(kToday));
}

TEST_CASE("certificate: nothing in what is none") {
  CHECK(data::read_certificates("").empty());
  CHECK(data::read_certificates("hello").empty());
  CHECK(data::read_certificates(in_block("")).empty());
  CHECK(data::read_certificates(in_block("aGVsbG8=")).empty());
  CHECK(data::read_certificates(in_block("not base64")).empty());
  CHECK(data::read_certificates(kOf2020.substr(0, kOf2020.size() / 2)).empty());
}

TEST_CASE("certificate: every block of a bundle, each with its own fingerprint") {
  const auto both = data::read_bundle(std::string("# roots\n") + std::string(kOfThisCentury) +
                                      "\n" + std::string(kOf2020) + "rest");
  REQUIRE(both.size() == 2);
  CHECK(both[1].until == sys::Date{2020, 12, 31});
  CHECK(both[0].fingerprint.size() == 32);
  CHECK(both[0].fingerprint != both[1].fingerprint);
  CHECK(both[0].fingerprint == data::read_bundle(kOfThisCentury).front().fingerprint);
  CHECK(data::read_bundle("").empty());
  CHECK(data::read_bundle("-----END CERTIFICATE-----").empty());
}

}  // namespace aksmesh::test
