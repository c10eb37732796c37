// SPDX-License-Identifier: Apache-2.0
#include "checks/mesh_certificates.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "base/strings.hpp"
#include "mesh/names.hpp"
#include "sys/clock.hpp"

namespace aksmesh::checks {
namespace {

using data::Certificate;
using report::Severity;
using Prints = std::set<std::string>;

constexpr std::int64_t kHour = 3600;
constexpr std::int64_t kDay = 24 * kHour;
// Names that Istio's agent and istiod give to secrets (Istio 1.28).
constexpr std::string_view kWorkload = "default";
constexpr std::string_view kRoots = "ROOTCA";
constexpr std::string_view kOfGateway = "kubernetes://";
constexpr std::string_view kOfKubeGateway = "kubernetes-gateway://";
constexpr std::string_view kCaSuffix = "-cacert";

SecretUse use_of(const envoy::SecretRow& secret) {
  if (secret.name == kWorkload) return SecretUse::workload;
  if (secret.name == kRoots) return SecretUse::roots;
  if (secret.name.starts_with(kOfGateway) || secret.name.starts_with(kOfKubeGateway))
    return secret.name.ends_with(kCaSuffix) ? SecretUse::gateway_ca : SecretUse::gateway;
  return SecretUse::other;
}

/// The agent asks for a new certificate at half of its life: at a quarter something is wrong.
bool is_overdue(const Certificate& one, std::int64_t now) {
  return (one.ends - now) * 4 < one.ends - one.begins;
}

CertificateState state_of(const Certificate& one, std::int64_t now, int horizon_days) {
  if (now >= one.ends) return CertificateState::expired;
  if (now < one.begins) return CertificateState::not_yet;
  return one.ends - now <= horizon_days * kDay ? CertificateState::expiring
                                               : CertificateState::valid;
}

CertificateState leaf_state(const Certificate& one, std::int64_t now) {
  const auto state = state_of(one, now, -1);
  return state == CertificateState::valid && is_overdue(one, now) ? CertificateState::overdue
                                                                  : state;
}

std::vector<const Certificate*> all_of(const envoy::SecretRow& secret) {
  std::vector<const Certificate*> out;
  for (const auto& bundle : secret.bundles) {
    for (const auto& one : bundle.first) out.push_back(&one);
    for (const auto& one : bundle.further) out.push_back(&one);
  }
  return out;
}

bool have_common(const Prints& a, const Prints& b) {
  return std::any_of(a.begin(), a.end(), [&](const std::string& one) { return b.contains(one); });
}

/// Gathers what is told, proxy by proxy.
class Judge {
 public:
  Judge(std::int64_t now, int horizon_days) : now_(now), horizon_(horizon_days) {}

  void add(const ProxySecrets& proxy) {
    if (!proxy.why.empty()) return;
    bool has_own = false;
    bool has_leaf = false;
    bool has_roots = false;
    for (const auto& secret : proxy.secrets) {
      const auto use = use_of(secret);
      // What else Envoy calls a secret holds no certificate.
      if (secret.holds == "generic_secret" || secret.holds == "session_ticket_keys") continue;
      has_own = has_own || use == SecretUse::workload;
      has_leaf = has_leaf || (use == SecretUse::workload && !all_of(secret).empty());
      has_roots = has_roots || use == SecretUse::roots;
      add(proxy, secret, use);
    }
    if (!has_own)
      remark(Severity::error, "missing", proxy.name(), "the proxy has no certificate of the mesh");
    if (has_leaf && !has_roots)
      remark(Severity::error, "missing", proxy.name(),
             "the proxy has no roots of the mesh, so it accepts nobody's certificate");
  }

  void add(const NamespaceRoots& one) {
    auto& prints = of_namespaces_[one.name_space];
    for (const auto& root : one.roots) {
      prints.insert(root.fingerprint);
      root_of(root).namespaces.push_back(one.name_space);
    }
    if (one.roots.empty())
      remark(Severity::warning, "unreadable-roots", "namespace " + one.name_space,
             "istio-ca-root-cert holds no certificate that can be read");
    else if (one.unreadable > 0)
      remark(Severity::warning, "unreadable-roots", "namespace " + one.name_space,
             "istio-ca-root-cert holds " + plural(one.unreadable, "certificate") +
                 " that cannot be read");
  }

  MeshCertificates finish() {
    tell_certificates();
    compare_proxies();
    compare_namespaces();
    for (auto& [print, root] : roots_) out_.roots.push_back(std::move(root));
    for (const auto& root : out_.roots) judge_root(root);
    std::sort(out_.roots.begin(), out_.roots.end(), [](const RootFact& a, const RootFact& b) {
      return std::tie(b.certificate->ends, a.certificate->serial) <
             std::tie(a.certificate->ends, b.certificate->serial);
    });
    std::stable_sort(out_.remarks.begin(), out_.remarks.end(),
                     [](const CertificateRemark& a, const CertificateRemark& b) {
                       return a.severity > b.severity;
                     });
    return std::move(out_);
  }

