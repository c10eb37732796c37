// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string>
#include <unordered_set>

#include "checks/destinations.hpp"
#include "istio/host.hpp"
#include "mesh/host_index.hpp"

namespace aksmesh::checks {
namespace {

/// The subsets that DestinationRules define.
class Subsets {
 public:
  explicit Subsets(const Facts& facts) : facts_(facts) {
    for (const auto* rule : facts.all(Kind::destination_rule)) {
      const auto host = rule->spec()["host"].text();
      const auto name = host_key(host, *rule);
      hosts_.insert(name);
      // istioctl does not see that a rule for a wildcard defines subsets of every host it covers.
      if (istio::is_wildcard(host) && !facts.is_upstream()) {
        wildcards_.add(host, static_cast<std::uint32_t>(wildcard_rules_.size()));
        wildcard_rules_.push_back(rule);
      }
      for (const auto subset : rule->spec()["subsets"].items())
        defined_.insert(name + '\n' + std::string(subset["name"].text()));
    }
  }

  [[nodiscard]] bool has(const Destination& destination, const Object& from) const {
    const auto name = host_key(destination.host(), from);
    if (defined_.contains(name + '\n' + std::string(destination.subset()))) return true;
    bool found = false;
    wildcards_.visit_covering(name, [&](std::uint32_t id) {
      found = defines(*wildcard_rules_[id], destination.subset());
      return !found;
    });
    return found;
  }
  /// True when the rule that should define the subset would be in the input.
  [[nodiscard]] bool proves_missing(const Destination& destination, const Object& from) const {
    if (hosts_.contains(host_key(destination.host(), from))) return true;
    const auto host = istio::fqdn(destination.host(), from.name_space);
    const auto service = istio::service_name(host, from.name_space);
    return facts_.covers(Kind::destination_rule, from.name_space) &&
           facts_.covers(Kind::destination_rule, service.name_space);
  }

 private:
  /// istioctl takes hosts outside the cluster as names of the object's own namespace.
  [[nodiscard]] std::string host_key(std::string_view host, const Object& from) const {
    auto name = istio::fqdn(host, from.name_space);
    if (!facts_.is_upstream()) return name;
    const auto service = istio::service_name(name, from.name_space);
    return full_name(service.name_space, service.name);
  }
  static bool defines(const Object& rule, std::string_view subset) {
    for (const auto one : rule.spec()["subsets"].items())
      if (one["name"].text() == subset) return true;
    return false;
  }

  const Facts& facts_;
  std::unordered_set<std::string> hosts_;
  std::unordered_set<std::string> defined_;  ///< host and subset
  mesh::HostIndex wildcards_;
  std::vector<const Object*> wildcard_rules_;
};

void check(const Facts& facts, const Object& service, const Destination& destination,
           const Subsets& subsets, Findings& out) {
  if (destination.subset().empty() || subsets.has(destination, service)) return;
  const auto name = std::string(destination.host()) + '+' + std::string(destination.subset());
  if (!subsets.proves_missing(destination, service)) {
    out.unknown("IST0101", service,
                "the input holds no DestinationRule for host " + std::string(destination.host()) +
                    "; subset " + std::string(destination.subset()) + " must be in one");
    return;
  }
  auto place = destination.place(facts);
  if (place && !facts.is_upstream()) place = destination.value["subset"];
  out.report("IST0101", service, place,
             {destination.is_mirror() ? "mirror+subset in destinationrule"
                                      : "host+subset in destinationrule",
              name});
}

void run(const Facts& facts, Findings& out) {
  const Subsets subsets(facts);
  for (const auto* service : facts.all(Kind::virtual_service))
    for (const auto& destination : destinations(*service))
      check(facts, *service, destination, subsets, out);
}

constexpr std::array<std::string_view, 1> kCodes{"IST0101"};

}  // namespace

extern const Check virtualservice_destination_rule_analyzer;
constinit const Check virtualservice_destination_rule_analyzer{
    .slug = "virtualservice-destination-rule-analyzer",
    .reads = {Kind::virtual_service, Kind::destination_rule},
    .run = run,
    .codes = kCodes,
    .analyzer = "virtualservice.DestinationRuleAnalyzer"};

}  // namespace aksmesh::checks
