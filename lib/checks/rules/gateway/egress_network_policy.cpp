// SPDX-License-Identifier: Apache-2.0
#include <unordered_map>
#include <vector>

#include "checks/check.hpp"
#include "mesh/label_selector.hpp"

namespace aksmesh::checks {
namespace {

using mesh::LabelMatch;
using mesh::LabelSet;
using mesh::match_labels;

using WorkloadsByNamespace = std::unordered_map<std::string_view, std::vector<const Workload*>>;

bool restricts_egress(const Node& spec) {
  const auto types = spec["policyTypes"];
  if (!types) return static_cast<bool>(spec["egress"]);
  for (const auto type : types.items())
    if (type.text() == "Egress") return true;
  return false;
}

WorkloadsByNamespace workloads_on_gateway(const Facts& facts) {
  WorkloadsByNamespace found;
  for (const auto& workload : facts.workloads())
    if (workload.annotation(kStaticGatewayAnnotation))
      found[workload.object->name_space].push_back(&workload);
  return found;
}

void run(const Facts& facts, Findings& out) {
  const auto& policies = facts.all(Kind::network_policy);
  if (policies.empty()) return;
  const auto workloads = workloads_on_gateway(facts);
  for (const auto* policy : policies) {
    const auto spec = policy->spec();
    const auto beside = workloads.find(policy->name_space);
    if (beside == workloads.end() || !restricts_egress(spec)) continue;
    for (const auto* workload : beside->second) {
      const LabelSet labels{.labels = workload->template_metadata["labels"]};
      if (match_labels(spec["podSelector"], labels) != LabelMatch::yes) continue;
      out.add(
          *policy, spec["egress"] ? spec["egress"] : spec["policyTypes"],
          "NetworkPolicy {name} does not bind what {workload} sends through the static egress "
          "gateway",
          {{"name", std::string(policy->name)}, {"workload", std::string(workload->object->name)}});
      break;
    }
  }
}

}  // namespace

extern const Check egress_network_policy;
constinit const Check egress_network_policy{.slug = "egress-network-policy",
                                            .reads = kPodKinds | KindSet{Kind::network_policy},
                                            .run = run};

}  // namespace aksmesh::checks
