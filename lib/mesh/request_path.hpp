// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

// The path of a request as proxies compare it (istio.io, "Global Mesh Options" reference,
// ProxyPathNormalization; Envoy's path normalization; 1.28).
namespace aksmesh::mesh {

/// `pathNormalization` of the mesh configuration; each does all that those before it do.
enum class PathNormalization : std::uint8_t {
  none,
  base,                     ///< dots resolved, backslashes turned, letters and digits decoded
  merge_slashes,            ///< several slashes are one
  decode_and_merge_slashes  ///< `%2F` and `%5C` are slashes
};

/// Always without its query.
std::string normal_path(std::string_view path, PathNormalization how = PathNormalization::base);

}  // namespace aksmesh::mesh
