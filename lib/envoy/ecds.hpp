// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "envoy/columns.hpp"
#include "report/table.hpp"

namespace aksmesh::envoy {

struct DumpEntry;

/// An extension of a filter chain that came by itself, such as a WasmPlugin.
struct EcdsRow {
  std::string name{};
  std::string type{};  ///< of its configuration, without `type.googleapis.com/`
  /// What a configuration of a type that only wraps another one is of; empty: it wraps none.
  std::string inner_type{};
  std::string updated{};  ///< RFC 3339; empty: not told
  std::string version{};  ///< of the push that brought it
  std::string error{};    ///< why the last update was refused, in Envoy's words
  std::string config{};   ///< for who wants the extension as Envoy gives it: JSON without blanks
};

inline constexpr std::array<std::string_view, 1> kEcdsLists{"ecds_filters"};
/// A dump may have several of it, and all count.
inline constexpr std::string_view kEcdsSection = "EcdsConfigDump";

EcdsRow ecds_row(const DumpEntry& entry);
/// By type and name; what is equal keeps its order.
void sort_ecds(std::vector<EcdsRow>& rows);
/// The table of `istioctl proxy-config ecds`.
report::Table ecds_table(const std::vector<EcdsRow>& rows, Columns columns);

}  // namespace aksmesh::envoy
