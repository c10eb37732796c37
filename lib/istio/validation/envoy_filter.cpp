// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "istio/validation/common.hpp"
#include "istio/validation/envoy_types.hpp"
#include "istio/validation/envoy_value.hpp"
#include "istio/validation/kinds.hpp"

namespace aksmesh::istio::validation {
namespace {

constexpr std::string_view kMatchRule = "EF-11";
constexpr std::string_view kConnectionManager = "envoy.filters.network.http_connection_manager";
constexpr std::string_view kOldConnectionManager = "envoy.http_connection_manager";

/// The field of `match` that an `applyTo` goes with.
struct Target {
  std::string_view apply_to;
  std::string_view match;
};
constexpr std::array<Target, 8> kTargets{{{"LISTENER", "listener"},
                                          {"FILTER_CHAIN", "listener"},
                                          {"NETWORK_FILTER", "listener"},
                                          {"HTTP_FILTER", "listener"},
                                          {"ROUTE_CONFIGURATION", "routeConfiguration"},
                                          {"VIRTUAL_HOST", "routeConfiguration"},
                                          {"HTTP_ROUTE", "routeConfiguration"},
                                          {"CLUSTER", "cluster"}}};

/// EF-10; false when a rule is broken.
bool check_patch_parts(const Node& entry, Problems& out) {
  constexpr std::string_view kRule = "EF-10";
  const auto refuse = [&](const Place& place, std::string text) {
    out.error(kRule, place, std::move(text));
    return false;
  };
  const auto is_unset = [](std::string_view text) { return text.empty() || text == "INVALID"; };
  if (entry.is_null()) return refuse(entry, "the entry is null");
  if (is_unset(field(entry, "applyTo").text()))
    return refuse({entry, "applyTo"}, "what the patch applies to is required");
  const auto patch = field(entry, "patch");
  if (!patch) return refuse({entry, "patch"}, "a patch is required");
  const auto operation = field(patch, "operation").text();
  if (is_unset(operation))
    return refuse({patch, "operation"}, "the operation of the patch is required");
  if (operation != "REMOVE" && !field(patch, "value"))
    return refuse({patch, "value"}, "a value is required; only the operation REMOVE goes without");
  const auto version = field(field(field(entry, "match"), "proxy"), "proxyVersion");
  const auto fault = version.text().empty() ? std::string{} : regex_fault(version.text());
  if (!fault.empty())
    return refuse(version, shown(version.text()) + " is no regular expression of RE2: " + fault);
  return true;
}

void warn_of_old_name(const Node& filter, Problems& out) {
  const auto name = field(filter, "name").text();
  const auto today = envoy_new_filter_name(name);
  if (!today.empty())
    out.warning(kMatchRule, filter["name"],
                shown(name) + " is an outdated name; use " + std::string(today));
}

/// The filter of a listener match; false when that ends the patch's check.
bool check_filter_match(const Node& filter, std::string_view apply_to, Problems& out) {
  if (apply_to == "LISTENER" || apply_to == "FILTER_CHAIN")
    out.warning(kMatchRule, filter,
                "the match of a filter has no effect with applyTo " + std::string(apply_to));
  const auto refuse = [&](const Place& place, std::string text) {
    out.error(kMatchRule, place, std::move(text));
    return false;
  };
  const auto name = field(filter, "name").text();
  if (name.empty()) return refuse({filter, "name"}, "the filter's name is required");
  const auto inner = field(filter, "subFilter");
  if (inner && apply_to != "HTTP_FILTER")
    return refuse(inner, "subFilter works with applyTo HTTP_FILTER only");
  if (inner && name != kConnectionManager && name != kOldConnectionManager)
    return refuse(inner, "subFilter needs the filter " + std::string(kConnectionManager) +
                             ", not " + shown(name));
  if (inner && !has(inner, "name")) return refuse({inner, "name"}, "the filter's name is required");
  warn_of_old_name(filter, out);
  warn_of_old_name(inner, out);
  return true;
}

/// EF-11; false when that ends the patch's check.
bool check_match(const Node& match, std::string_view apply_to, Problems& out) {
  const auto* target = std::find_if(kTargets.begin(), kTargets.end(),
                                    [&](const Target& each) { return each.apply_to == apply_to; });
  if (target == kTargets.end()) return true;
  Node other;
  for (const auto& each : kTargets)
    if (const auto found = field(match, each.match); found && !other) other = found;
  const bool listener = target->match == "listener";
  if (other && !field(match, target->match)) {
    out.error(kMatchRule, other,
              "applyTo " + std::string(apply_to) + " goes with a match of " +
                  std::string(target->match) + ", not of " + std::string(other.key().text()));
    return !listener;
  }
  const auto filter = field(field(field(match, "listener"), "filterChain"), "filter");
  return !listener || !filter || check_filter_match(filter, apply_to, out);
}

void check_patch(const Node& entry, Problems& out) {
  if (!check_patch_parts(entry, out)) return;
  const auto apply_to = field(entry, "applyTo").text();
  if (!check_match(field(entry, "match"), apply_to, out)) return;
  const auto value = field(field(entry, "patch"), "value");
  // Another applyTo is a fault that the type tells, a value that is no mapping too.
  const auto root = envoy_patch_root(apply_to);
  if (value.is_mapping() && !root.empty()) check_envoy_value(value, root, out);
}

}  // namespace

void validate_envoy_filter(const kube::Object& object, Problems& out) {
  const auto spec = object.spec();
  if (!check_selector(spec, "workloadSelector", out)) return;
  out.warning("EF-01", object.root["kind"],
              "an EnvoyFilter changes what Istio makes internally and may break with any version; "
              "prefer other kinds where one does the same");
  for (const auto entry : spec["configPatches"].items()) check_patch(entry, out);
}

}  // namespace aksmesh::istio::validation
