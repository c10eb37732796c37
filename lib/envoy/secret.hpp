// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "data/certificate.hpp"
#include "envoy/columns.hpp"
#include "report/table.hpp"

namespace aksmesh::envoy {

struct DumpEntry;

/// Certificates that stand together: a chain, or the roots of one trust domain.
struct CertificateBundle {
  /// Given by who wrote the bundle, else read from the first certificate; empty: none.
  std::string trust_domain{};
  /// Of the first PEM block; empty when there is none, or it cannot be read.
  std::vector<data::Certificate> first{};
  std::vector<data::Certificate> further{};  ///< of the other blocks
};

/// One secret of a proxy: a certificate with its key, roots, or what else Envoy calls so. Its
/// private parts are not looked at.
struct SecretRow {
  enum class State : std::uint8_t { warming, active, fixed };
  std::string name{};
  State state = State::active;
  /// One of them, more with the roots of several trust domains.
  std::vector<CertificateBundle> bundles{};
  std::string holds{};    ///< the member of Envoy's Secret, `tls_certificate`; empty: nothing
  std::string file{};     ///< where the certificates are, when they are not in the dump
  std::string updated{};  ///< RFC 3339; empty: not told
  std::string version{};  ///< of the push that brought it
  std::string error{};    ///< why the last update was refused, in Envoy's words
  std::string config{};   ///< for who wants the secret as Envoy gives it: JSON without blanks
  std::size_t section = 0;
  /// Whether it waits for its content, which is so when there is none to read.
  [[nodiscard]] bool is_uninitialized() const;
};

inline constexpr std::array<std::string_view, 3> kSecretLists{
    "dynamic_warming_secrets", "dynamic_active_secrets", "static_secrets"};
inline constexpr std::string_view kSecretSection = "SecretsConfigDump";

SecretRow secret_row(const DumpEntry& entry);
/// Warming, active, static; within each as in the dump.
void sort_secrets(std::vector<SecretRow>& rows);

/// `WARMING`, `ACTIVE` or `STATIC`, as istioctl says it.
std::string_view status_word(const SecretRow& row);
/// The same, but `UNINITIALIZED` for one that waits for its content.
std::string_view state_word(const SecretRow& row);
/// `CA` or `Cert Chain`.
std::string_view type_word(const data::Certificate& certificate);
/// Host of the last SPIFFE name; empty: there is none.
std::string trust_domain_of(const data::Certificate& certificate);
/// Whole days until it ends, rounded down; `now` in seconds since 1970.
std::int64_t days_left(const data::Certificate& certificate, std::int64_t now);

/// The table of `istioctl proxy-config secret`, at a time in seconds since 1970.
report::Table secret_table(const std::vector<SecretRow>& rows, std::int64_t now, Columns columns);

}  // namespace aksmesh::envoy
