// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace aksmesh::commands {

/// A page that something in a cluster serves.
struct DashboardKind {
  /// Where its pod is looked for, when none is named.
  enum class Place { named, istiod, anywhere };
  std::string_view name{};
  std::string_view alias{};  ///< the neighbour's word; empty: it has the same
  std::string_view title{};  ///< for people
  Place place = Place::anywhere;
  std::string_view selector{};  ///< of its pods
  int port = 0;
  std::string_view path{};        ///< of the page
  std::string_view instead{};     ///< what AKS has outside of the cluster; empty: nothing
  std::string_view instead_by{};  ///< the command that tells its address
};

std::span<const DashboardKind> dashboard_kinds();
/// Kind usage, with what is meant perhaps.
Result<const DashboardKind*> find_dashboard(const std::string& word);

}  // namespace aksmesh::commands
