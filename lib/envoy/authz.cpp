// SPDX-License-Identifier: Apache-2.0
#include "envoy/authz.hpp"

#include <algorithm>

#include "base/printable.hpp"
#include "base/strings.hpp"
#include "envoy/address.hpp"
#include "envoy/dump.hpp"
#include "envoy/value.hpp"

namespace aksmesh::envoy {
namespace {

constexpr std::array<std::string_view, 4> kActions{"DENY", "ALLOW", "LOG", "CUSTOM"};
constexpr std::string_view kExternal = "istio-ext-authz-";
constexpr std::string_view kNothing = "_anonymous_match_nothing_";

/// The text between `[` and `]` behind a word, which is taken off.
std::string bracketed(std::string_view& text, std::string_view word) {
  const auto begin = std::string(word) + '[';
  if (!text.starts_with(begin)) return {};
  const auto end = text.find(']');
  if (end == std::string_view::npos) return {};
  std::string out(text.substr(begin.size(), end - begin.size()));
  text.remove_prefix(end + 1);
  if (text.starts_with('-')) text.remove_prefix(1);
  return out;
}

std::string action_of(const Value& rules) {
  const auto action = rules["action"].text();
  return action.empty() ? "ALLOW" : std::string(action);
}

}  // namespace

std::string AuthzRow::full_name() const {
  return name_space.empty() ? name : name + '.' + name_space;
}

void AuthzFilters::take(const DumpEntry& entry) {
  const auto listener = entry.value["active_state"]["listener"];
  const auto port = address_of(listener["address"]).port;
  const auto name = listener["name"].text();
  // The one that takes all that comes in is for many ports, of which its chains tell.
  const bool inbound = name == "virtualInbound" || port == 0;
  const auto of_listener = inbound ? std::string() : std::to_string(port);
  const auto place = [&](const Value& chain, bool by_default) {
    const auto own = chain["filter_chain_match"]["destination_port"].number();
    auto text = own ? std::to_string(*own) : of_listener;
    if (text.empty()) text = chain["name"].text();
    return Place{.port = std::move(text), .by_default = by_default};
  };
  for (const auto chain : listener["filter_chains"].items()) take_chain(chain, place(chain, false));
  const auto last = listener["default_filter_chain"];
  if (last.is_there()) take_chain(last, place(last, true));
}

void AuthzFilters::take_chain(const Value& chain, const Place& place) {
  for (const auto filter : chain["filters"].items()) {
    if (filter["name"].text() == "envoy.filters.network.rbac")
      take_filter(filter["typed_config"], place);
    for (const auto http : filter["typed_config"]["http_filters"].items())
      if (http["name"].text() == "envoy.filters.http.rbac")
        take_filter(http["typed_config"], place);
  }
}

void AuthzFilters::take_filter(const Value& config, const Place& place) {
  const auto rules = config["rules"];
  if (rules.is_there() && rules["policies"].members().empty())
    add({.action = action_of(rules), .name = std::string(kNothing)}, "0", place);
  take_policies(rules, place, false);
  take_policies(config["shadow_rules"], place, true);
}

void AuthzFilters::take_policies(const Value& rules, const Place& place, bool shadow) {
  for (const auto& [key, policy] : rules["policies"].members()) {
    auto text = key;
    // Enforced, it is one whose provider is not known, which istiod turns into a denial.
    const bool external = text.starts_with(kExternal);
    // Newer istiods put the provider before the policy.
    if (external) text.remove_prefix(std::min(text.find("ns[", kExternal.size()), text.size()));
    AuthzRow row{.action = external && shadow ? "CUSTOM" : action_of(rules)};
    row.name_space = bracketed(text, "ns");
    row.name = bracketed(text, "policy");
    const auto rule = bracketed(text, "rule");
    row.dry_run = shadow && !external;
    // One that istiod has not named; the neighbour shows it without a name.
    if (row.name.empty() && shadow && !external) continue;
    add(std::move(row), rule, place);
  }
}

void AuthzFilters::add(AuthzRow row, const std::string& rule, const Place& place) {
  const auto* at = std::find(kActions.begin(), kActions.end(), row.action);
  const auto rank = static_cast<std::size_t>(at - kActions.begin());
  Key key{rank, row.full_name(), row.name_space, row.dry_run};
  row.only_by_default = true;
  auto& kept = rows_.try_emplace(std::move(key), std::move(row)).first->second;
  kept.rules.insert(rule);
  kept.ports.insert(place.port);
  kept.only_by_default = kept.only_by_default && place.by_default;
}

std::vector<AuthzRow> AuthzFilters::rows() const {
  std::vector<AuthzRow> out;
  for (const auto& [key, row] : rows_) out.push_back(row);
  return out;
}

report::Table authz_table(const std::vector<AuthzRow>& rows, Columns columns) {
  report::Table out{.columns = {{"ACTION"}, {"AuthorizationPolicy"}, {"RULES"}}, .rows = {}};
  if (columns == Columns::all)
    for (const auto* name : {"MODE", "PORTS"}) out.columns.push_back({name});
  for (const auto& row : rows) {
    if (columns == Columns::usual && !row.is_usual()) continue;
    auto& cells = out.rows.emplace_back(std::vector<std::string>{
        printable(row.action), printable(row.full_name()), std::to_string(row.rules.size())});
    if (columns == Columns::usual) continue;
    cells.emplace_back(row.dry_run ? "dry-run" : "enforced");
    std::vector<std::string> ports(row.ports.begin(), row.ports.end());
    std::stable_sort(ports.begin(), ports.end(),
                     [](const auto& a, const auto& b) { return a.size() < b.size(); });
    cells.push_back(printable(join(ports, ",")));
  }
  return out;
}

}  // namespace aksmesh::envoy
