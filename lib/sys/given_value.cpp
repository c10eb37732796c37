// SPDX-License-Identifier: Apache-2.0
#include "sys/given_value.hpp"

namespace aksmesh::sys {

std::optional<GivenValue> given_value(const std::string& variable, const std::string& key,
                                      const Environment& env, const Settings& settings) {
  if (auto value = env.get(variable); value && !value->empty())
    return GivenValue{.value = std::move(*value), .place = variable};
  const auto found = settings.values.find(key);
  if (found == settings.values.end()) return std::nullopt;
  return GivenValue{
      .value = found->second.value, .kind = Origin::Kind::file, .place = found->second.place};
}

}  // namespace aksmesh::sys
