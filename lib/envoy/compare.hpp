// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "envoy/dump.hpp"

// What differs between the configurations of two proxies, or of one at two times, or between what a
// proxy has and what istiod holds for it.
namespace aksmesh::envoy {

/// The resources of a dump by kind (`cluster`, `listener`, `route`) and name, each in a form in
/// which equal ones are equal: without what only tells when it came, without members that have
/// their default value, and with the names of members in snake_case.
using ResourceSet = std::map<std::pair<std::string, std::string>, std::string>;

/// Which lists of a dump count.
enum class Compared {
  pushed,  ///< what istiod sends: all that is no part of the bootstrap
  all,
};
std::vector<std::string_view> lists_of(Compared compared);
/// Adds the resource of an entry of such a list, or of one of a dump without sections.
void take_resource(const DumpEntry& entry, ResourceSet& out);

/// One value that differs, as JSON; empty where it is not there.
struct ValueChange {
  std::string path{};  ///< filter_chains[0].filters[name=x].typed_config
  std::string before{};
  std::string after{};
};

struct ResourceChange {
  std::string kind{};
  std::string name{};
  enum class Fate { added, removed, changed } fate = Fate::changed;
  std::vector<ValueChange> values{};  ///< of one that changed
};

/// By kind and name. Elements of lists are told apart by their names, where they have some.
std::vector<ResourceChange> compare(const ResourceSet& before, const ResourceSet& after);

}  // namespace aksmesh::envoy
