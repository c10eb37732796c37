// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

namespace aksmesh::sys {

class Environment {
 public:
  Environment() = default;
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;
  virtual ~Environment() = default;
  /// The variable's value; nothing when it is unset.
  [[nodiscard]] virtual std::optional<std::string> get(const std::string& name) const = 0;
};

class RealEnvironment final : public Environment {
 public:
  [[nodiscard]] std::optional<std::string> get(const std::string& name) const override;
};

}  // namespace aksmesh::sys
