// SPDX-License-Identifier: Apache-2.0
#include "status_outcome.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/printable.hpp"
#include "base/strings.hpp"
#include "hints.hpp"
#include "report/table.hpp"
#include "sys/clock.hpp"

namespace aksmesh::commands {
namespace {

using checks::Replicas;
using kube::Kind;
using Json = nlohmann::ordered_json;

constexpr const char* kUnseen = "?";

std::string or_dash(const std::string& text) {
  return text.empty() ? "-" : text;
}

std::string_view state_name(checks::ProxyTrouble::State state) {
  switch (state) {
    case checks::ProxyTrouble::State::disconnected: return "disconnected";
    case checks::ProxyTrouble::State::rejected: return "rejected";
    case checks::ProxyTrouble::State::stale: break;
  }
  return "stale";
}

/// Words of a proxy, as many as fit beside the rest of a row.
std::string beginning_of(const std::string& text) {
  constexpr std::size_t kLongest = 160;
  if (text.size() <= kLongest) return to_valid_utf8(text);
  auto end = kLongest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return to_valid_utf8(text.substr(0, end)) + "...";
}

Json json_of(const checks::ProxyTrouble& one, const checks::MeshStatus&) {
  Json out{{"namespace", one.name_space},
           {"pod", one.pod},
           {"revision", one.revision},
           {"state", state_name(one.state)}};
  if (!one.istiod.empty()) out["istiod"] = one.istiod;
  if (!one.types.empty()) out["types"] = one.types;
  if (one.since) out["since"] = sys::rfc3339(*one.since);
  if (!one.error.empty()) out["error"] = to_valid_utf8(one.error);
  return out;
}

Json json_of(const Replicas& pods) {
  return {{"ready", pods.ready}, {"wanted", pods.wanted}};
}

Json json_of(const checks::RevisionStatus& one, const checks::MeshStatus& status) {
  Json out{{"revision", one.name}};
  if (status.sees(Kind::deployment)) out["installed"] = one.istiod.has_value();
  if (one.istiod) out["istiod"] = json_of(*one.istiod);
  if (!one.version.empty()) out["version"] = one.version;
  if (status.sees(Kind::mutating_webhook_configuration)) out["tags"] = one.tags;
  if (status.sees(Kind::name_space)) out["namespaces"] = one.namespaces;
  if (status.sees_all(Kind::pod)) out["proxies"] = one.proxies;
  if (status.sees(Kind::pod) && one.connected) out["connected"] = *one.connected;
  if (one.support)
    out["supportedUntil"] = {{"date", one.support->text}, {"expected", one.support_is_expected}};
  return out;
}

Json json_of(const checks::GatewayStatus& one, const checks::MeshStatus& status) {
  Json out{{"namespace", one.name_space},
           {"name", one.name},
           {"revision", one.revision},
           {"pods", json_of(one.pods)}};
  if (status.sees(Kind::service)) out["addresses"] = one.addresses;
  return out;
}

Json json_of(const checks::NamespaceStatus& one, const checks::MeshStatus& status) {
  Json out{{"namespace", one.name}};
  if (!one.label.empty()) out["label"] = one.label;
  if (!one.revision.empty()) out["revision"] = one.revision;
  if (one.known && !one.label.empty()) out["installed"] = !one.revision.empty();
  if (!one.sees_pods) return out;
  out["meshed"] = one.meshed;
  out["unmeshed"] = one.unmeshed;
  if (one.known) out["stale"] = one.stale;
  if (!status.asked_all_istiods) return out;
  out["disconnected"] = one.disconnected;
  out["rejectedConfiguration"] = one.rejected;
  out["staleConfiguration"] = one.unsynced;
  return out;
}

template <class Items>
Json list_of(const Items& items, const checks::MeshStatus& status) {
  auto out = Json::array();
  for (const auto& one : items) out.push_back(json_of(one, status));
  return out;
}

Json json_of(const Condition& one) {
  return {{"code", one.first->code},
          {"slug", one.first->slug},
          {"severity", report::severity_name(one.first->severity)},
          {"title", one.first->title},
          {"message", to_valid_utf8(one.first->message)},
          {"places", one.places}};
}

}  // namespace

std::string text_of(const Replicas& pods) {
  return std::to_string(pods.ready) + '/' + std::to_string(pods.wanted);
}

std::string support_text(const checks::RevisionStatus& revision) {
  if (!revision.support) return "-";
  return revision.support->text + (revision.support_is_expected ? " expected" : "");
}

std::vector<Condition> grouped(const report::FindingSet& set) {
  std::vector<Condition> out;
  for (const auto& one : set.findings) {
    const auto known = std::find_if(out.begin(), out.end(), [&](const Condition& each) {
      return each.first->code == one.code;
    });
    if (known == out.end())
      out.push_back({.first = &one, .places = 1});
    else
      ++known->places;
  }
  return out;
}

StatusOutcome::StatusOutcome(MeshReading reading, const Context& context)
    : reading_(std::move(reading)),
      status_(reading_.status),
      program_(context.program),
      aim_(context.aim),
      headers_(!context.global.no_headers) {
  if (!reading_.conditions.complete) verdict = Verdict::could_not_look;
}

/// A table with a blank line before it; nothing without rows.
std::string StatusOutcome::section(const report::Table& table, const report::Style& style) const {
  if (table.rows.empty()) return {};
  return '\n' + report::render_table(table, style,
                                     headers_ ? report::Headers::shown : report::Headers::hidden);
}

std::string StatusOutcome::revisions_text(const report::Style& style) const {
  report::Table table{.columns = {{"REVISION"},
                                  {"ISTIOD"},
                                  {"VERSION", 1},
                                  {"PROXIES"},
                                  {"NAMESPACES"},
                                  {"TAGS", 2},
                                  {"SUPPORTED UNTIL", 1}},
                      .rows = {}};
  if (status_.asked_istiods) table.columns.insert(table.columns.begin() + 4, {"CONNECTED"});
  for (const auto& one : status_.revisions) {
    table.rows.push_back({one.name,
                          one.istiod                       ? text_of(*one.istiod)
                          : status_.sees(Kind::deployment) ? "not there"
                                                           : kUnseen,
                          or_dash(one.version),
                          status_.sees_all(Kind::pod) ? std::to_string(one.proxies) : kUnseen,
                          seen(Kind::name_space, std::to_string(one.namespaces)),
                          seen(Kind::mutating_webhook_configuration, or_dash(join(one.tags, ","))),
                          support_text(one)});
    if (!status_.asked_istiods) continue;
    auto& row = table.rows.back();
    row.insert(row.begin() + 4, seen(Kind::pod, one.connected ? std::to_string(*one.connected)
                                                              : std::string(kUnseen)));
  }
  return section(table, style);
}

std::string StatusOutcome::gateways_text(const report::Style& style) const {
  report::Table table{.columns = {{"GATEWAY"}, {"REVISION"}, {"READY"}, {"ADDRESS"}}, .rows = {}};
  for (const auto& one : status_.gateways)
    table.rows.push_back({one.name_space + '/' + one.name, or_dash(one.revision), text_of(one.pods),
                          seen(Kind::service, or_dash(join(one.addresses, ",")))});
  return section(table, style);
}

std::string StatusOutcome::namespaces_text(const report::Style& style) const {
  report::Table table{.columns = {{"NAMESPACE"}, {"REVISION"}, {"MESHED"}, {"UNMESHED"}, {"STALE"}},
                      .rows = {}};
  if (status_.asked_istiods) {
    table.columns.push_back({"DISCONNECTED"});
    table.columns.push_back({"UNSYNCED"});
  }
  for (const auto& one : status_.namespaces) {
    auto revision = !one.revision.empty() ? one.revision : one.known ? "none" : kUnseen;
    if (one.label.empty() && one.known) revision = "-";  // its pods ask for themselves
    if (one.label != one.revision && !one.label.empty()) revision += " (" + one.label + ')';
    const auto number = [&](bool is_known, std::size_t count) {
      return is_known && one.sees_pods ? std::to_string(count) : std::string(kUnseen);
    };
    table.rows.push_back({one.name, revision, number(true, one.meshed),
                          number(status_.sees(Kind::name_space), one.unmeshed),
                          number(one.known, one.stale)});
    if (!status_.asked_istiods) continue;
    table.rows.back().push_back(number(status_.asked_all_istiods, one.disconnected));
    table.rows.back().push_back(number(status_.asked_all_istiods, one.rejected + one.unsynced));
  }
  auto out = section(table, style);
  if (status_.others > 0 && status_.sees_all(Kind::pod) && status_.sees(Kind::name_space))
    out += (out.empty() ? "\n" : "") + plural(status_.others, "namespace") +
           " without sidecars and without label\n";
  return out;
}

/// Proxies in trouble; a terminal gets the first of many.
std::string StatusOutcome::proxies_text(const report::Style& style) const {
  constexpr std::size_t kMostRows = 20;
  report::Table table{.columns = {{"PROXY"},
                                  {"REVISION", 2},
                                  {"STATE"},
                                  {"TYPES", 1},
                                  {"SINCE", 2},
                                  {"ISTIOD", 3},
                                  {"WHY", 4}},
                      .rows = {}};
  const auto shown = style.is_terminal && style.width > 0
                         ? std::min(kMostRows, status_.proxies.size())
                         : status_.proxies.size();
  for (std::size_t i = 0; i < shown; ++i) {
    const auto& one = status_.proxies[i];
    const auto since =
        !one.since ? std::string("-")
        : style.is_terminal
            ? sys::duration_text(std::max<std::int64_t>(reading_.now - *one.since, 0))
            : sys::rfc3339(*one.since);
    table.rows.push_back({printable(one.name_space + '/' + one.pod), or_dash(one.revision),
                          std::string(state_name(one.state)), or_dash(join(one.types, ",")), since,
                          or_dash(one.istiod), or_dash(printable(beginning_of(one.error)))});
  }
  auto out = section(table, style);
  if (shown < status_.proxies.size())
    out += "and " + std::to_string(status_.proxies.size() - shown) + " more: -o wide\n";
  return out;
}

std::string StatusOutcome::conditions_text(const report::Style& style) const {
  std::string out;
  for (const auto& one : grouped(reading_.conditions)) {
    const auto& first = *one.first;
    const auto next = aimed({program_ + " analyze --only " + first.code}, program_, aim_);
    out += '\n' +
           style.paint(report::tone_of(first.severity),
                       std::string(style.mark(first.severity)) + ' ' + first.code) +
           ' ' + first.title + (one.places > 1 ? " (" + plural(one.places, "place") + ')' : "") +
           "\n  " + printable(first.message) + "\n  more: " + next.front() + '\n';
  }
  if (!reading_.conditions.unavailable.empty()) out += '\n';
  for (const auto& part : reading_.conditions.unavailable)
    out += std::string(style.unknown_mark()) + " could not read " + part.what + ": " +
           printable(part.why) + '\n';
  return out;
}

std::string StatusOutcome::seen(Kind kind, std::string text) const {
  return status_.sees(kind) ? std::move(text) : std::string(kUnseen);
}

std::string StatusOutcome::text(const report::Style& style) const {
  std::string out = reading_.place;
  if (!reading_.version.empty()) out += ", Kubernetes " + reading_.version;
  out = printable(out) + '\n';
  if (status_.revisions.empty())
    out += status_.sees(Kind::deployment) ? "no revision of the add-on is installed\n"
                                          : "which revisions are installed could not be seen\n";
  return out + revisions_text(style) + gateways_text(style) + namespaces_text(style) +
         proxies_text(style) + conditions_text(style);
}

Json StatusOutcome::document() const {
  return status_document(reading_);
}

Json status_document(const MeshReading& reading) {
  const auto& status = reading.status;
  const auto& conditions = reading.conditions;
  Json out{{"schema", "aksmesh/status/v1"}, {"place", reading.place}};
  if (!reading.version.empty()) out["kubernetesVersion"] = reading.version;
  if (status.sees(Kind::deployment)) {
    out["revisions"] = list_of(status.revisions, status);
    out["gateways"] = list_of(status.gateways, status);
  }
  if (status.sees(Kind::name_space)) {
    out["namespaces"] = list_of(status.namespaces, status);
    if (status.sees_all(Kind::pod)) out["otherNamespaces"] = status.others;
  }
  if (status.asked_istiods && status.sees(Kind::pod))
    out["proxies"] = list_of(status.proxies, status);
  out["conditions"] = Json::array();
  for (const auto& one : grouped(conditions)) out["conditions"].push_back(json_of(one));
  out["complete"] = conditions.complete;
  out["unavailable"] = Json::array();
  for (const auto& part : conditions.unavailable)
    out["unavailable"].push_back({{"what", part.what}, {"why", to_valid_utf8(part.why)}});
  return out;
}

}  // namespace aksmesh::commands
