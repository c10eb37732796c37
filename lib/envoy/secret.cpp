// SPDX-License-Identifier: Apache-2.0
#include "envoy/secret.hpp"

#include <algorithm>

#include "base/base64.hpp"
#include "base/printable.hpp"
#include "base/strings.hpp"
#include "envoy/dump.hpp"
#include "envoy/value.hpp"

namespace aksmesh::envoy {
namespace {

/// The text of a message DataSource; empty when it is elsewhere.
std::string content_of(const Value& source) {
  if (const auto bytes = source["inline_bytes"].text(); !bytes.empty())
    return decode_base64(bytes).value_or(std::string());
  return std::string(source["inline_string"].text());
}

CertificateBundle bundle_of(const std::string& pem) {
  CertificateBundle out{.first = data::read_certificates(pem)};
  const auto all = data::read_bundle(pem);
  const auto is_first = [&](const data::Certificate& one) {
    return !out.first.empty() && one.fingerprint == out.first.front().fingerprint;
  };
  auto at = all.begin();
  if (at != all.end() && is_first(*at)) ++at;
  out.further.assign(at, all.end());
  if (!out.first.empty()) out.trust_domain = trust_domain_of(out.first.front());
  return out;
}

/// Roots for each trust domain, as a validator of SPIFFE has them.
std::vector<CertificateBundle> spiffe_bundles(const Value& context) {
  const auto validator = context["custom_validator_config"]["typed_config"];
  std::vector<CertificateBundle> out;
  if (!validator["@type"].text().ends_with(".SPIFFECertValidatorConfig")) return out;
  for (const auto& domain : validator["trust_domains"].items()) {
    out.push_back(bundle_of(content_of(domain["trust_bundle"])));
    out.back().trust_domain = domain["name"].text();
  }
  return out;
}

void add_certificates(const Value& secret, SecretRow& row) {
  const auto context = secret["validation_context"];
  row.bundles = spiffe_bundles(context);
  if (!row.bundles.empty()) return;
  auto source = secret["tls_certificate"]["certificate_chain"];
  if (content_of(source).empty() && context["trusted_ca"].is_object())
    source = context["trusted_ca"];
  row.file = source["filename"].text();
  row.bundles.push_back(bundle_of(content_of(source)));
}

SecretRow::State state_of(std::string_view list) {
  if (list == "dynamic_warming_secrets") return SecretRow::State::warming;
  return list == "static_secrets" ? SecretRow::State::fixed : SecretRow::State::active;
}

std::string or_dash(const std::string& text) {
  return text.empty() ? "-" : printable(text);
}

/// One line of the table; the certificate may be missing.
struct Line {
  const SecretRow& row;
  const CertificateBundle& bundle;
  const data::Certificate* certificate;
  std::size_t number;  ///< within the bundle, from 1
};

std::vector<Line> lines_of(const SecretRow& row, Columns columns) {
  std::vector<Line> out;
  for (const auto& bundle : row.bundles) {
    out.push_back({row, bundle, bundle.first.empty() ? nullptr : &bundle.first.front(), 1});
    if (columns == Columns::usual) continue;
    std::size_t number = 1;
    for (std::size_t i = 1; i < bundle.first.size(); ++i)
      out.push_back({row, bundle, &bundle.first[i], ++number});
    for (const auto& one : bundle.further) out.push_back({row, bundle, &one, ++number});
  }
  return out;
}

std::vector<std::string> usual_cells(const Line& line, std::int64_t now) {
  const auto* one = line.certificate;
  std::vector<std::string> out{printable(line.row.name),
                               std::string(one == nullptr ? "" : type_word(*one)),
                               std::string(status_word(line.row))};
  if (one == nullptr) {
    out.insert(out.end(), {"false", "", "", ""});
    return out;
  }
  out.insert(out.end(), {one->is_valid_at(now) ? "true" : "false", one->serial,
                         sys::rfc3339(one->ends), sys::rfc3339(one->begins)});
  return out;
}

std::vector<std::string> more_cells(const Line& line, std::int64_t now) {
  const auto* one = line.certificate;
  const auto count = line.bundle.first.size() + line.bundle.further.size();
  const auto domain =
      line.number == 1 || one == nullptr ? line.bundle.trust_domain : trust_domain_of(*one);
  return {or_dash(domain),
          std::string(state_word(line.row)),
          one == nullptr ? "-" : std::to_string(line.number) + '/' + std::to_string(count),
          one == nullptr ? "-" : std::to_string(days_left(*one, now)),
          or_dash(one == nullptr ? "" : join(one->names, ",")),
          or_dash(line.row.holds),
          or_dash(line.row.updated),
          or_dash(line.row.error)};
}

}  // namespace

bool SecretRow::is_uninitialized() const {
  return state == State::warming && holds != "generic_secret" && holds != "session_ticket_keys" &&
         std::all_of(bundles.begin(), bundles.end(), [](const CertificateBundle& bundle) {
           return bundle.first.empty() && bundle.further.empty();
         });
}

SecretRow secret_row(const DumpEntry& entry) {
  const auto secret = entry.value["secret"];
  SecretRow out{.name = std::string(entry.value["name"].text()),
                .state = state_of(entry.list),
                .updated = std::string(entry.value["last_updated"].text()),
                .version = std::string(entry.value["version_info"].text()),
                .error = std::string(entry.value["error_state"]["details"].text()),
                .section = entry.section};
  if (out.name.empty()) out.name = secret["name"].text();
  for (const char* member :
       {"tls_certificate", "validation_context", "session_ticket_keys", "generic_secret"})
    if (secret[member].is_there()) out.holds = member;
  add_certificates(secret, out);
  return out;
}

void sort_secrets(std::vector<SecretRow>& rows) {
  std::stable_sort(rows.begin(), rows.end(),
                   [](const SecretRow& a, const SecretRow& b) { return a.state < b.state; });
}

std::string_view status_word(const SecretRow& row) {
  switch (row.state) {
    case SecretRow::State::warming: return "WARMING";
    case SecretRow::State::fixed: return "STATIC";
    case SecretRow::State::active: break;
  }
  return "ACTIVE";
}

std::string_view state_word(const SecretRow& row) {
  return row.is_uninitialized() ? "UNINITIALIZED" : status_word(row);
}

std::string_view type_word(const data::Certificate& certificate) {
  return certificate.is_authority ? "CA" : "Cert Chain";
}

std::string trust_domain_of(const data::Certificate& certificate) {
  constexpr std::string_view kSpiffe = "URI:spiffe://";
  std::string out;
  for (const auto& name : certificate.names)
    if (name.starts_with(kSpiffe))
      out = name.substr(kSpiffe.size(), name.find('/', kSpiffe.size()) - kSpiffe.size());
  return out;
}

std::int64_t days_left(const data::Certificate& certificate, std::int64_t now) {
  constexpr std::int64_t kDay = 86'400;
  const auto seconds = certificate.ends - now;
  return seconds / kDay - (seconds % kDay < 0 ? 1 : 0);
}

report::Table secret_table(const std::vector<SecretRow>& rows, std::int64_t now, Columns columns) {
  report::Table out{.columns = {{"RESOURCE NAME"},
                                {"TYPE"},
                                {"STATUS"},
                                {"VALID CERT"},
                                {"SERIAL NUMBER"},
                                {"NOT AFTER"},
                                {"NOT BEFORE"}},
                    .rows = {}};
  std::vector<Line> lines;
  for (const auto& row : rows)
    if (columns == Columns::all || row.state != SecretRow::State::fixed)
      for (const auto& line : lines_of(row, columns)) lines.push_back(line);
  // As istioctl: the column is there when every row has something in it.
  const bool has_domains =
      columns == Columns::all ||
      (!lines.empty() && std::all_of(lines.begin(), lines.end(), [](const Line& line) {
        return !line.bundle.trust_domain.empty();
      }));
  if (has_domains) out.columns.push_back({"TRUST DOMAIN"});
  if (columns == Columns::all)
    for (const char* more :
         {"STATE", "CERT", "DAYS LEFT", "ALTERNATIVE NAMES", "HOLDS", "UPDATED", "ERROR"})
      out.columns.push_back({more});
  for (const auto& line : lines) {
    auto cells = usual_cells(line, now);
    if (columns == Columns::all)
      for (auto& cell : more_cells(line, now)) cells.push_back(std::move(cell));
    else if (has_domains)
      cells.push_back(printable(line.bundle.trust_domain));
    out.rows.push_back(std::move(cells));
  }
  return out;
}

}  // namespace aksmesh::envoy
