// SPDX-License-Identifier: Apache-2.0
#include <unordered_set>

#include "base/strings.hpp"
#include "checks/check.hpp"

namespace aksmesh::checks {
namespace {

constexpr std::string_view kRegionLabel = "topology.kubernetes.io/region";
constexpr std::string_view kZoneLabel = "topology.kubernetes.io/zone";

/// The regions of the cluster's nodes and their zones, as `region/zone`.
struct Localities {
  explicit Localities(const Facts& facts) {
    for (const auto* node : facts.all(Kind::node)) {
      const auto region = node->label(kRegionLabel).text();
      if (region.empty()) continue;
      known.emplace(region);
      known.insert(std::string(region) + '/' + std::string(node->label(kZoneLabel).text()));
    }
  }
  /// True when some node is there, or the locality asks for no certain one.
  [[nodiscard]] bool has(std::string_view locality) const {
    const auto parts = split(locality, '/');
    if (parts.empty() || parts[0] == "*" || parts[0].empty()) return true;
    if (parts.size() == 1 || parts[1] == "*" || parts[1].empty())
      return known.contains(std::string(parts[0]));
    return known.contains(std::string(parts[0]) + '/' + std::string(parts[1]));
  }
  std::unordered_set<std::string> known{};
};

class Checker {
 public:
  Checker(const Localities& localities, const Object& rule, Findings& out)
      : localities_(localities), rule_(rule), out_(out) {}

  void check_policy(const Node& policy) {
    check_settings(policy.at("loadBalancer", "localityLbSetting"));
    for (const auto settings : policy["portLevelSettings"].items())
      check_settings(settings.at("loadBalancer", "localityLbSetting"));
  }

 private:
  void check_settings(const Node& settings) {
    for (const auto item : settings["distribute"].items()) {
      check(item["from"], item["from"].text());
      for (const auto [key, value] : item["to"].entries()) check(value, key.text());
    }
    for (const auto item : settings["failover"].items()) {
      check(item["from"], item["from"].text());
      check(item["to"], item["to"].text());
    }
  }
  void check(const Node& place, std::string_view locality) {
    if (!localities_.has(locality))
      out_.add(rule_, place, "no node of the input is in locality {locality}",
               {{"locality", std::string(locality)}});
  }

  const Localities& localities_;
  const Object& rule_;
  Findings& out_;
};

void run(const Facts& facts, Findings& out) {
  const Localities localities(facts);
  if (localities.known.empty()) return;
  for (const auto* rule : facts.all(Kind::destination_rule)) {
    Checker checker(localities, *rule, out);
    checker.check_policy(rule->spec()["trafficPolicy"]);
    for (const auto subset : rule->spec()["subsets"].items())
      checker.check_policy(subset["trafficPolicy"]);
  }
}

}  // namespace

extern const Check locality_unknown;
constinit const Check locality_unknown{
    .slug = "locality-unknown", .reads = {Kind::node, Kind::destination_rule}, .run = run};

}  // namespace aksmesh::checks
