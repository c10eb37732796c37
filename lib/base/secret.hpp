// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

namespace aksmesh {

/// A token, key or password. It has no formatter and converts to nothing, so that printing one does
/// not compile; `reveal` is called where it goes out on the wire and nowhere else.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}
  [[nodiscard]] const std::string& reveal() const { return value_; }
  [[nodiscard]] bool empty() const { return value_.empty(); }

 private:
  std::string value_;
};

}  // namespace aksmesh
