// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "base/strings.hpp"
#include "command.hpp"
#include "envoy/dump.hpp"
#include "envoy/secret.hpp"
#include "proxy_config_outcome.hpp"
#include "proxy_source.hpp"

namespace aksmesh::commands {
namespace {

using envoy::SecretRow;
using Json = nlohmann::ordered_json;

struct Options {
  ProxyOptions proxy{};
};

void declare(OptionSet& set, Options& o) {
  declare_proxy_options(set, o.proxy);
}

std::string hexadecimal(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    out += kDigits[static_cast<unsigned char>(c) >> 4U];
    out += kDigits[static_cast<unsigned char>(c) & 15U];
  }
  return out;
}

Json facts_of(const data::Certificate& one, const std::string& trust_domain, std::int64_t now) {
  Json out{{"type", envoy::type_word(one)},
           {"valid", one.is_valid_at(now)},
           {"serialNumber", one.serial},
           {"notAfter", sys::rfc3339(one.ends)},
           {"notBefore", sys::rfc3339(one.begins)},
           {"daysLeft", envoy::days_left(one, now)}};
  if (!trust_domain.empty()) out["trustDomain"] = trust_domain;
  if (!one.names.empty()) out["subjectAlternativeNames"] = one.names;
  out["sha256"] = hexadecimal(one.fingerprint);
  return out;
}

/// All certificates of a secret, those of one bundle after the other.
Json certificates_of(const SecretRow& row, std::int64_t now) {
  auto out = Json::array();
  for (const auto& bundle : row.bundles) {
    for (const auto& one : bundle.first) out.push_back(facts_of(one, bundle.trust_domain, now));
    for (const auto& one : bundle.further)
      out.push_back(facts_of(one, envoy::trust_domain_of(one), now));
  }
  return out;
}

Json facts_of(const SecretRow& row, std::int64_t now) {
  Json out{{"name", row.name}, {"status", status_word(row)}, {"state", state_word(row)}};
  if (!row.holds.empty()) out["holds"] = row.holds;
  if (!row.file.empty()) out["file"] = row.file;
  out["certificates"] = certificates_of(row, now);
  if (!row.updated.empty()) out["updated"] = row.updated;
  if (!row.version.empty()) out["version"] = row.version;
  if (!row.error.empty()) out["error"] = row.error;
  return out;
}

/// What the usual table leaves out and somebody should know.
std::vector<std::string> notes_of(const std::vector<SecretRow>& rows, std::int64_t now) {
  std::vector<std::string> out;
  const auto count = [&](const auto& is_meant) {
    return static_cast<std::size_t>(std::count_if(rows.begin(), rows.end(), is_meant));
  };
  if (const auto waiting = count([](const SecretRow& row) { return row.is_uninitialized(); });
      waiting != 0)
    out.push_back(plural(waiting, "secret") +
                  " without content: istiod has not sent it, as when it does not exist or may not "
                  "be read");
  const auto is_fixed = [](const SecretRow& row) { return row.state == SecretRow::State::fixed; };
  if (const auto fixed = count(is_fixed); fixed != 0)
    out.push_back(plural(fixed, "secret") + " of the bootstrap: shown with -o wide");
  const auto has_invalid = [&](const SecretRow& row) {
    return std::any_of(row.bundles.begin(), row.bundles.end(), [&](const auto& bundle) {
      return std::any_of(bundle.further.begin(), bundle.further.end(),
                         [&](const auto& one) { return !one.is_valid_at(now); });
    });
  };
  if (const auto invalid = count(has_invalid); invalid != 0)
    out.push_back(plural(invalid, "secret") +
                  " with a further certificate that is not valid now: shown with -o wide");
  return out;
}

Result<OutcomePtr> run(const Options& o, const Context& context) {
  AK_TRY(auto proxy, ProxySource::open(o.proxy, context));
  const bool documents = wants_documents(context);
  std::vector<SecretRow> rows;
  AK_TRY(auto facts, proxy.read(envoy::kSecretLists, [&](const envoy::DumpEntry& entry) {
    rows.push_back(envoy::secret_row(entry));
    if (documents) rows.back().config = entry.json("secret");
  }));
  AK_CHECK(require_section(facts, envoy::kSecretSection, "secrets", proxy));
  std::erase_if(rows, [&](const SecretRow& row) { return facts.is_replaced(row.section); });
  envoy::sort_secrets(rows);
  ConfigListing listing{.kind = "secret", .proxy = proxy.name(), .lost = std::move(facts.lost)};
  const auto now = context.clock.now();
  if (!documents) {
    listing.table = envoy::secret_table(rows, now, wanted_columns(context));
    if (!wants_all_columns(context)) listing.notes = notes_of(rows, now);
  } else {
    for (auto& row : rows)
      listing.items.push_back(
          {.facts = compact(facts_of(row, now)), .config = std::move(row.config)});
  }
  return OutcomePtr(std::make_unique<ProxyConfigOutcome>(std::move(listing), context));
}

constexpr std::array kExamples{
    Example{"aksmesh proxy config secret -f dump.json", "The certificates in a saved dump"},
    Example{"aksmesh proxy config secret -f dump.json -o wide",
            "With all of each chain, the days that are left and the names"}};
constexpr std::array<std::string_view, 8> kAliases{
    "proxy config secrets", "proxy config s", "proxy-config secret", "proxy-config secrets",
    "proxy-config s",       "pc secret",      "pc secrets",          "pc s"};

}  // namespace

extern const Command proxy_config_secret_command;
constinit const Command proxy_config_secret_command =
    command<declare, run>({.path = "proxy config secret",
                           .summary = "Show the certificates of a proxy",
                           .page = "commands/proxy_config_secret.md",
                           .examples = kExamples,
                           .aliases = kAliases});

}  // namespace aksmesh::commands
