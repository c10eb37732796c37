// SPDX-License-Identifier: Apache-2.0
#include "mesh/destination_rules.hpp"

#include <algorithm>

#include "istio/host.hpp"
#include "mesh/host_table.hpp"

namespace aksmesh::mesh {
namespace {

constexpr std::size_t kLongestHost = 253;  // of DNS; longer ones are no hosts

std::string name_key(std::string_view name_space, std::string_view host) {
  return std::string(name_space).append("/").append(host);
}

bool is_for_selected(const kube::Object& rule) {
  return static_cast<bool>(rule.spec()["workloadSelector"]);
}

/// Calls `visit(wildcard)` for each wildcard that covers the host, the longest first, until it
/// returns false.
template <class Visit>
void visit_wildcards(std::string_view host, Visit visit) {
  if (host.size() > kLongestHost) return;
  const bool wildcard = istio::is_wildcard(host);
  for (auto dot = host.find('.', wildcard ? 2 : 0); dot != std::string_view::npos;
       dot = host.find('.', dot + 1))
    if (!visit("*" + std::string(host.substr(dot)))) return;
  if (host != "*") visit(std::string("*"));
}

}  // namespace

bool HostRules::defines(std::string_view subset) const {
  for (const auto* rule : rules) {
    if (is_for_selected(*rule)) continue;
    for (const auto item : rule->spec()["subsets"].items())
      if (item["name"].text() == subset) return true;
  }
  return false;
}

bool HostRules::only_selected() const {
  return std::all_of(rules.begin(), rules.end(),
                     [](const kube::Object* rule) { return is_for_selected(*rule); });
}

DestinationRules::DestinationRules(const std::vector<const kube::Object*>& rules) {
  for (const auto* rule : rules) {
    auto host = istio::fqdn(rule->spec()["host"].text(), rule->name_space);
    const auto [at, is_new] =
        by_name_.try_emplace(name_key(rule->name_space, host), groups_.size());
    if (is_new) {
      by_host_[host].push_back(groups_.size());
      groups_.push_back({.host = std::move(host), .name_space = rule->name_space});
    }
    groups_[at->second].rules.push_back(rule);
  }
}

std::vector<const HostRules*> DestinationRules::of_host(std::string_view host) const {
  std::vector<const HostRules*> found;
  if (const auto at = by_host_.find(std::string(host)); at != by_host_.end())
    for (const auto index : at->second) found.push_back(&groups_[index]);
  return found;
}

std::vector<const HostRules*> DestinationRules::covering(std::string_view host) const {
  auto found = of_host(host);
  visit_wildcards(host, [&](const std::string& wildcard) {
    const auto more = of_host(wildcard);
    found.insert(found.end(), more.begin(), more.end());
    return true;
  });
  return found;
}

const HostRules* DestinationRules::find(std::string_view name_space, std::string_view host) const {
  const auto at = by_name_.find(name_key(name_space, host));
  return at == by_name_.end() ? nullptr : &groups_[at->second];
}

const HostRules* DestinationRules::most_specific(std::string_view name_space,
                                                 std::string_view host) const {
  const auto* exact = find(name_space, host);
  return exact != nullptr ? exact : more_general(name_space, host);
}

const HostRules* DestinationRules::more_general(std::string_view name_space,
                                                std::string_view host) const {
  const HostRules* found = nullptr;
  visit_wildcards(host, [&](const std::string& wildcard) {
    found = find(name_space, wildcard);
    return found == nullptr;
  });
  return found;
}

}  // namespace aksmesh::mesh
