// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "json.hpp"

namespace aksmesh::sim {

/// How the simulated Azure behaves; README.md beside this file names the members.
struct Scenario {
  std::string subscription = "00000000-0000-0000-0000-000000000000";
  std::string tenant = "00000000-0000-0000-0000-00000000aaaa";
  std::string client_id = "00000000-0000-0000-0000-00000000cccc";
  std::string client_secret = "fake-secret";
  std::string certificate{};  ///< PEM; a signed assertion is then held against it
  int token_seconds = 3599;
  int device_polls = 1;  ///< polls of a device code that are told to wait

  double operation_seconds = 1.0;
  double lag_seconds = 0.2;  ///< how long the cluster is Updating after the operation Succeeded
  std::string polling = "operation";  ///< operation, location, both, or none: only the state tells
  bool throttle = false;              ///< whether the limits of the service hold
  int retry_after = 0;                ///< seconds, on the answers about operations; 0: no header
  std::string error_note = "none";    ///< none, running, succeeded or both
  std::vector<std::string> status_words{"InProgress", "ReconcilingDNS", "ReconcilingAddons"};

  std::string if_match = "both";          ///< which form is understood: both, quoted or bare
  std::string conflict = "operation-id";  ///< text of a 409: operation-id, or pending as it was
  std::size_t page_size = 4;
  std::string default_revision{};  ///< empty: the newest but one that fits
  std::vector<std::string> locations{"westus2", "eastus"};
  std::vector<std::string> resource_groups{};  ///< besides those of the clusters
  Json revisions{};                            ///< as in properties.meshRevisions
  Json clusters = Json::array();
  Json faults = Json::array();
};

/// The scenario of a text; `error` says why there is none.
bool read_scenario(const std::string& text, Scenario& scenario, std::string& error);
Json default_revisions();
Json default_clusters(const Scenario& scenario);
/// A body of a cluster that never had the mesh, with members no schema knows.
Json plain_cluster(const Scenario& scenario, const std::string& group, const std::string& name);

}  // namespace aksmesh::sim
