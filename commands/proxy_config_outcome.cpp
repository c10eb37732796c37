// SPDX-License-Identifier: Apache-2.0
#include "proxy_config_outcome.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/printable.hpp"
#include "data/json_text.hpp"
#include "report/render.hpp"

namespace aksmesh::commands {
namespace {

using Json = nlohmann::ordered_json;

/// The document but for its items.
Json frame_of(const ConfigListing& listing) {
  return {{"schema", "aksmesh/proxy-config/v1"},   {"kind", listing.kind},
          {"proxy", to_valid_utf8(listing.proxy)}, {"items", Json::array()},
          {"complete", listing.lost.empty()},      {"unavailable", unavailable_of(listing.lost)}};
}

}  // namespace

std::string item_text(const ConfigListing::Item& item) {
  if (!item.config.starts_with('{')) return item.facts;
  auto out = item.facts.substr(0, item.facts.size() - 1);
  if (out.size() > 1) out += ',';
  return out + "\"config\":" + item.config + '}';
}

Json unavailable_of(const std::vector<Error>& lost) {
  auto out = Json::array();
  for (const auto& one : lost) {
    auto what = one.what;
    if (!one.where.empty()) what += " (" + one.where + ')';
    out.push_back({{"what", to_valid_utf8(what)}, {"why", to_valid_utf8(one.why)}});
  }
  return out;
}

std::vector<std::string> notes_of(const std::vector<Error>& lost, const std::string& proxy) {
  std::vector<std::string> out;
  for (const auto& one : lost) {
    auto note = "not all of " + proxy + " could be read: " + one.in_one_line();
    if (std::find(out.begin(), out.end(), note) == out.end()) out.push_back(std::move(note));
  }
  return out;
}

bool wants_documents(const Context& context) {
  return context.global.output == "json" || context.global.output == "yaml";
}

bool wants_all_columns(const Context& context) {
  return context.global.output == "wide";
}

envoy::Columns wanted_columns(const Context& context) {
  return wants_all_columns(context) ? envoy::Columns::all : envoy::Columns::usual;
}

std::string compact(const Json& facts) {
  return facts.dump(-1, ' ', false, Json::error_handler_t::replace);
}

ProxyConfigOutcome::ProxyConfigOutcome(ConfigListing listing, const Context& context)
    : listing_(std::move(listing)),
      headers_(context.global.no_headers ? report::Headers::hidden : listing_.headers) {
  notes = notes_of(listing_.lost, listing_.proxy);
  notes.insert(notes.end(), listing_.notes.begin(), listing_.notes.end());
  if (!listing_.lost.empty()) verdict = Verdict::could_not_look;
}

std::string ProxyConfigOutcome::text(const report::Style& style) const {
  return report::render_table(listing_.table, style, headers_);
}

/// Dumps have tens of megabytes, so their objects go by as text.
std::string ProxyConfigOutcome::json() const {
  const auto frame = report::to_json_text(frame_of(listing_));
  if (listing_.items.empty()) return frame;
  constexpr std::string_view kItems = "\"items\": [";
  const auto place = frame.find(kItems) + kItems.size();
  std::string out(frame, 0, place);
  for (const auto& item : listing_.items) {
    out += &item == listing_.items.data() ? "\n    " : ",\n    ";
    data::append_indented(out, item_text(item), 2);
  }
  out += "\n  ";
  return out.append(frame, place);
}

Json ProxyConfigOutcome::document() const {
  auto out = frame_of(listing_);
  for (const auto& item : listing_.items)
    out["items"].push_back(Json::parse(item_text(item), nullptr, false));
  return out;
}

}  // namespace aksmesh::commands
