// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "data/certificate.hpp"
#include "envoy/secret.hpp"
#include "report/finding.hpp"

// The certificates that proxies of one mesh hold, and the roots that they trust.
namespace aksmesh::checks {

/// What one proxy answered when it was asked for its secrets.
struct ProxySecrets {
  std::string name_space{};
  std::string pod{};
  std::string why{};  ///< why it could not be asked; empty: it answered
  std::vector<envoy::SecretRow> secrets{};
  [[nodiscard]] std::string name() const { return name_space + '/' + pod; }
};

/// The roots that istiod wrote into one namespace.
struct NamespaceRoots {
  std::string name_space{};
  std::vector<data::Certificate> roots{};
  std::size_t unreadable = 0;  ///< blocks of the text that are no certificate
};
/// Reads what a ConfigMap holds under kRootKey.
NamespaceRoots read_roots(std::string name_space, std::string_view pem);

/// What a secret of a proxy is for.
enum class SecretUse : std::uint8_t {
  workload,    ///< its own certificate, `default`
  roots,       ///< whom it trusts, `ROOTCA`
  gateway,     ///< what a gateway shows to those outside
  gateway_ca,  ///< whom of those outside it trusts
  other
};
std::string_view word_of(SecretUse use);

enum class CertificateState : std::uint8_t {
  valid,
  expiring,  ///< ends within the days that were asked for
  overdue,   ///< of a workload: should have been renewed
  expired,
  not_yet,   ///< its time has not come
  missing,   ///< the proxy waits for it
  elsewhere  ///< in a file, which was not read
};
std::string_view word_of(CertificateState state);
report::Severity severity_of(CertificateState state);

/// One certificate of a proxy.
struct CertificateFact {
  const ProxySecrets* proxy = nullptr;
  const envoy::SecretRow* secret = nullptr;
  SecretUse use = SecretUse::other;
  const data::Certificate* certificate = nullptr;  ///< null: missing or elsewhere
  std::size_t position = 0;                        ///< in its secret, from 1; the first is the leaf
  CertificateState state = CertificateState::valid;
};

/// A root, and who trusts it.
struct RootFact {
  const data::Certificate* certificate = nullptr;
  CertificateState state = CertificateState::valid;
  std::vector<std::string> proxies{};     ///< `shop/web-1`
  std::vector<std::string> namespaces{};  ///< with a ConfigMap that holds it
};

/// Something that is wrong, or soon will be.
struct CertificateRemark {
  report::Severity severity = report::Severity::error;
  std::string word{};     ///< `expired`, `no-common-root`, ...
  std::string subject{};  ///< `shop/web-1`, `namespace shop`
  std::string message{};
};

struct MeshCertificates {
  std::vector<CertificateFact> certificates{};  ///< in the order of the proxies
  std::vector<RootFact> roots{};                ///< those that last longest first
  std::vector<CertificateRemark> remarks{};     ///< the worst first
  /// Whether all proxies that told their roots have one in common; nothing: fewer than two did.
  std::optional<bool> share_a_root{};
  std::vector<const data::Certificate*> common_roots{};
};

/// `now` is in seconds since 1970. Views the proxies and namespaces.
MeshCertificates judge_certificates(const std::vector<ProxySecrets>& proxies,
                                    const std::vector<NamespaceRoots>& namespaces, std::int64_t now,
                                    int horizon_days);

/// `5 days`, `23 hours`; of what is past `0 minutes`.
std::string time_left(const data::Certificate& certificate, std::int64_t now);

}  // namespace aksmesh::checks
