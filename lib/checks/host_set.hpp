// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>
#include <unordered_set>

namespace aksmesh::checks {

inline constexpr std::size_t kLongestHost = 253;  // of DNS; longer ones are no hosts

/// Calls visit with what follows each place where a wildcard may stand instead: `.b.c` and `.c` for
/// `a.b.c`.
template <class Visit>
void visit_endings(std::string_view host, Visit visit) {
  if (host.size() > kLongestHost) return;
  for (auto dot = host.find('.'); dot != std::string_view::npos; dot = host.find('.', dot + 1))
    visit(host.substr(dot));
}

/// Hosts, some of which may begin with a wildcard.
class HostSet {
 public:
  void add(std::string_view host) {
    exact_.insert(host);
    if (host.starts_with("*.")) endings_.insert(host.substr(1));
  }
  /// True when the host is among them or a wildcard covers it.
  [[nodiscard]] bool contains(std::string_view host) const {
    bool found = exact_.contains(host);
    if (!found && !endings_.empty())
      visit_endings(host,
                    [&](std::string_view ending) { found = found || endings_.contains(ending); });
    return found;
  }

 private:
  std::unordered_set<std::string_view> exact_;
  std::unordered_set<std::string_view> endings_;
};

}  // namespace aksmesh::checks
