// SPDX-License-Identifier: Apache-2.0
#include "checks/check.hpp"

namespace aksmesh::checks {
namespace {

void run(const Facts& facts, Findings& out) {
  for (const auto* deployment : facts.all(Kind::deployment))
    if (deployment->name_space == kKubeSystemNamespace &&
        deployment->label("app").text() == kOsmController)
      out.add(*deployment,
              "Deployment {name} shows that the Open Service Mesh add-on is on; Azure refuses to "
              "enable the mesh beside it",
              {{"name", std::string(deployment->name)}});
}

}  // namespace

extern const Check osm_addon_enabled;
constinit const Check osm_addon_enabled{
    .slug = "osm-addon-enabled", .reads = {Kind::deployment}, .run = run};

}  // namespace aksmesh::checks
