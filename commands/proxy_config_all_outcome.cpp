// SPDX-License-Identifier: Apache-2.0
#include "proxy_config_all_outcome.hpp"

#include <nlohmann/json.hpp>

#include "base/strings.hpp"
#include "data/json_text.hpp"
#include "report/render.hpp"

namespace aksmesh::commands {

using Json = nlohmann::ordered_json;

ProxyConfigAllOutcome::ProxyConfigAllOutcome(std::vector<ConfigListing> listings,
                                             std::vector<Error> lost, std::string proxy,
                                             const Context& context)
    : listings_(std::move(listings)),
      lost_(std::move(lost)),
      proxy_(std::move(proxy)),
      headers_(context.global.no_headers ? report::Headers::hidden : report::Headers::shown) {
  notes = notes_of(lost_, proxy_);
  for (const auto& listing : listings_)
    notes.insert(notes.end(), listing.notes.begin(), listing.notes.end());
  if (!lost_.empty()) verdict = Verdict::could_not_look;
}

std::string ProxyConfigAllOutcome::text(const report::Style& style) const {
  std::string out;
  for (const auto& listing : listings_) {
    if (!out.empty()) out += '\n';
    const bool hidden = headers_ == report::Headers::hidden;
    out += report::render_table(listing.table, style, hidden ? headers_ : listing.headers);
  }
  return out;
}

Json ProxyConfigAllOutcome::frame() const {
  Json out{
      {"schema", "aksmesh/proxy-config/v1"}, {"kind", "all"}, {"proxy", to_valid_utf8(proxy_)}};
  for (const auto& listing : listings_) out[listing.kind] = Json::array();
  out["complete"] = lost_.empty();
  out["unavailable"] = unavailable_of(lost_);
  return out;
}

/// As that of one kind: the objects go by as text.
std::string ProxyConfigAllOutcome::json() const {
  const auto frame_text = report::to_json_text(frame());
  std::string out;
  std::size_t copied = 0;
  for (const auto& listing : listings_) {
    if (listing.items.empty()) continue;
    const auto opening = "\n  \"" + listing.kind + "\": [";
    const auto place = frame_text.find(opening, copied) + opening.size();
    out.append(frame_text, copied, place - copied);
    copied = place;
    for (const auto& item : listing.items) {
      out += &item == listing.items.data() ? "\n    " : ",\n    ";
      data::append_indented(out, item_text(item), 2);
    }
    out += "\n  ";
  }
  return out.append(frame_text, copied);
}

Json ProxyConfigAllOutcome::document() const {
  auto out = frame();
  for (const auto& listing : listings_)
    for (const auto& item : listing.items)
      out[listing.kind].push_back(Json::parse(item_text(item), nullptr, false));
  return out;
}

}  // namespace aksmesh::commands
