// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "sys/cancel.hpp"

namespace aksmesh::sys {

/// A program to run: no shell looks at it, and it finds an empty standard input.
struct Program {
  std::string name{};  ///< looked for on the PATH when it holds no slash
  std::vector<std::string> arguments{};
  /// Variables that it gets besides ours, and instead of ours of the same name.
  std::vector<std::pair<std::string, std::string>> environment{};
  std::int64_t timeout = 30'000;  ///< milliseconds
  /// Is told each line of its standard error while it runs.
  std::function<void(std::string_view line)> overhear{};
};

struct ProgramResult {
  int code = 0;  ///< what it ended with; 128 and the number of a signal that ended it
  /// What it wrote; no more is kept than kLargestOutput of each.
  std::string out{};
  std::string err{};
};
constexpr std::size_t kLargestOutput = 1U << 20U;

class Process {
 public:
  Process() = default;
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  virtual ~Process() = default;
  /// Runs a program to its end, whatever the code. Errors: not_found when there is no such program,
  /// denied when it cannot be run, timeout, cancelled; in the last two it is killed with its
  /// children.
  virtual Result<ProgramResult> run(const Program& program) = 0;
};

class RealProcess final : public Process {
 public:
  explicit RealProcess(const Cancel& cancel) : cancel_(cancel) {}
  Result<ProgramResult> run(const Program& program) override;

 private:
  const Cancel& cancel_;
};

}  // namespace aksmesh::sys
