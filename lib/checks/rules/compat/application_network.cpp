// SPDX-License-Identifier: Apache-2.0
#include "checks/check.hpp"

namespace aksmesh::checks {
namespace {

void run(const Facts& facts, Findings& out) {
  for (const auto* name_space : facts.all(Kind::name_space))
    if (name_space->name == kApplicationNetworkNamespace)
      out.add(*name_space,
              "namespace {namespace} shows membership in Application Network, which excludes the "
              "mesh add-on",
              {{"namespace", std::string(name_space->name)}});
  for (const auto* daemon_set : facts.all(Kind::daemon_set))
    if (daemon_set->name_space == kApplicationNetworkNamespace &&
        daemon_set->name.find(kAmbientProxy) != std::string_view::npos)
      out.add(*daemon_set,
              "DaemonSet {name} is the node proxy of Application Network, which excludes the mesh "
              "add-on",
              {{"name", std::string(daemon_set->name)}});
}

}  // namespace

extern const Check application_network;
constinit const Check application_network{
    .slug = "application-network", .reads = {Kind::name_space, Kind::daemon_set}, .run = run};

}  // namespace aksmesh::checks
