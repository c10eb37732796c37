// SPDX-License-Identifier: Apache-2.0
#include "any_option.hpp"

#include "command.hpp"

namespace aksmesh::commands {

OptionWord AnyOption::find(const std::string& word) {
  auto found = split_option(globals_, word);
  if (found.spec != nullptr) return found;
  if (others_.empty())
    for (const auto* command : catalogue())
      if (!command->hidden) others_.push_back(docgen::declared(*command));
  for (const auto& other : others_)
    if (auto one = split_option(other->set, word); one.spec != nullptr) return one;
  return found;
}

}  // namespace aksmesh::commands
