// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "command.hpp"

namespace aksmesh::commands {

/// A result that is nothing but text: help, a completion script.
class TextOutcome final : public Outcome {
 public:
  explicit TextOutcome(std::string text) : text_(std::move(text)) {}
  [[nodiscard]] std::string text(const report::Style&) const override { return text_; }

 private:
  std::string text_;
};

inline OutcomePtr text_outcome(std::string text) {
  return std::make_unique<TextOutcome>(std::move(text));
}

}  // namespace aksmesh::commands
