// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "data/reader.hpp"
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

/// The one document of an answer; absent when it is not that.
data::Node document_of(const data::ReadResult& read);
/// A list is as large as it is: the server has made it.
data::ReadResult read_list(std::string body);

/// What the answers to the two questions of discovery say.
Result<std::vector<ApiResource>> resources_of(const std::vector<Result<net::Response>>& answers,
                                              const std::string& server);
/// Of the answer of /version; empty when it does not tell.
std::string version_of(const Result<net::Response>& answer);

}  // namespace aksmesh::kube
