// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.hpp"

namespace aksmesh::sys {

/// Asks a person.
class Asker {
 public:
  Asker() = default;
  Asker(const Asker&) = delete;
  Asker& operator=(const Asker&) = delete;
  virtual ~Asker() = default;
  /// Whether there is one: standard input and standard error are terminals.
  [[nodiscard]] virtual bool can_ask() const = 0;
  /// Shows the question and reads one line. Kind cancelled on Ctrl-C or at the end of the input.
  virtual Result<std::string> ask(const std::string& question) = 0;
};

}  // namespace aksmesh::sys
