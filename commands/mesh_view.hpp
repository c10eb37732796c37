// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "azure/managed_cluster.hpp"
#include "report/style.hpp"

namespace aksmesh::commands {

/// `cluster prod (westeurope)`, what heads every answer about a cluster.
std::string target_line(const azure::ManagedCluster& cluster);
/// Why the last operation failed: `code: message`, or either; empty when Azure tells nothing.
std::string problem_of(const azure::ManagedCluster& cluster);
nlohmann::ordered_json target_document(const azure::ManagedCluster& cluster);

/// The mesh profile for people: a line for each fact.
std::string mesh_text(const azure::ManagedCluster& cluster, const report::Style& style);
nlohmann::ordered_json mesh_document(const azure::MeshProfile& mesh);

}  // namespace aksmesh::commands
