// SPDX-License-Identifier: Apache-2.0
#include "mesh/telemetry_metrics.hpp"

#include <algorithm>
#include <array>

#include "base/strings.hpp"

namespace aksmesh::mesh {
namespace {

using data::Node;

constexpr std::string_view kAll = "ALL_METRICS";
// istio.io, "Telemetry" reference, MetricSelector.IstioMetric; 1.28.
constexpr std::array<std::string_view, 10> kMetrics{
    "REQUEST_COUNT",          "REQUEST_DURATION",       "REQUEST_SIZE",   "RESPONSE_SIZE",
    "TCP_OPENED_CONNECTIONS", "TCP_CLOSED_CONNECTIONS", "TCP_SENT_BYTES", "TCP_RECEIVED_BYTES",
    "GRPC_REQUEST_MESSAGES",  "GRPC_RESPONSE_MESSAGES"};

std::vector<std::string> matched(const Node& match) {
  if (const auto custom = match["customMetric"].text(); !custom.empty())
    return {std::string(custom)};
  const auto metric = match["metric"].text();
  if (!metric.empty() && metric != kAll) return {std::string(metric)};
  return {kMetrics.begin(), kMetrics.end()};
}

bool is_for(const Node& match, std::string_view side) {
  const auto mode = match["mode"].text();
  return mode.empty() || mode == "CLIENT_AND_SERVER" || mode == side;
}

/// Whether an override switches off everything at once. Any later one for the side takes that back,
/// whatever it says.
bool is_off_switch(const Node& override_of) {
  return override_of.at("match", "metric").text() == kAll &&
         override_of.at("match", "customMetric").text().empty() &&
         override_of["disabled"].as_bool().value_or(false);
}

void apply(MetricsOverrides& out, const Node& override_of, std::string_view side) {
  const auto match = override_of["match"];
  if (!is_for(match, side)) return;
  out.none_left = is_off_switch(override_of);
  if (out.none_left) return;
  const auto disabled = override_of["disabled"];
  for (const auto& name : matched(match)) {
    auto& metric = out.metrics[name];
    if (disabled) metric.is_disabled = disabled.as_bool().value_or(false);
    for (const auto [tag, change] : override_of["tagOverrides"].entries())
      metric.tags[std::string(tag.text())] =
          change["operation"].text() == "REMOVE" ? "removed" : std::string(change["value"].text());
  }
}

std::string text_of(const MetricsOverrides::Metric& metric) {
  std::vector<std::string> parts;
  if (metric.is_disabled) parts.emplace_back("disabled");
  for (const auto& [tag, value] : metric.tags)
    parts.push_back(value == "removed" ? "without " + tag : tag + '=' + value);
  return join(parts, ", ");
}

}  // namespace

std::vector<std::pair<std::string, std::string>> MetricsOverrides::details() const {
  std::vector<std::pair<std::string, std::string>> out;
  if (none_left && metrics.empty()) return {{std::string(kAll), "disabled"}};
  const auto first = metrics.find(std::string(kMetrics.front()));
  const bool alike = first != metrics.end() &&
                     std::all_of(kMetrics.begin(), kMetrics.end(), [&](std::string_view name) {
                       const auto found = metrics.find(std::string(name));
                       return found != metrics.end() && found->second == first->second;
                     });
  if (alike) out.emplace_back(kAll, text_of(first->second));
  for (const auto& [name, metric] : metrics) {
    const bool is_usual = std::find(kMetrics.begin(), kMetrics.end(), name) != kMetrics.end();
    if (!(alike && is_usual)) out.emplace_back(name, text_of(metric));
  }
  std::erase_if(out, [](const auto& one) { return one.second.empty(); });
  return out;
}

std::map<std::string, MetricsOverrides> merge_metrics(const std::vector<Node>& entries,
                                                      const std::vector<std::string>& defaults,
                                                      std::string_view side) {
  std::map<std::string, MetricsOverrides> out;
  auto in_use = defaults;
  const auto names_of = [](const Node& entry) {
    std::vector<std::string> names;
    for (const auto one : entry["providers"].items()) names.emplace_back(one["name"].text());
    return names;
  };
  for (const auto& entry : entries)
    if (auto names = names_of(entry); !names.empty()) in_use = std::move(names);
  if (entries.empty())
    for (const auto& name : defaults) out[name];
  auto parent = defaults;
  for (const auto& entry : entries) {
    if (auto names = names_of(entry); !names.empty()) parent = std::move(names);
    for (const auto& name : parent) {
      if (std::find(in_use.begin(), in_use.end(), name) == in_use.end()) continue;
      auto& one = out[name];
      for (const auto override_of : entry["overrides"].items()) apply(one, override_of, side);
    }
  }
  for (auto& provider : out) {
    auto& one = provider.second;  // clang 14 captures no structured binding
    one.none_left |= std::all_of(kMetrics.begin(), kMetrics.end(), [&](std::string_view metric) {
      const auto found = one.metrics.find(std::string(metric));
      return found != one.metrics.end() && found->second.is_disabled;
    });
  }
  return out;
}

}  // namespace aksmesh::mesh
