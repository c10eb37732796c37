// SPDX-License-Identifier: Apache-2.0
#include "envoy/saved_dump.hpp"

#include <array>

#include "base/strings.hpp"
#include "envoy/bootstrap.hpp"
#include "envoy/cluster.hpp"
#include "envoy/ecds.hpp"
#include "envoy/eds.hpp"
#include "envoy/endpoint.hpp"
#include "envoy/listener.hpp"
#include "envoy/route.hpp"
#include "envoy/secret.hpp"
#include "envoy/value.hpp"

namespace aksmesh::envoy {
namespace {

constexpr std::string_view kTypes = "type.googleapis.com/envoy.admin.v3.";
constexpr std::array<std::string_view, 1> kHostLists{"cluster_statuses"};

/// Both members of the bootstrap's section are no lists.
std::string member_text(std::string_view section, const std::vector<std::string>& values) {
  return section == kBootstrapSection ? values.back() : '[' + join(values, ",") + ']';
}

}  // namespace

std::span<const SavedSection> saved_sections() {
  static constexpr std::array kSections{SavedSection{kBootstrapSection, kBootstrapLists},
                                        SavedSection{kClusterSection, kClusterLists},
                                        SavedSection{kListenerSection, kListenerLists},
                                        SavedSection{kRouteSection, kRouteLists},
                                        SavedSection{kSecretSection, kSecretLists},
                                        SavedSection{kEndpointSection, kEdsLists},
                                        SavedSection{kEcdsSection, kEcdsLists},
                                        SavedSection{kHostSection, kHostLists}};
  return kSections;
}

void SavedDump::take(const DumpEntry& entry) {
  const auto list = taken_.find(entry.list);
  auto& values = list != taken_.end() ? list->second : taken_[std::string(entry.list)];
  values.push_back(json_for_others(entry.value, tells_of_secret_));
}

void SavedDump::end(const SavedSection& section, const DumpFacts& facts) {
  std::string members;
  for (const auto list : section.lists) {
    const auto taken = taken_.find(list);
    if (taken == taken_.end()) continue;
    members += ",\"" + std::string(list) + "\":" + member_text(section.type, taken->second);
    entries_ += taken->second.size();
    taken_.erase(taken);
  }
  if (!facts.has(section.type)) return;
  if (section.type == kHostSection) {
    hosts_ = members.empty() ? ",\"cluster_statuses\":[]" : members;
    return;
  }
  configs_ += (configs_.empty() ? "" : ",\n") + ("{\"@type\":\"" + std::string(kTypes)) +
              std::string(section.type) + '"' + members + '}';
}

std::string SavedDump::text() const {
  return "{\"configs\":[" + configs_ + ']' + hosts_ + "}\n";
}

}  // namespace aksmesh::envoy
