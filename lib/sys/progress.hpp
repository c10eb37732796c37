// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace aksmesh::sys {

/// Is told what is waited for. What of that a person sees, and how, is the terminal's choice.
class Progress {
 public:
  Progress() = default;
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  virtual ~Progress() = default;
  /// What goes on at the moment; takes the place of what was told before.
  virtual void waiting(std::string_view text) = 0;
  /// Something that should stay to be read.
  virtual void note(std::string_view text) = 0;
  /// Nothing is waited for any more.
  virtual void end() = 0;
};

}  // namespace aksmesh::sys
