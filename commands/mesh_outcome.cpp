// SPDX-License-Identifier: Apache-2.0
#include "mesh_outcome.hpp"

#include <nlohmann/json.hpp>

#include "mesh_view.hpp"

namespace aksmesh::commands {

std::string MeshOutcome::text(const report::Style& style) const {
  return mesh_text(cluster_, style);
}

nlohmann::ordered_json MeshOutcome::document() const {
  nlohmann::ordered_json out{{"schema", "aksmesh/mesh/v1"},
                             {"target", target_document(cluster_)},
                             {"kubernetesVersion", cluster_.kubernetes_version},
                             {"supportPlan", cluster_.support_plan},
                             {"provisioningState", cluster_.provisioning_state}};
  if (const auto problem = problem_of(cluster_); !problem.empty())
    out["provisioningError"] = problem;
  out["mesh"] = mesh_document(cluster_.mesh);
  return out;
}

}  // namespace aksmesh::commands
