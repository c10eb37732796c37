// SPDX-License-Identifier: Apache-2.0
#include "checks/check.hpp"
#include "checks/traffic_policies.hpp"

namespace aksmesh::checks {
namespace {

void run(const Facts& facts, Findings& out) {
  for (const auto* rule : facts.all(Kind::destination_rule)) {
    const auto policy = rule->spec()["trafficPolicy"];
    for (const auto settings : policy["portLevelSettings"].items()) {
      const auto lost = fields_missing(policy, settings);
      if (lost.empty()) continue;
      const auto port = settings["port"];
      out.add(*rule, port ? port : settings,
              "{fields} of the trafficPolicy do not apply to port {port}: its own settings replace "
              "them all",
              {{"fields", list_text(lost)}, {"port", std::string(port["number"].text())}});
    }
  }
}

}  // namespace

extern const Check port_settings_drop_policy;
constinit const Check port_settings_drop_policy{
    .slug = "port-settings-drop-policy", .reads = {Kind::destination_rule}, .run = run};

}  // namespace aksmesh::checks
