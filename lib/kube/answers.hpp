// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "kube/client.hpp"

// What the answers of an API server hold.
namespace aksmesh::kube {

// https://kubernetes.io/docs/reference/using-api/api-concepts/#aggregated-discovery; since 1.30.
inline constexpr const char* kDiscovery =
    "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
    "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList";
// https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-partialobjectmetadata
inline constexpr const char* kMetadata =
    "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";

/// What the answers to the two questions of discovery say.
Result<std::vector<ApiResource>> resources_of(const std::vector<Result<net::Response>>& answers,
                                              const std::string& server);
/// Of the answer of /version; empty when it does not tell. An error only when the user interrupted.
Result<std::string> version_of(const Result<net::Response>& answer);

}  // namespace aksmesh::kube
