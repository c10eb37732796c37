// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "data/tree.hpp"

namespace aksmesh::data {

/// The keys that lead to a member, the items of a sequence as `[]`. Views of the tree.
using KeyPath = std::vector<std::string_view>;

/// What becomes of a member of a mapping.
enum class Fate {
  keep,    ///< as it is written
  look,    ///< its own members are asked for in turn
  drop,    ///< it goes
  change,  ///< its key stays, the text that `instead` gives takes its place
};

/// Asked for each member that is looked at; tells by where and what it is. `holder` is the mapping
/// that it is a member of.
class Fates {
 public:
  Fates() = default;
  Fates(const Fates&) = delete;
  Fates& operator=(const Fates&) = delete;
  virtual ~Fates() = default;
  virtual Fate of(const KeyPath& path, const Node& value, const Node& holder) = 0;
  /// The text that takes the place of a value whose fate is to change.
  [[nodiscard]] virtual std::string instead(const Node& value) const {
    return std::string(value.text());
  }
};

/// A JSON value written anew. The node must be of a text in JSON; what is kept is kept byte for
/// byte.
std::string rewritten(const Node& node, Fates& fates);

}  // namespace aksmesh::data
