// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "checks/check.hpp"

// What the ConfigMaps of the sidecar injectors say.
namespace aksmesh::checks {

/// The chart values in it; absent when there are none.
Node injector_values(const Facts& facts, const Object& config_map);
/// The tag of an image; empty when it has none.
std::string_view image_tag(std::string_view image);

/// Whether two tags are of one patch: a workload may choose another type of image
/// (sidecar.istio.io/proxyImageType, or imageType in the mesh configuration), which the tag ends
/// with.
bool is_same_patch(std::string_view tag, std::string_view other);

/// The tags of image proxyv2 that the add-on's injectors put into pods. Reads ConfigMap.
class InjectedTags {
 public:
  explicit InjectedTags(const Facts& facts) : facts_(facts) {}

  /// Empty when the ConfigMap of the revision is not in the input or does not tell.
  const std::string& of(std::string_view revision);

 private:
  const Facts& facts_;
  std::unordered_map<std::string_view, std::string> tags_;
};

}  // namespace aksmesh::checks
