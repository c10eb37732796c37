// SPDX-License-Identifier: Apache-2.0
#include "certs_outcome.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/printable.hpp"
#include "base/strings.hpp"
#include "report/table.hpp"

namespace aksmesh::commands {
namespace {

using checks::CertificateFact;
using checks::CertificateState;
using checks::RootFact;
using checks::SecretUse;
using report::Severity;
using Json = nlohmann::ordered_json;

std::string hexadecimal(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    out += kDigits[static_cast<unsigned char>(c) >> 4U];
    out += kDigits[static_cast<unsigned char>(c) & 15U];
  }
  return out;
}

class CertsOutcome final : public Outcome {
 public:
  CertsOutcome(CertsSeen seen, const Context& context)
      : seen_(std::move(seen)),
        judged_(checks::judge_certificates(seen_.proxies, seen_.namespaces, seen_.now,
                                           seen_.horizon_days)),
        headers_(context.global.no_headers ? report::Headers::hidden : report::Headers::shown),
        wide_(context.global.output == "wide") {
    for (const auto& proxy : seen_.proxies)
      if (!proxy.why.empty())
        seen_.unavailable.push_back({"the certificates of " + proxy.name(), proxy.why});
    verdict = verdict_now();
    if (seen_.proxies.empty()) notes.emplace_back("no proxies to ask");
  }

  [[nodiscard]] std::string text(const report::Style& style) const override {
    std::string out = paragraph(certificate_table(), style);
    if (const auto roots = paragraph(root_table(style), style); !roots.empty())
      out += (out.empty() ? "" : "\n") + roots;
    if (seen_.are_compared && judged_.share_a_root) out += '\n' + comparison(style);
    const auto gap = judged_.remarks.empty() && seen_.unavailable.empty() ? "" : "\n";
    out += out.empty() ? "" : gap;
    for (const auto& one : judged_.remarks)
      out += std::string(style.mark(one.severity)) + ' ' + printable(one.subject) + ": " +
             printable(one.message) + '\n';
    for (const auto& part : seen_.unavailable)
      out += std::string(style.unknown_mark()) + " could not read " + printable(part.what) + ": " +
             printable(part.why) + '\n';
    return out;
  }

  [[nodiscard]] Json document() const override {
    auto proxies = Json::array();
    // The certificates stand in the order of the proxies.
    auto at = judged_.certificates.begin();
    for (const auto& proxy : seen_.proxies)
      if (proxy.why.empty()) proxies.push_back(json_of(proxy, at));
    auto roots = Json::array();
    for (const auto& root : judged_.roots) roots.push_back(json_of(root));
    Json out{{"schema", "aksmesh/certs/v1"},
             {"place", seen_.place},
             {"proxies", std::move(proxies)},
             {"roots", std::move(roots)}};
    if (judged_.share_a_root) out["shareARoot"] = *judged_.share_a_root;
    out["remarks"] = Json::array();
    for (const auto& one : judged_.remarks)
      out["remarks"].push_back({{"severity", report::severity_name(one.severity)},
                                {"problem", one.word},
                                {"subject", to_valid_utf8(one.subject)},
                                {"message", to_valid_utf8(one.message)}});
    out["complete"] = seen_.unavailable.empty();
    out["unavailable"] = Json::array();
    for (const auto& part : seen_.unavailable)
      out["unavailable"].push_back(
          {{"what", to_valid_utf8(part.what)}, {"why", to_valid_utf8(part.why)}});
    return out;
  }

 private:
  [[nodiscard]] Verdict verdict_now() const {
    const auto threshold = report::parse_severity(to_lower(seen_.fail_on));
    const bool reached =
        threshold && std::any_of(judged_.remarks.begin(), judged_.remarks.end(),
                                 [&](const auto& one) { return one.severity >= *threshold; });
    if (reached) return Verdict::findings;
    return seen_.unavailable.empty() ? Verdict::done : Verdict::could_not_look;
  }

  [[nodiscard]] std::string paragraph(const report::Table& table,
                                      const report::Style& style) const {
    return table.rows.empty() ? "" : report::render_table(table, style, headers_);
  }

  /// Every certificate with -o wide; else the first of each secret, and those that are not well.
  [[nodiscard]] bool is_shown(const CertificateFact& fact) const {
    if (wide_) return true;
    if (fact.use == SecretUse::roots) return fact.state == CertificateState::missing;
    return fact.position <= 1 || fact.state != CertificateState::valid;
  }

  [[nodiscard]] report::Table certificate_table() const {
    report::Table out{.columns = {{"NAMESPACE"},
                                  {"POD"},
                                  {"SECRET"},
                                  {"USE", 1},
                                  {"STATE"},
                                  {"LEFT"},
                                  {"NOT AFTER"},
                                  {"SERIAL NUMBER", 2}},
                      .rows = {}};
    if (wide_)
      for (const char* more_columns : {"CERT", "NOT BEFORE", "ALTERNATIVE NAMES"})
        out.columns.push_back({more_columns});
    for (const auto& fact : judged_.certificates)
      if (is_shown(fact)) out.rows.push_back(cells(fact));
    return out;
  }