 private:
  void remark(Severity severity, std::string word, std::string subject, std::string message) {
    out_.remarks.push_back({severity, std::move(word), std::move(subject), std::move(message)});
  }

  RootFact& root_of(const Certificate& one) {
    auto& root = roots_[one.fingerprint];
    if (root.certificate == nullptr) {
      root.certificate = &one;
      root.state = state_of(one, now_, horizon_);
    }
    return root;
  }

  void add(const ProxySecrets& proxy, const envoy::SecretRow& secret, SecretUse use) {
    const auto certificates = all_of(secret);
    CertificateFact fact{.proxy = &proxy, .secret = &secret, .use = use};
    if (certificates.empty()) {
      fact.state = secret.file.empty() ? CertificateState::missing : CertificateState::elsewhere;
      out_.certificates.push_back(fact);
      if (fact.state == CertificateState::missing) tell_missing(fact);
      return;
    }
    for (const auto* one : certificates) {
      fact.certificate = one;
      ++fact.position;
      const bool is_leaf = use == SecretUse::workload && fact.position == 1;
      fact.state = is_leaf ? leaf_state(*one, now_) : state_of(*one, now_, horizon_);
      out_.certificates.push_back(fact);
      if (use == SecretUse::roots) {
        of_proxies_[&proxy].insert(one->fingerprint);
        root_of(*one).proxies.push_back(proxy.name());
      }
    }
  }

  void tell_missing(const CertificateFact& fact) {
    const bool own = fact.use == SecretUse::workload || fact.use == SecretUse::roots;
    remark(own ? Severity::error : Severity::warning, std::string(word_of(fact.state)),
           fact.proxy->name(),
           "secret " + fact.secret->name +
               (own ? " has no certificate: istiod has not signed one"
                    : " has not come: it is not in the gateway's namespace, or lacks a part"));
  }

  /// Roots are judged as such, also where a chain ends with one; an authority that signed for many
  /// proxies is told of once.
  void tell_certificates() {
    std::map<std::string, std::vector<const CertificateFact*>> authorities;
    for (const auto& fact : out_.certificates) {
      if (fact.certificate == nullptr || fact.state == CertificateState::valid ||
          roots_.contains(fact.certificate->fingerprint))
        continue;
      if (fact.position == 1)
        tell(fact, fact.proxy->name());
      else
        authorities[fact.certificate->fingerprint].push_back(&fact);
    }
    for (const auto& [print, facts] : authorities) {
      std::vector<std::string> names;
      for (const auto* fact : facts) names.push_back(fact->proxy->name());
      tell(*facts.front(), group_name(std::move(names)));
    }
  }

  void tell(const CertificateFact& fact, std::string subject) {
    const auto& one = *fact.certificate;
    auto what = "certificate " + one.serial + " of secret " + fact.secret->name;
    switch (fact.state) {
      case CertificateState::expired: what += " ended " + sys::rfc3339(one.ends); break;
      case CertificateState::not_yet: what += " begins " + sys::rfc3339(one.begins); break;
      case CertificateState::overdue:
        what += " should have been renewed: it has " + time_left(one, now_) + " left of " +
                std::to_string((one.ends - one.begins) / kHour) + " hours";
        break;
      default: what += " ends in " + time_left(one, now_);
    }
    remark(severity_of(fact.state), std::string(word_of(fact.state)), std::move(subject), what);
  }

  void judge_root(const RootFact& root) {
    if (root.state == CertificateState::valid) return;
    const auto& one = *root.certificate;
    // While roots are replaced, the one that lasts longest counts.
    const bool is_followed =
        std::any_of(out_.common_roots.begin(), out_.common_roots.end(),
                    [&](const Certificate* other) { return other->ends > one.ends; });
    const bool is_over = root.state == CertificateState::expired;
    remark(is_followed ? Severity::info : severity_of(root.state),
           std::string(word_of(root.state)) + "-root", "root " + one.serial,
           (is_over ? "ended " + sys::rfc3339(one.ends) : "ends in " + time_left(one, now_)) +
               ", trusted by " + plural(root.proxies.size(), "proxy", "proxies") +
               (is_followed ? "; a later one is trusted everywhere" : ""));
  }

