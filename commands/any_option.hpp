// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "context.hpp"
#include "docgen/help.hpp"
#include "option_set.hpp"

namespace aksmesh::commands {

/// Options of any command, for words that stand before the command's name. One name has one
/// meaning, so the first command that knows it will do; they are declared only when a word is no
/// global option.
class AnyOption {
 public:
  AnyOption() { declare_global_options(globals_, unused_); }

  /// As split_option.
  OptionWord find(const std::string& word);
  [[nodiscard]] const OptionSet& globals() const { return globals_; }

 private:
  GlobalOptions unused_;
  OptionSet globals_;
  std::vector<std::unique_ptr<docgen::Declared>> others_;
};

}  // namespace aksmesh::commands
