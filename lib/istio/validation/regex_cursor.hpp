// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace aksmesh::istio::validation {

/// What is left of a regular expression that is read from its begin, and the first fault of it.
class RegexCursor {
 public:
  [[nodiscard]] std::string_view rest() const { return rest_; }

 protected:
  explicit RegexCursor(std::string_view expression) : rest_(expression) {}

  void fail(std::string_view what) {
    if (fault_.empty()) fault_ = what;
    rest_ = {};
  }
  bool take(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }
  [[nodiscard]] char front() const { return rest_.empty() ? '\0' : rest_.front(); }

  std::string_view rest_;
  std::string fault_{};
};

}  // namespace aksmesh::istio::validation
