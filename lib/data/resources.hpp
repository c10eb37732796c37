// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace aksmesh::data {

/// A text that the build put into the program: tables, pages, completion scripts.
struct Resource {
  std::string_view name;  ///< path below the checkout, such as lib/mesh/tables/limitations.json
  std::string_view text;
};

/// All of them, sorted by name; written by packaging/cmake/embed.cpp.
std::span<const Resource> embedded_resources();
/// The text of one, empty when there is none.
std::string_view resource(std::string_view name);

}  // namespace aksmesh::data
