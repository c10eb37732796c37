// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/error.hpp"
#include "command.hpp"

namespace aksmesh::cli {

// The one table of exit codes; man/topics/exit-codes.md is its description, and a test compares the
// two.
inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;
inline constexpr int kUsage = 2;
inline constexpr int kFindings = 3;
inline constexpr int kNotPermitted = 4;
inline constexpr int kCouldNotLook = 5;
inline constexpr int kTimeout = 6;
inline constexpr int kBug = 70;
inline constexpr int kInterrupted = 130;
inline constexpr int kTerminated = 143;

constexpr int exit_code(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::usage: return kUsage;
    case ErrorKind::auth:
    case ErrorKind::denied: return kNotPermitted;
    case ErrorKind::timeout: return kTimeout;
    case ErrorKind::could_not_look: return kCouldNotLook;
    case ErrorKind::cancelled: return kInterrupted;
    case ErrorKind::internal: return kBug;
    case ErrorKind::not_found:
    case ErrorKind::conflict:
    case ErrorKind::throttled:
    case ErrorKind::network:
    case ErrorKind::server:
    case ErrorKind::bad_data: break;
  }
  return kFailed;
}

constexpr int exit_code(commands::Verdict verdict) {
  switch (verdict) {
    case commands::Verdict::findings: return kFindings;
    case commands::Verdict::could_not_look: return kCouldNotLook;
    case commands::Verdict::timed_out: return kTimeout;
    case commands::Verdict::done: break;
  }
  return kDone;
}

}  // namespace aksmesh::cli