  /// The proxies by what they trust, and those sets that do not go together.
  void compare_proxies() {
    std::map<Prints, std::vector<std::string>> groups;
    for (const auto& [proxy, prints] : of_proxies_) groups[prints].push_back(proxy->name());
    if (of_proxies_.empty()) return;
    Prints common = groups.begin()->first;
    for (const auto& [prints, names] : groups)
      std::erase_if(common,
                    [&, &set = prints](const std::string& one) { return !set.contains(one); });
    for (const auto& print : common) out_.common_roots.push_back(roots_.at(print).certificate);
    if (of_proxies_.size() > 1) out_.share_a_root = !common.empty();
    if (groups.size() < 2) return;
    for (auto a = groups.begin(); a != groups.end(); ++a)
      for (auto b = std::next(a); b != groups.end(); ++b)
        if (!have_common(a->first, b->first))
          remark(Severity::error, "no-common-root", group_name(a->second),
                 "trusts " + serials(a->first) + ", and " + group_name(b->second) + " trusts " +
                     serials(b->first) + ": neither accepts the other");
    std::vector<std::string> parts;
    for (const auto& [prints, names] : groups)
      parts.push_back(plural(names.size(), "proxy", "proxies") + " " + serials(prints));
    remark(Severity::warning, "root-mix", "the mesh",
           "proxies trust different roots: " + join(parts, "; "));
  }

  void compare_namespaces() {
    const auto own = of_namespaces_.find(std::string(mesh::names::kSystemNamespace));
    for (const auto& [name_space, prints] : of_namespaces_) {
      if (prints.empty() || own == of_namespaces_.end() || own->second.empty() ||
          prints == own->second)
        continue;
      const bool shares = have_common(prints, own->second);
      remark(shares ? Severity::warning : Severity::error, shares ? "root-mix" : "no-common-root",
             "namespace " + name_space,
             "istio-ca-root-cert holds " + serials(prints) + ", that of " +
                 std::string(mesh::names::kSystemNamespace) + " " + serials(own->second));
    }
    for (const auto& [proxy, prints] : of_proxies_) {
      const auto written = of_namespaces_.find(proxy->name_space);
      if (written == of_namespaces_.end() || written->second.empty()) continue;
      if (!have_common(prints, written->second))
        remark(
            Severity::error, "no-common-root", proxy->name(),
            "trusts " + serials(prints) + ", and its namespace holds " + serials(written->second));
    }
  }

  [[nodiscard]] std::string serials(const Prints& prints) const {
    std::vector<std::string> out;
    for (const auto& print : prints) out.push_back(roots_.at(print).certificate->serial);
    std::sort(out.begin(), out.end());
    return join(out, ", ");
  }

  static std::string group_name(std::vector<std::string> names) {
    std::sort(names.begin(), names.end());
    return names.size() == 1 ? names.front()
                             : names.front() + " with " + plural(names.size() - 1, "other");
  }

  std::int64_t now_;
  int horizon_;
  MeshCertificates out_;
  std::map<std::string, RootFact> roots_;  ///< by fingerprint
  std::map<const ProxySecrets*, Prints> of_proxies_;
  std::map<std::string, Prints> of_namespaces_;
};

}  // namespace

std::string_view word_of(SecretUse use) {
  switch (use) {
    case SecretUse::workload: return "workload";
    case SecretUse::roots: return "roots";
    case SecretUse::gateway: return "gateway";
    case SecretUse::gateway_ca: return "gateway-ca";
    case SecretUse::other: break;
  }
  return "other";
}

std::string_view word_of(CertificateState state) {
  switch (state) {
    case CertificateState::valid: return "valid";
    case CertificateState::expiring: return "expiring";
    case CertificateState::overdue: return "overdue";
    case CertificateState::expired: return "expired";
    case CertificateState::not_yet: return "not-yet-valid";
    case CertificateState::missing: return "missing";
    case CertificateState::elsewhere: break;
  }
  return "elsewhere";
}

report::Severity severity_of(CertificateState state) {
  switch (state) {
    case CertificateState::expired:
    case CertificateState::not_yet: return Severity::error;
    case CertificateState::expiring:
    case CertificateState::overdue:
    case CertificateState::missing: return Severity::warning;
    case CertificateState::valid:
    case CertificateState::elsewhere: break;
  }
  return Severity::info;
}

NamespaceRoots read_roots(std::string name_space, std::string_view pem) {
  constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
  NamespaceRoots out{.name_space = std::move(name_space), .roots = data::read_bundle(pem)};
  std::size_t blocks = 0;
  for (auto at = pem.find(kBegin); at != pem.npos; at = pem.find(kBegin, at + kBegin.size()))
    ++blocks;
  out.unreadable = blocks - std::min(blocks, out.roots.size());
  return out;
}

MeshCertificates judge_certificates(const std::vector<ProxySecrets>& proxies,
                                    const std::vector<NamespaceRoots>& namespaces, std::int64_t now,
                                    int horizon_days) {
  Judge judge(now, horizon_days);
  for (const auto& proxy : proxies) judge.add(proxy);
  for (const auto& one : namespaces) judge.add(one);
  return judge.finish();
}

std::string time_left(const data::Certificate& certificate, std::int64_t now) {
  const auto left = std::max<std::int64_t>(certificate.ends - now, 0);
  if (left >= 2 * kDay) return std::to_string(left / kDay) + " days";
  if (left >= 2 * kHour) return std::to_string(left / kHour) + " hours";
  return std::to_string(left / 60) + " minutes";
}

}  // namespace aksmesh::checks
