// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "base/strings.hpp"
#include "command.hpp"
#include "envoy/dump.hpp"
#include "envoy/secret.hpp"
#include "proxy_config_kinds.hpp"

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

class Secrets final : public ConfigKind {
 public:
  Secrets(std::int64_t now, ListingForm form) : now_(now), form_(form) {}
  [[nodiscard]] std::string_view word() const override { return "secret"; }
  [[nodiscard]] std::string_view plural() const override { return "secrets"; }
  [[nodiscard]] std::string_view section() const override { return envoy::kSecretSection; }
  [[nodiscard]] std::span<const std::string_view> lists() const override {
    return envoy::kSecretLists;
  }

  void take(const envoy::DumpEntry& entry) override {
    rows_.push_back(envoy::secret_row(entry));
    if (form_.documents) rows_.back().config = entry.json("secret");
  }

  ConfigListing listing(const envoy::DumpFacts& facts) override {
    std::erase_if(rows_, [&](const SecretRow& row) { return facts.is_replaced(row.section); });
    envoy::sort_secrets(rows_);
    ConfigListing out;
    if (!form_.documents) {
      out.table = envoy::secret_table(rows_, now_, columns_of(form_));
      if (form_.named) name_rows(out.table, "secret");
      if (!form_.all_columns) out.notes = notes_of(rows_, now_);
      return out;
    }
    for (auto& row : rows_)
      out.items.push_back({.facts = compact(facts_of(row, now_)), .config = std::move(row.config)});
    return out;
  }

 private:
  std::int64_t now_;
  ListingForm form_;
  std::vector<SecretRow> rows_{};
};

Result<OutcomePtr> run(const Options& o, const Context& context) {
  return show_kind(*secret_kind(context.clock.now(), form_of(context)), o.proxy, context);
}

constexpr std::array kExamples{
    Example{"aksmesh proxy config secret deployment/web.shop",
            "The certificates of a pod of a workload"},
    Example{"aksmesh proxy config secret -f dump.json -o wide",
            "With all of each chain, the days that are left and the names"}};
constexpr std::array<std::string_view, 8> kAliases{
    "proxy config secrets", "proxy config s", "proxy-config secret", "proxy-config secrets",
    "proxy-config s",       "pc secret",      "pc secrets",          "pc s"};

}  // namespace

ConfigKindPtr secret_kind(std::int64_t now, ListingForm form) {
  return std::make_unique<Secrets>(now, form);
}

extern const Command proxy_config_secret_command;
constinit const Command proxy_config_secret_command =
    command<declare, run>({.path = "proxy config secret",
                           .summary = "Show the certificates of a proxy",
                           .page = "commands/proxy_config_secret.md",
                           .examples = kExamples,
                           .aliases = kAliases});

}  // namespace aksmesh::commands
