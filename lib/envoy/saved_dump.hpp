// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "envoy/dump.hpp"
#include "envoy/redaction.hpp"

namespace aksmesh::envoy {

/// A section that a saved dump holds.
struct SavedSection {
  std::string_view type{};  ///< as in DumpSection
  std::span<const std::string_view> lists{};
};
/// Those that are shown of a proxy. The last one is the page /clusters, the others are of
/// /config_dump.
std::span<const SavedSection> saved_sections();

/// Writes what was read of a proxy as one dump again, for somebody who is to see it later: in
/// Envoy's shapes, so that read_dump takes it, and as json_for_others gives it.
class SavedDump {
 public:
  explicit SavedDump(TellsOfSecret tells_of_secret) : tells_of_secret_(tells_of_secret) {}

  void take(const DumpEntry& entry);
  /// That all entries of the section were given; `facts` are those of its reading.
  void end(const SavedSection& section, const DumpFacts& facts);
  [[nodiscard]] std::size_t entries() const { return entries_; }
  [[nodiscard]] std::string text() const;

 private:
  TellsOfSecret tells_of_secret_;
  std::map<std::string, std::vector<std::string>, std::less<>>
      taken_{};  // by list, until its section ends
  std::string configs_{};
  std::string hosts_{};  // the member of /clusters
  std::size_t entries_ = 0;
};

}  // namespace aksmesh::envoy
