// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "envoy/columns.hpp"
#include "report/table.hpp"

namespace aksmesh::envoy {

struct DumpEntry;
class Value;

/// What a proxy has of one AuthorizationPolicy, as istiod has written it into filters.
struct AuthzRow {
  std::string action{};      ///< ALLOW, DENY, LOG or CUSTOM, as the neighbour has it
  std::string name_space{};  ///< empty: the filter names no policy
  std::string name{};        ///< of a filter that allows nothing: `_anonymous_match_nothing_`
  std::set<std::string> rules{};
  bool dry_run = false;           ///< it is only tried
  bool only_by_default = false;   ///< only in chains for what no other takes
  std::set<std::string> ports{};  ///< or the names of chains that are for no certain one
  /// Whether the neighbour shows it.
  [[nodiscard]] bool is_usual() const { return !dry_run && !only_by_default; }
  /// `name.namespace`.
  [[nodiscard]] std::string full_name() const;
};

inline constexpr std::array<std::string_view, 1> kAuthzLists{"dynamic_listeners"};

/// Gathers the policies of a proxy from its listeners.
class AuthzFilters {
 public:
  /// One of dynamic_listeners.
  void take(const DumpEntry& entry);
  /// By action as the neighbour sorts them, then by name.
  [[nodiscard]] std::vector<AuthzRow> rows() const;

 private:
  struct Place {
    std::string port{};
    bool by_default = false;
  };
  void take_chain(const Value& chain, const Place& place);
  void take_filter(const Value& config, const Place& place);
  void take_policies(const Value& rules, const Place& place, bool shadow);
  void add(AuthzRow row, const std::string& rule, const Place& place);

  // rank of the action, name, namespace, dry run
  using Key = std::tuple<std::size_t, std::string, std::string, bool>;
  std::map<Key, AuthzRow> rows_{};
};

report::Table authz_table(const std::vector<AuthzRow>& rows, Columns columns);

}  // namespace aksmesh::envoy
