// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace aksmesh::azure {

/// The addresses of one Azure cloud, without a slash at their ends.
struct Cloud {
  std::string name{};
  std::string resource_manager{};  ///< such as https://management.azure.com
  std::string login{};             ///< Entra ID
  std::string audience{};          ///< whom a token for the Resource Manager is meant for
  std::string portal{};
};

/// A cloud by its name of az or of the SDKs, case aside. Kind usage with suggestions when unknown.
Result<Cloud> find_cloud(std::string_view name);
std::vector<std::string> cloud_names();
/// The names that the SDKs give the same clouds, where they differ.
std::vector<std::string> other_cloud_names();

/// Secrets and tokens are sent to a cloud's two addresses, so both must be https. Kind usage,
/// blamed on `source`, which named them.
Status demand_https(const Cloud& cloud, std::string_view source);

/// What a Resource Manager says of its cloud (`/metadata/endpoints`, api-version 2022-09-01).
Result<Cloud> cloud_of_metadata(std::string_view resource_manager, std::string_view json);

/// `base` and `path` with one slash between them.
std::string join_url(std::string_view base, std::string_view path);

}  // namespace aksmesh::azure
