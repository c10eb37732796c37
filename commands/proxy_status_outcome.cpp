// SPDX-License-Identifier: Apache-2.0
#include "proxy_status_outcome.hpp"

#include <nlohmann/json.hpp>

#include "base/strings.hpp"
#include "proxy_config_outcome.hpp"
#include "sys/clock.hpp"

namespace aksmesh::commands {
namespace {

using checks::ProxyRow;
using istio::TypeSync;
using Json = nlohmann::ordered_json;

/// Empty for what istiod does not tell.
std::string_view word_of(TypeSync::State state) {
  switch (state) {
    case TypeSync::State::synced: return "synced";
    case TypeSync::State::stale: return "stale";
    case TypeSync::State::rejected: return "error";
    case TypeSync::State::not_sent: return "not-sent";
    case TypeSync::State::ignored: return "ignored";
    case TypeSync::State::not_told: break;
  }
  return {};
}

void put(Json& out, const char* key, const std::string& text) {
  if (!text.empty()) out[key] = to_valid_utf8(text);
}

Json types_document(const istio::ProxySync& proxy) {
  auto out = Json::array();
  for (const auto& one : proxy.types) {
    Json row{{"type", to_valid_utf8(one.name)}};
    if (const auto word = word_of(one.state); !word.empty()) row["state"] = word;
    if (one.sent_ms) row["sentAt"] = sys::rfc3339(*one.sent_ms / 1000);
    put(row, "error", one.error);
    out.push_back(std::move(row));
  }
  return out;
}

Json proxy_document(const ProxyRow& row) {
  Json out{{"namespace", to_valid_utf8(row.name_space)}, {"name", to_valid_utf8(row.name)}};
  if (row.sync != nullptr) {
    put(out, "cluster", row.sync->cluster);
    put(out, "type", row.sync->type);
  }
  if (row.istiod != nullptr) out["istiod"] = row.istiod->pod;
  put(out, "revision", row.revision);
  put(out, "version", row.version);
  out["state"] = checks::word_of(row.state);
  put(out, "reason", reason_of(row, Reasons::all));
  if (row.pushed_ms) out["pushedAt"] = sys::rfc3339(*row.pushed_ms / 1000);
  if (row.sync != nullptr) out["types"] = types_document(*row.sync);
  return out;
}

Json istiods_document(const checks::ProxyView& view) {
  auto out = Json::array();
  for (const auto& one : view.istiods()) {
    Json row{{"pod", one.pod}};
    put(row, "revision", one.revision);
    put(row, "version", one.version);
    if (one.proxies) row["proxies"] = one.proxies->size();
    out.push_back(std::move(row));
  }
  return out;
}

Json summary_document(const std::vector<ProxyRow>& rows) {
  auto out = Json::array();
  for (const auto& [key, count] : checks::counts_of(rows)) {
    const auto& [revision, version, state] = key;
    Json row = Json::object();
    put(row, "revision", revision);
    put(row, "version", version);
    row["state"] = checks::word_of(state);
    row["proxies"] = count;
    out.push_back(std::move(row));
  }
  return out;
}

}  // namespace

Json unavailable_document(const std::vector<report::UnavailablePart>& parts) {
  auto out = Json::array();
  for (const auto& part : parts)
    out.push_back({{"what", to_valid_utf8(part.what)}, {"why", to_valid_utf8(part.why)}});
  return out;
}

std::vector<std::string> unavailable_notes(const std::vector<report::UnavailablePart>& parts) {
  std::vector<std::string> out;
  for (const auto& part : parts) out.push_back("could not read " + part.what + ": " + part.why);
  return out;
}

ProxyStatusOutcome::ProxyStatusOutcome(ProxyReading reading, Form form, SyncColumns columns,
                                       const Context& context)
    : reading_(std::move(reading)),
      form_(form),
      columns_(columns),
      reasons_(wants_all_columns(context) ? Reasons::all : Reasons::first),
      headers_(context.global.no_headers ? report::Headers::hidden : report::Headers::shown) {
  // Not below the table, whose lines other programs read.
  notes = unavailable_notes(reading_.unavailable);
  if (!notes.empty())
    verdict = Verdict::could_not_look;
  else if (reading_.rows.empty())
    notes.emplace_back("no proxies");
}

std::string ProxyStatusOutcome::text(const report::Style& style) const {
  const auto table = form_ == Form::summary
                         ? summary_table(reading_.rows)
                         : proxy_table(reading_.rows, columns_, reasons_, reading_.now_ms);
  return table.rows.empty() ? "" : report::render_table(table, style, headers_);
}

Json ProxyStatusOutcome::document() const {
  Json out{{"schema", "aksmesh/proxy-status/v1"}, {"place", to_valid_utf8(reading_.place)}};
  out["istiods"] = istiods_document(*reading_.view);
  if (form_ == Form::proxies) {
    out["proxies"] = Json::array();
    for (const auto& row : reading_.rows) out["proxies"].push_back(proxy_document(row));
  }
  out["summary"] = summary_document(reading_.rows);
  out["complete"] = reading_.unavailable.empty();
  out["unavailable"] = unavailable_document(reading_.unavailable);
  return out;
}

}  // namespace aksmesh::commands
