// SPDX-License-Identifier: Apache-2.0
#include "envoy/held_objects.hpp"

#include <algorithm>
#include <tuple>

#include "envoy/cluster.hpp"
#include "envoy/dump.hpp"
#include "envoy/origin.hpp"
#include "envoy/value.hpp"

namespace aksmesh::envoy {
namespace {

// How istiod names what it makes (Istio 1.20 to 1.29, as recorded).
constexpr std::string_view kVirtualInbound = "virtualInbound";
constexpr std::string_view kExternal = "istio-ext-authz-";
constexpr std::string_view kHttpFilter = "envoy.filters.http.rbac";
constexpr std::string_view kNetworkFilter = "envoy.filters.network.rbac";
constexpr std::string_view kHttpManager = "envoy.filters.network.http_connection_manager";

/// What stands between `before` and the next `]`; the text then goes on behind that.
std::optional<std::string_view> take_bracket(std::string_view& text, std::string_view before) {
  if (!text.starts_with(before)) return std::nullopt;
  text.remove_prefix(before.size());
  const auto end = text.find(']');
  if (end == std::string_view::npos) return std::nullopt;
  const auto out = text.substr(0, end);
  text.remove_prefix(end + 1);
  return out;
}

/// `reviews.shop.svc.cluster.local:9080` without its port.
std::string_view host_of(std::string_view domain) {
  return domain.substr(0, domain.rfind(':'));
}

}  // namespace

std::optional<std::string> policy_of_rule(std::string_view rule) {
  if (rule.starts_with(kExternal)) rule.remove_prefix(kExternal.size());
  const auto name_space = take_bracket(rule, "ns[");
  const auto name = name_space ? take_bracket(rule, "-policy[") : std::nullopt;
  if (!name) return std::nullopt;
  return std::string(*name) + '.' + std::string(*name_space);
}

void HeldObjects::take(const DumpEntry& entry) {
  if (entry.list == kHeldLists[0]) return take_cluster(entry);
  if (entry.list == kHeldLists[1]) return take_routes(entry);
  if (entry.list == kHeldLists[2]) take_listener(entry.value["active_state"]["listener"]);
}

void HeldObjects::take_cluster(const DumpEntry& entry) {
  const auto cluster = entry.value["cluster"];
  const auto name = parse_cluster_name(cluster["name"].text());
  if (!name || name->direction != "outbound" || !hosts_.contains(name->host)) return;
  auto& names = rules_[std::string(name->host)];
  if (const auto origin = origin_of(cluster); !origin.empty()) names.insert(origin_name(origin));
}

void HeldObjects::take_routes(const DumpEntry& entry) {
  for (const auto host : entry.value["route_config"]["virtual_hosts"].items()) {
    std::string known;
    for (const auto domain : host["domains"].items()) {
      const auto text = domain.text();
      if (hosts_.contains(text))
        known = text;
      else if (hosts_.contains(host_of(text)))
        known = host_of(text);
    }
    if (known.empty()) continue;
    auto& names = routes_[known];
    for (const auto route : host["routes"].items())
      if (const auto origin = origin_of(route); !origin.empty()) names.insert(origin_name(origin));
  }
}

void HeldObjects::take_listener(const Value& listener) {
  const bool is_inbound = listener["name"].text() == kVirtualInbound;
  const auto own = listener["address"]["socket_address"]["port_value"].number();
  for (const auto chain : listener["filter_chains"].items()) {
    const auto port = chain["filter_chain_match"]["destination_port"].number();
    take_chain(chain, is_inbound ? port : own);
  }
  take_chain(listener["default_filter_chain"], is_inbound ? std::nullopt : own);
}

void HeldObjects::take_chain(const Value& chain, std::optional<std::int64_t> port) {
  for (const auto filter : chain["filters"].items()) {
    const auto name = filter["name"].text();
    const auto config = filter["typed_config"];
    if (name == kNetworkFilter) take_filter(config, {.port = port, .is_http = false});
    if (name != kHttpManager) continue;
    for (const auto inner : config["http_filters"].items())
      if (inner["name"].text() == kHttpFilter)
        take_filter(inner["typed_config"], {.port = port, .is_http = true});
  }
}

/// The rules of a filter are enforced; in its shadow rules stand those that are only tried, and
/// those that ask an external service.
void HeldObjects::take_filter(const Value& filter, AccessFilter facts) {
  const auto add = [&](const AccessFilter& one) {
    auto found = one;
    std::sort(found.policies.begin(), found.policies.end());
    found.policies.erase(std::unique(found.policies.begin(), found.policies.end()),
                         found.policies.end());
    if (std::find(filters_.begin(), filters_.end(), found) == filters_.end())
      filters_.push_back(std::move(found));
  };
  const auto action_of = [](const Value& rules) {
    const auto action = rules["action"].text();
    return std::string(action.empty() ? "ALLOW" : action);
  };
  if (const auto rules = filter["rules"]; rules.is_there()) {
    auto enforced = facts;
    enforced.action = action_of(rules);
    for (const auto& [key, value] : rules["policies"].members())
      if (auto policy = policy_of_rule(key)) enforced.policies.push_back(std::move(*policy));
    add(enforced);
  }
  const auto shadow = filter["shadow_rules"];
  auto tried = facts;
  auto custom = facts;
  tried.action = action_of(shadow);
  tried.is_dry_run = true;
  custom.action = "CUSTOM";
  for (const auto& [key, value] : shadow["policies"].members())
    if (auto policy = policy_of_rule(key))
      (key.starts_with(kExternal) ? custom : tried).policies.push_back(std::move(*policy));
  if (!custom.policies.empty()) add(custom);
  if (!tried.policies.empty()) add(tried);
}

std::vector<AccessFilter> HeldObjects::filters() const {
  auto out = filters_;
  std::sort(out.begin(), out.end(), [](const AccessFilter& a, const AccessFilter& b) {
    const auto key = [](const AccessFilter& one) {
      return std::tuple(!one.port, one.port.value_or(0), one.is_http, one.action, one.is_dry_run);
    };
    return std::tuple_cat(key(a), std::tie(a.policies)) <
           std::tuple_cat(key(b), std::tie(b.policies));
  });
  return out;
}

}  // namespace aksmesh::envoy
