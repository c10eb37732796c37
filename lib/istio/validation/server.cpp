// SPDX-License-Identifier: Apache-2.0
#include "istio/validation/server.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <unordered_set>

#include "istio/validation/tables.hpp"

namespace aksmesh::istio::validation {
namespace {

constexpr std::array<std::string_view, 6> kCertificateFields{
    "serverCertificate", "privateKey",     "caCertificates",
    "tlsCertificates",   "credentialName", "credentialNames"};

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

bool is_cipher_suite(std::string_view name) {
  if (name.empty() || name == "ALL") return true;
  // Such as `-ALL` or `!RC4`; whether the proxy takes it is left to the proxy.
  if (std::isalnum(static_cast<unsigned char>(name.front())) == 0) return true;
  return is_listed("cipherSuites", name);
}

/// One warning for all suites of a sort.
void warn_of_suites(const std::vector<Node>& suites, std::string_view what, Problems& out) {
  if (suites.empty()) return;
  std::string names;
  for (const auto& suite : suites) names.append(names.empty() ? "" : ", ").append(suite.text());
  out.warning("GW-20", suites.front(), shown(names) + std::string(what));
}

void check_cipher_suites(const Node& tls, Problems& out) {
  std::unordered_set<std::string_view> seen;
  std::unordered_set<std::string_view> named;
  std::vector<Node> unknown;
  std::vector<Node> repeated;
  for (const auto suite : tls["cipherSuites"].items()) {
    const bool known = is_cipher_suite(suite.text());
    if (known && seen.insert(suite.text()).second) continue;
    if (named.insert(suite.text()).second) (known ? repeated : unknown).push_back(suite);
  }
  warn_of_suites(unknown, ": Istio does not know the cipher suite and leaves it out", out);
  warn_of_suites(repeated, " is in the list more than once", out);
  const auto least = field(tls, "minProtocolVersion");
  if (is_one_of(least.text(), {"TLSV1_0", "TLSV1_1"}) && !has(tls, "cipherSuites"))
    out.warning("GW-20", least,
                std::string(least.text()) +
                    " needs cipherSuites too; those of the default fit TLS 1.2 and later only");
}

void check_pair(const Node& owner, std::string_view mode, Problems& out) {
  for (const std::string_view name : {"serverCertificate", "privateKey"})
    if (!has(owner, name))
      out.error(
          "GW-24", {owner, name},
          "mode " + std::string(mode) + " needs a " + std::string(name) + ", or a credentialName");
}

void check_sources(const Node& tls, Problems& out) {
  int sources = has(tls, "serverCertificate") && has(tls, "privateKey") ? 1 : 0;
  for (const std::string_view name : {"credentialName", "credentialNames", "tlsCertificates"})
    if (has(tls, name)) ++sources;
  if (sources > 1)
    out.error("GW-23", tls,
              "only one of serverCertificate with privateKey, credentialName, credentialNames and "
              "tlsCertificates is allowed");
}

void check_certificates(const Node& tls, std::string_view mode, Problems& out) {
  if (mode != "SIMPLE" && !has(tls, "caCertificates"))
    out.error("GW-24", {tls, "caCertificates"},
              "mode " + std::string(mode) + " needs the CA that signs clients' certificates");
  const auto list = field(tls, "tlsCertificates");
  if (static_cast<std::int64_t>(list.size()) > limit("certificatesOfServer"))
    out.warning("GW-24", list,
                "only the first " + std::to_string(limit("certificatesOfServer")) +
                    " certificates are used");
  for (const auto certificate : list.items()) check_pair(certificate, mode, out);
  if (list.size() == 0) check_pair(tls, mode, out);
}

bool is_partial_wildcard(std::string_view host) {
  return host.size() > 1 && host.find('*') != std::string_view::npos && !host.starts_with("*.");
}

void check_host_part(std::string_view rule, const Node& place, std::string_view host,
                     HostOwner owner, Problems& out) {
  if (host != "*" && host.find('.') == std::string_view::npos)
    out.error(rule, place, shown(host) + " has no dot; write the full name, or *");
  const auto fault = wildcard_domain_fault(host);
  if (!fault.empty() && !(owner == HostOwner::gateway && is_ip(host)))
    out.error(rule, place, shown(host) + " is no host name: " + fault);
  if (is_partial_wildcard(host))
    out.error(rule, place,
              shown(host) + ": a * must be the whole first label, as in *.example.com");
}

}  // namespace

void check_server_tls(const Node& tls, Problems& out) {
  if (!tls) return;
  const auto mode = field(tls, "mode").text();
  check_cipher_suites(tls, out);
  if (mode == "ISTIO_MUTUAL") {
    for (const auto name : kCertificateFields)
      if (has(tls, name))
        out.error("GW-21", tls[name],
                  std::string(name) +
                      " has no place in mode ISTIO_MUTUAL, whose certificates are "
                      "those of the mesh");
    return;
  }
  if (is_one_of(mode, {"", "PASSTHROUGH", "AUTO_PASSTHROUGH"})) {
    const auto* set = std::find_if(kCertificateFields.begin(), kCertificateFields.end(),
                                   [&](std::string_view name) { return has(tls, name); });
    if (set != kCertificateFields.end())
      out.warning("GW-22", tls[*set],
                  "certificates are not used in mode " +
                      std::string(mode.empty() ? "PASSTHROUGH (the default)" : mode));
  }
  check_sources(tls, out);
  const bool terminates = is_one_of(mode, {"SIMPLE", "MUTUAL", "OPTIONAL_MUTUAL"});
  if (terminates && (has(tls, "credentialName") || has(tls, "credentialNames"))) return;
  if (terminates) check_certificates(tls, mode, out);
  if (!has(tls, "caCrl")) return;
  if (has(tls, "credentialName"))
    out.error("GW-25", tls["caCrl"], "with credentialName the list comes from the Secret");
  if (mode == "SIMPLE")
    out.error("GW-25", tls["caCrl"], "mode SIMPLE does not check clients' certificates");
}

void check_scoped_host(std::string_view rule, const Node& host, HostOwner owner, Problems& out) {
  const auto text = host.text();
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) {
    if (owner == HostOwner::gateway) return check_host_part(rule, host, text, owner, out);
    return out.error(rule, host, shown(text) + " must be of the form namespace/host");
  }
  const auto name_space = text.substr(0, slash);
  const auto name = text.substr(slash + 1);
  const bool word =
      name_space == "*" || name_space == "." || (owner == HostOwner::sidecar && name_space == "~");
  if (name_space.empty() || name.empty())
    out.error(rule, host, shown(text) + " must name both, as in namespace/host");
  else if (!word && !is_label(name_space))
    out.error(rule, host,
              shown(name_space) + (owner == HostOwner::sidecar
                                       ? " is neither a namespace nor one of * . ~"
                                       : " is neither a namespace nor one of * ."));
  if (!name.empty()) check_host_part(rule, host, name, owner, out);
}

void check_bind_address(std::string_view rule, const Place& bind, Problems& out) {
  const auto text = bind.text();
  if (text.starts_with(kUnixPrefix)) {
    const auto fault = unix_address_fault(text);
    if (!fault.empty()) out.error(rule, bind, shown(text) + ": " + fault);
  } else if (!text.empty()) {
    check_ip(rule, bind, out);
  }
}

}  // namespace aksmesh::istio::validation
