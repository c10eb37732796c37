// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "sys/source.hpp"

// What Envoy's admin port answers to /config_dump and to /clusters?format=json, and what istiod's
// debug page config_dump does, which writes the same in camelCase. Shapes: Envoy's documentation of
// its administration interface, messages envoy.admin.v3.ConfigDump and envoy.admin.v3.Clusters.
namespace aksmesh::envoy {

class Value;

/// One entry of a list of a section, such as one cluster of `dynamic_active_clusters`; of what is
/// no list, as `bootstrap`, the value itself.
struct DumpEntry {
  std::string_view list{};  ///< the name of the list, in snake_case
  std::size_t section = 0;  ///< the how manieth of the dump
  std::string_view text{};  ///< the entry as it is written
  const Value& value;
  /// A member as JSON without blanks and without secrets (redaction.hpp); empty where there is
  /// none.
  [[nodiscard]] std::string json(std::string_view member) const;
};

/// One section of `configs`.
struct DumpSection {
  std::string type{};       ///< `ClustersConfigDump`; empty where the dump does not tell
  std::size_t entries = 0;  ///< of all its lists, wanted or not
};

/// What a dump holds, apart from its entries.
struct DumpFacts {
  std::vector<DumpSection> sections{};
  /// Why not all of the dump could be read, when what came before is of use.
  std::vector<Error> lost{};
  /// Whether there is a section of the type.
  [[nodiscard]] bool has(std::string_view type) const;
  [[nodiscard]] std::size_t entries(std::string_view type) const;
  /// Whether a later section is of the same type: Envoy's own clients let the last one count.
  [[nodiscard]] bool is_replaced(std::size_t section) const;
};

using TakeEntry = std::function<void(const DumpEntry&)>;

/// Reads a dump from its source, one entry at a time, and gives each of the lists that are wanted.
/// `configs` alone gives its elements as they are, for dumps without sections, where each resource
/// tells its type. Kind bad_data when it is no such dump at all; one that ends in the middle gives
/// what it has.
Result<DumpFacts> read_dump(sys::Source& source, std::span<const std::string_view> wanted,
                            const TakeEntry& take);

/// No single entry can have more bytes.
inline constexpr std::uint64_t kLargestEntry = 256ULL << 20U;

}  // namespace aksmesh::envoy
