// SPDX-License-Identifier: Apache-2.0
#include "checks/check.hpp"

namespace aksmesh::checks {
namespace {

void check_secrets(const Facts& facts, Findings& out) {
  for (const auto* secret : facts.all(Kind::secret)) {
    const auto label = secret->label(kMultiClusterLabel);
    if (secret->name_space == kSystemNamespace && label.text() == "true")
      out.add(*secret, label,
              "Secret {name} gives istiod access to another cluster, and the add-on supports one "
              "cluster only",
              {{"name", std::string(secret->name)}});
  }
}

void check_gateways(const Facts& facts, Findings& out) {
  for (const auto* gateway : facts.all(Kind::istio_gateway))
    for (const auto& server : gateway->spec()["servers"].items())
      if (const auto mode = server.at("tls", "mode"); mode.text() == "AUTO_PASSTHROUGH")
        out.add(*gateway, mode,
                "Gateway {name} passes the traffic of other clusters, and the add-on supports one "
                "cluster only",
                {{"name", std::string(gateway->name)}});
}

void check_namespaces(const Facts& facts, Findings& out) {
  for (const auto* name_space : facts.all(Kind::name_space))
    if (const auto label = name_space->label(kNetworkLabel))
      out.add(
          *name_space, label,
          "namespace {namespace} names network {network} of a mesh of several clusters, and the "
          "add-on supports one only",
          {{"namespace", std::string(name_space->name)}, {"network", std::string(label.text())}});
}

void run(const Facts& facts, Findings& out) {
  check_secrets(facts, out);
  check_gateways(facts, out);
  check_namespaces(facts, out);
}

}  // namespace

extern const Check multi_cluster;
constinit const Check multi_cluster{.slug = "multi-cluster",
                                    .reads = {Kind::secret, Kind::istio_gateway, Kind::name_space},
                                    .run = run};

}  // namespace aksmesh::checks
