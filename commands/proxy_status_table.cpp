// SPDX-License-Identifier: Apache-2.0
#include "proxy_status_table.hpp"

#include <algorithm>
#include <array>

#include "base/strings.hpp"
#include "istio/age.hpp"

namespace aksmesh::commands {
namespace {

using checks::ProxyRow;
using checks::ProxyState;
using istio::TypeSync;
using State = TypeSync::State;

constexpr VersionNumber kFirstWithSubscribed{1, 27};
constexpr VersionNumber kFirstWithAges{1, 23};
constexpr std::array<const char*, 5> kFive{"CDS", "LDS", "EDS", "RDS", "ECDS"};

std::string or_dash(const std::string& text) {
  return text.empty() ? "-" : text;
}

/// Words of others on one line.
std::string on_one_line(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const bool blank = c == '\n' || c == '\r' || c == '\t' || c == ' ';
    if (!blank)
      out += c;
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

/// As many of them as fit beside the rest of a row.
std::string beginning_of(std::string text) {
  constexpr std::size_t kLongest = 160;
  if (text.size() <= kLongest) return text;
  auto end = kLongest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  text.resize(end);
  return text + "...";
}

std::vector<std::string> types_in(const istio::ProxySync& proxy, State state) {
  std::vector<std::string> out;
  for (const auto& one : proxy.types)
    if (one.state == state) out.push_back(one.name);
  return out;
}

std::string errors_of(const istio::ProxySync& proxy, Reasons which) {
  std::vector<std::string> out;
  for (const auto& one : proxy.types) {
    if (one.state != State::rejected) continue;
    const auto words = on_one_line(one.error);
    if (which == Reasons::first) return beginning_of(words);
    out.push_back(one.name + ": " + words);
  }
  return join(out, "; ");
}

std::string subscribed(const ProxyRow& row) {
  if (row.sync == nullptr) return "-";
  std::vector<std::string> names;
  for (const auto& one : row.sync->types)
    if (one.state != State::ignored && one.state != State::not_told) names.push_back(one.name);
  if (names.empty()) return "0";
  return std::to_string(names.size()) + " (" + join(names, ",") + ')';
}

/// The neighbour's word for a type, with the age of its last push where that is told.
std::string cell_of(const ProxyRow& row, const std::string& type, std::int64_t now_ms) {
  if (row.sync == nullptr) return "-";
  const auto* one = row.sync->type_named(type);
  if (one == nullptr || one->state == State::ignored) return "IGNORED";
  if (one->state == State::not_sent || one->state == State::not_told) return "NOT SENT";
  std::string out = one->state == State::rejected ? "ERROR"
                    : one->state == State::synced ? "SYNCED"
                                                  : "STALE";
  if (one->sent_ms) out += " (" + istio::age_text(now_ms - *one->sent_ms) + ')';
  return out;
}

std::string bare_cell_of(const ProxyRow& row, const std::string& type) {
  if (row.sync == nullptr) return "-";
  const auto* one = row.sync->type_named(type);
  if (one == nullptr || one->state == State::ignored || one->state == State::not_sent ||
      one->state == State::not_told)
    return "NOT SENT";
  if (one->state == State::synced) return "SYNCED";
  return one->never_acknowledged ? "STALE (Never Acknowledged)" : "STALE";
}

/// Five always, and what else any row has; by the URL of the type.
std::vector<std::string> types_of(const std::vector<ProxyRow>& rows) {
  std::vector<std::string> out(kFive.begin(), kFive.end());
  for (const auto& row : rows) {
    if (row.sync == nullptr) continue;
    for (std::size_t i = kFive.size(); i < row.sync->types.size(); ++i)
      if (const auto& name = row.sync->types[i].name;
          std::find(out.begin(), out.end(), name) == out.end())
        out.push_back(name);
  }
  std::sort(out.begin(), out.end(), [](const std::string& a, const std::string& b) {
    return istio::type_url(a) < istio::type_url(b);
  });
  return out;
}

std::vector<std::string> type_columns(const std::vector<ProxyRow>& rows, SyncColumns columns) {
  if (columns == SyncColumns::subscribed) return {};
  if (columns == SyncColumns::by_type) return types_of(rows);
  return {kFive.begin(), kFive.end()};
}

}  // namespace

SyncColumns columns_of(const std::optional<VersionNumber>& minor) {
  if (!minor || *minor >= kFirstWithSubscribed) return SyncColumns::subscribed;
  return *minor >= kFirstWithAges ? SyncColumns::five_types : SyncColumns::bare_types;
}

std::optional<VersionNumber> newest_minor(const std::vector<checks::IstiodView>& istiods) {
  std::optional<VersionNumber> out;
  for (const auto& one : istiods) {
    auto minor = parse_version(one.version);
    if (!minor) minor = parse_revision(one.revision);
    if (minor && (!out || *minor > *out)) out = minor;
  }
  return out;
}

std::string reason_of(const ProxyRow& row, Reasons which) {
  switch (row.state) {
    case ProxyState::error: return errors_of(*row.sync, which);
    case ProxyState::stale:
      return "not acknowledged: " + join(types_in(*row.sync, State::stale), ", ");
    case ProxyState::not_sent: {
      const auto types = types_in(*row.sync, State::not_sent);
      return types.empty() ? "nothing sent" : "not sent: " + join(types, ", ");
    }
    case ProxyState::disconnected: return "no istiod knows it";
    case ProxyState::synced: break;
  }
  return {};
}

report::Table proxy_table(const std::vector<ProxyRow>& rows, SyncColumns columns, Reasons reasons,
                          std::int64_t now_ms) {
  const auto types = type_columns(rows, columns);
  report::Table out{.columns = {{"NAME"}, {"CLUSTER"}}, .rows = {}};
  for (const auto& type : types) out.columns.push_back({type});
  for (const char* header : {"ISTIOD", "VERSION"}) out.columns.push_back({header});
  if (columns == SyncColumns::subscribed) out.columns.push_back({"SUBSCRIBED TYPES"});
  // Ours; the neighbour's stay whatever the terminal's width, and what is wrong does.
  const bool is_well = std::all_of(rows.begin(), rows.end(), [](const ProxyRow& row) {
    return row.state == ProxyState::synced;
  });
  for (const auto& [header, priority] : std::initializer_list<std::pair<const char*, int>>{
           {"REVISION", 2}, {"STATE", 0}, {"REASON", is_well ? 1 : 0}, {"AGE", 3}})
    out.columns.push_back({header, priority});
  for (const auto& row : rows) {
    std::vector<std::string> cells{
        row.id(), row.sync == nullptr ? std::string("-") : or_dash(row.sync->cluster)};
    for (const auto& type : types)
      cells.push_back(columns == SyncColumns::bare_types ? bare_cell_of(row, type)
                                                         : cell_of(row, type, now_ms));
    cells.push_back(row.istiod == nullptr ? "-" : row.istiod->pod);
    cells.push_back(or_dash(row.version));
    if (columns == SyncColumns::subscribed) cells.push_back(subscribed(row));
    cells.push_back(or_dash(row.revision));
    cells.emplace_back(word_of(row.state));
    cells.push_back(or_dash(reason_of(row, reasons)));
    cells.push_back(row.pushed_ms ? istio::age_text(now_ms - *row.pushed_ms) : "-");
    out.rows.push_back(std::move(cells));
  }
  return out;
}

report::Table summary_table(const std::vector<ProxyRow>& rows) {
  report::Table out{.columns = {{"REVISION"}, {"VERSION"}, {"STATE"}, {"PROXIES"}}, .rows = {}};
  for (const auto& [key, count] : checks::counts_of(rows)) {
    const auto& [revision, version, state] = key;
    out.rows.push_back(
        {or_dash(revision), or_dash(version), std::string(word_of(state)), std::to_string(count)});
  }
  return out;
}

}  // namespace aksmesh::commands