  [[nodiscard]] std::vector<std::string> cells(const CertificateFact& fact) const {
    const auto* one = fact.certificate;
    std::vector<std::string> out{printable(fact.proxy->name_space),
                                 printable(fact.proxy->pod),
                                 printable(fact.secret->name),
                                 std::string(checks::word_of(fact.use)),
                                 std::string(checks::word_of(fact.state)),
                                 one == nullptr ? "-" : checks::time_left(*one, seen_.now),
                                 one == nullptr ? "-" : sys::rfc3339(one->ends),
                                 one == nullptr ? "-" : one->serial};
    if (!wide_) return out;
    out.push_back(one == nullptr ? "-" : std::to_string(fact.position));
    out.push_back(one == nullptr ? "-" : sys::rfc3339(one->begins));
    out.push_back(one == nullptr || one->names.empty() ? "-" : printable(join(one->names, ",")));
    return out;
  }

  [[nodiscard]] report::Table root_table(const report::Style& style) const {
    report::Table out{
        .columns =
            {{"ROOT"}, {"STATE"}, {"LEFT"}, {"NOT AFTER"}, {"PROXIES"}, {"NAMESPACES"}, {"COMMON"}},
        .rows = {}};
    for (const auto& root : judged_.roots)
      out.rows.push_back({root.certificate->serial, std::string(checks::word_of(root.state)),
                          checks::time_left(*root.certificate, seen_.now),
                          sys::rfc3339(root.certificate->ends), std::to_string(root.proxies.size()),
                          std::to_string(root.namespaces.size()),
                          is_common(root) ? std::string(style.pass_mark()) : "no"});
    return out;
  }

  [[nodiscard]] bool is_common(const RootFact& root) const {
    const auto& common = judged_.common_roots;
    return std::find(common.begin(), common.end(), root.certificate) != common.end();
  }

  [[nodiscard]] std::string comparison(const report::Style& style) const {
    std::vector<std::string> names;
    for (const auto& proxy : seen_.proxies)
      if (proxy.why.empty()) names.push_back(printable(proxy.name()));
    if (!*judged_.share_a_root)
      return std::string(style.mark(Severity::error)) + ' ' + join(names, ", ") +
             " have no root in common\n";
    std::vector<std::string> serials;
    for (const auto* root : judged_.common_roots) serials.push_back(root->serial);
    return std::string(style.pass_mark()) + ' ' + join(names, ", ") + " have " +
           (serials.size() == 1 ? "a root" : "roots") + " in common: " + join(serials, ", ") + '\n';
  }

  [[nodiscard]] Json facts_of(const data::Certificate& one) const {
    Json out{{"serialNumber", one.serial},         {"notBefore", sys::rfc3339(one.begins)},
             {"notAfter", sys::rfc3339(one.ends)}, {"secondsLeft", one.ends - seen_.now},
             {"authority", one.is_authority},      {"sha256", hexadecimal(one.fingerprint)}};
    if (!one.names.empty()) {
      out["subjectAlternativeNames"] = Json::array();
      for (const auto& name : one.names)
        out["subjectAlternativeNames"].push_back(to_valid_utf8(name));
    }
    return out;
  }

  /// `at` is the first certificate of the proxy, and afterwards that of the next one.
  [[nodiscard]] Json json_of(const checks::ProxySecrets& proxy,
                             std::vector<CertificateFact>::const_iterator& at) const {
    Json out{{"namespace", to_valid_utf8(proxy.name_space)}, {"pod", to_valid_utf8(proxy.pod)}};
    auto secrets = Json::array();
    const envoy::SecretRow* last = nullptr;
    for (; at != judged_.certificates.end() && at->proxy == &proxy; ++at) {
      if (at->secret != last)
        secrets.push_back({{"name", to_valid_utf8(at->secret->name)},
                           {"use", checks::word_of(at->use)},
                           {"certificates", Json::array()}});
      last = at->secret;
      if (at->certificate == nullptr) {
        secrets.back()["state"] = checks::word_of(at->state);
        continue;
      }
      Json one{{"state", checks::word_of(at->state)}};
      one.update(facts_of(*at->certificate));
      secrets.back()["certificates"].push_back(std::move(one));
    }
    out["secrets"] = std::move(secrets);
    return out;
  }

  [[nodiscard]] Json json_of(const RootFact& root) const {
    Json out{{"state", checks::word_of(root.state)}};
    out.update(facts_of(*root.certificate));
    out["common"] = is_common(root);
    out["proxies"] = root.proxies.size();
    out["namespaces"] = Json::array();
    for (const auto& name : root.namespaces) out["namespaces"].push_back(to_valid_utf8(name));
    return out;
  }

  CertsSeen seen_;
  checks::MeshCertificates judged_;
  report::Headers headers_;
  bool wide_;
};

}  // namespace

OutcomePtr certs_outcome(CertsSeen seen, const Context& context) {
  return std::make_unique<CertsOutcome>(std::move(seen), context);
}

}  // namespace aksmesh::commands
