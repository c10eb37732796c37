// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "istio/host.hpp"

namespace aksmesh::mesh {

/// Numbered things found by their hosts, wildcards among them, without trying every host.
class HostIndex {
 public:
  void add(std::string_view host, std::uint32_t id);

  /// Calls `visit(id)` for all whose host overlaps with this one (istio::hosts_overlap), until it
  /// returns false.
  template <class Visit>
  void visit_overlapping(std::string_view host, Visit visit) const {
    if (istio::is_wildcard(host)) {
      const auto tail = reversed(host.substr(1));
      if (visit_longer(plain_, tail, visit) && visit_longer(wild_, tail, visit))
        visit_shorter(tail, Ends::before, visit);
      return;
    }
    const auto whole = reversed(host);
    if (const auto same = plain_.find(whole); same != plain_.end())
      for (const auto id : same->second)
        if (!visit(id)) return;
    visit_shorter(whole, Ends::with, visit);
  }
  /// Calls `visit(id)` for all wildcards that cover the host: every host that matches it matches
  /// them, itself included.
  template <class Visit>
  void visit_covering(std::string_view host, Visit visit) const {
    visit_shorter(reversed(istio::is_wildcard(host) ? host.substr(1) : host), Ends::with, visit);
  }

 private:
  /// By the host, or what follows its `*`, written backwards: hosts of one ending stand together.
  using Table = std::map<std::string, std::vector<std::uint32_t>, std::less<>>;
  enum class Ends { before, with };

  static std::string reversed(std::string_view text) { return {text.rbegin(), text.rend()}; }

  /// Those that begin with `tail` (all backwards).
  template <class Visit>
  static bool visit_longer(const Table& table, const std::string& tail, Visit& visit) {
    for (auto at = table.lower_bound(tail); at != table.end() && at->first.starts_with(tail); ++at)
      for (const auto id : at->second)
        if (!visit(id)) return false;
    return true;
  }
  /// Wildcards that `whole` begins with; those as long as it only if asked for.
  template <class Visit>
  void visit_shorter(std::string_view whole, Ends ends, Visit& visit) const {
    for (const auto length : wild_lengths_) {
      if (length > whole.size() || (length == whole.size() && ends == Ends::before)) return;
      const auto at = wild_.find(whole.substr(0, length));
      if (at == wild_.end()) continue;
      for (const auto id : at->second)
        if (!visit(id)) return;
    }
  }

  Table plain_;
  Table wild_;
  std::set<std::size_t> wild_lengths_;
};

}  // namespace aksmesh::mesh
