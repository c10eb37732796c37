// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "checks/check.hpp"

namespace aksmesh::checks {

/// How a place that takes codes words its mistakes.
struct CodeWords {
  std::string what;                 ///< such as "unknown code"
  std::string list;                 ///< the command that lists all codes
  std::vector<std::string> also{};  ///< other names that may have been meant
  /// How to write a code there that is near to the unknown `name`, ready to paste.
  std::function<std::string(const std::string& name, const std::string& near)> retry;
};

/// The codes that are named, by code or slug and in any case, in the order given. All unknown names
/// are one usage error: unknown is never "all" and never nothing.
Result<std::vector<const Code*>> find_codes(const std::vector<std::string>& names,
                                            const CodeWords& words);

}  // namespace aksmesh::checks
