// SPDX-License-Identifier: Apache-2.0
#include "proxy_config_kind.hpp"

#include <algorithm>

#include "base/printable.hpp"
#include "base/strings.hpp"

namespace aksmesh::commands {
namespace {

constexpr std::size_t kNamed = 5;  // the others of a note are counted

}  // namespace

ListingForm form_of(const Context& context) {
  return {.documents = wants_documents(context),
          .all_columns = wants_all_columns(context),
          .brief = context.global.verbose < 0};
}

envoy::Columns columns_of(const ListingForm& form) {
  return form.all_columns ? envoy::Columns::all : envoy::Columns::usual;
}

Status require(const ConfigKind& kind, const envoy::DumpFacts& facts, const ProxySource& proxy) {
  if (kind.section().empty()) return Done{};
  return require_section(facts, kind.section(), std::string(kind.plural()), proxy);
}

void name_rows(report::Table& table, std::string_view kind) {
  for (auto& row : table.rows)
    if (!row.empty()) row.front().insert(0, std::string(kind) + '/');
}

Result<OutcomePtr> show_kind(ConfigKind& kind, const ProxyOptions& options,
                             const Context& context) {
  AK_TRY(auto proxy, ProxySource::open(options, context));
  std::size_t seen = 0;
  const auto take = [&](const envoy::DumpEntry& entry) {
    ++seen;
    kind.take(entry);
  };
  AK_TRY(auto facts, proxy.read(kind.lists(), take, kind.names()));
  AK_CHECK(require(kind, facts, proxy));
  auto listing = kind.listing(facts);
  listing.kind = kind.word();
  listing.proxy = proxy.name();
  if (!kind.section().empty() && facts.entries(kind.section()) == 0)
    listing.notes.push_back("there are no " + std::string(kind.plural()) + " in " + proxy.name());
  if (seen > 0 && listing.table.rows.empty() && listing.items.empty() && listing.notes.empty())
    listing.notes.push_back("nothing of what " + proxy.name() + " has passes the options");
  listing.lost = std::move(facts.lost);
  return OutcomePtr(std::make_unique<ProxyConfigOutcome>(std::move(listing), context));
}

void note_left_out(std::vector<std::string>& notes, std::string_view what,
                   const LeftOut& left_out) {
  if (left_out.empty()) return;
  std::vector<std::string> named;
  for (const auto& [name, why] : left_out)
    if (named.size() < kNamed) named.push_back(printable(name) + " (" + why + ')');
  auto note = plural(left_out.size(), what) +
              " not in this table, but in that of -o wide: " + join(named, ", ");
  if (left_out.size() > kNamed)
    note += " and " + std::to_string(left_out.size() - kNamed) + " more";
  notes.push_back(std::move(note));
}

void note_refusals(std::vector<std::string>& notes, std::string_view what, const LeftOut& refused) {
  for (std::size_t i = 0; i < std::min(refused.size(), kNamed); ++i)
    notes.push_back("Envoy refused the last update of " + std::string(what) + ' ' +
                    printable(refused[i].first) + ": " + printable(refused[i].second));
  if (refused.size() > kNamed)
    notes.push_back("Envoy refused updates of " +
                    plural(refused.size() - kNamed, "more " + std::string(what),
                           "more " + std::string(what) + 's') +
                    "; -o wide shows why");
}

std::string or_dash(const std::string& text) {
  return text.empty() ? "-" : text;
}

}  // namespace aksmesh::commands
