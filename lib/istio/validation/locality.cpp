// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/strings.hpp"
#include "istio/validation/traffic_policy.hpp"

namespace aksmesh::istio::validation {
namespace {

constexpr std::string_view kRule = "DR-07";
constexpr std::string_view kAny = "*";
constexpr std::array<std::string_view, 3> kTopologyLabels{
    "topology.kubernetes.io/region", "topology.kubernetes.io/zone", "topology.istio.io/subzone"};

/// Localities of one list, as `region`, `region/zone` or `region/zone/subzone`.
class Localities {
 public:
  /// Why the next one cannot stand in the list; empty when it can.
  std::string add(std::string_view text) {
    const auto stars = std::count(text.begin(), text.end(), '*');
    if (stars > 1 || (stars == 1 && !text.ends_with('*')))
      return "a * may only stand at the end of a locality, and once";
    if (all_) return shown(text) + " is already within *";
    const auto parts = split_at_most_three(text);
    if (std::any_of(parts.begin(), parts.end(), [](auto part) { return part.empty(); }))
      return "a part of region/zone/subzone is empty";
    if (overlaps(parts)) return shown(text) + " overlaps with a locality before it";
    all_ = text == kAny;
    insert(parts);
    return {};
  }

 private:
  using Parts = std::vector<std::string_view>;

  static Parts split_at_most_three(std::string_view text) {
    Parts parts;
    for (int i = 0; i < 2; ++i) {
      const auto slash = text.find('/');
      if (slash == std::string_view::npos) break;
      parts.push_back(text.substr(0, slash));
      text.remove_prefix(slash + 1);
    }
    parts.push_back(text);
    return parts;
  }
  static std::string path(const Parts& parts, std::size_t count, std::string_view last = {}) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i) out.append(parts[i]).append("/");
    return out.append(last);
  }
  [[nodiscard]] bool overlaps(const Parts& parts) const {
    for (std::size_t count = 1; count < parts.size(); ++count)
      if (known_.contains(path(parts, count, kAny))) return true;
    return known_.contains(path(parts, parts.size()));
  }
  void insert(const Parts& parts) {
    for (std::size_t count = 1; count <= parts.size(); ++count) known_.insert(path(parts, count));
    if (parts.size() < 3) known_.insert(path(parts, parts.size(), kAny));
    // `region/*` names the same as `region`.
    if (parts.back() == kAny) known_.insert(path(parts, parts.size() - 1, kAny));
  }

  std::unordered_set<std::string> known_{};
  bool all_ = false;
};

/// False when the weights are wrong, which ends the check.
bool check_weights(const Node& entry, Problems& out) {
  const auto to = field(entry, "to");
  std::int64_t sum = 0;
  for (const auto& [locality, weight] : to.entries()) {
    const auto number = integer(weight).value_or(0);
    if (number < 1 || number > 100) {
      out.error(kRule, weight, "weight " + std::to_string(number) + " is not within 1 to 100");
      return false;
    }
    sum += number;
  }
  if (sum == 100) return true;
  out.error(kRule, {entry, "to"}, "the weights sum to " + std::to_string(sum) + ", not to 100");
  return false;
}

/// False when a wrong weight ends the check.
bool check_distribute(const Node& setting, Problems& out) {
  Localities from;
  for (const auto entry : setting["distribute"].items()) {
    if (!check_weights(entry, out)) return false;
    Localities to;
    for (const auto& [locality, weight] : field(entry, "to").entries()) {
      const auto fault = to.add(locality.text());
      if (!fault.empty()) out.error(kRule, weight, fault);
    }
  }
  for (const auto entry : setting["distribute"].items()) {
    const Place place{entry, "from"};
    const auto fault = from.add(place.text());
    if (!fault.empty()) out.error(kRule, place, fault);
  }
  return true;
}

void check_failover(const Node& entry, Problems& out) {
  const Place from{entry, "from"};
  const Place to{entry, "to"};
  if (from.text() == to.text())
    out.error(kRule, to, "from and to are the same region, " + shown(to.text()));
  const auto refuse = [&](char c, std::string_view why) {
    const bool source = from.text().find(c) != std::string_view::npos;
    if (source || to.text().find(c) != std::string_view::npos)
      out.error(kRule, source ? from : to, shown((source ? from : to).text()) + std::string(why));
  };
  refuse('/', " has a zone; failover is between regions");
  refuse('*', " has a *; failover names one region");
}

}  // namespace

void check_locality(const Node& setting, const Node& outlier, Problems& out) {
  if (!setting) return;
  const bool failover = has(setting, "failover");
  const bool by_label = has(setting, "failoverPriority");
  if (failover && has(setting, "distribute"))
    return out.error(kRule, setting["failover"], "failover and distribute exclude each other");
  for (const auto label : setting["failoverPriority"].items())
    if (failover && std::find(kTopologyLabels.begin(), kTopologyLabels.end(), label.text()) !=
                        kTopologyLabels.end())
      return out.error(
          kRule, label,
          shown(label.text()) + " in failoverPriority excludes failover between regions");
  if (!check_distribute(setting, out)) return;
  if ((failover || by_label) && !outlier)
    out.warning(
        kRule, setting[failover ? "failover" : "failoverPriority"],
        "without outlierDetection no endpoint is ever taken for unhealthy, so failover does "
        "not happen");
  for (const auto entry : setting["failover"].items()) check_failover(entry, out);
}

}  // namespace aksmesh::istio::validation
