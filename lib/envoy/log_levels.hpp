// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.hpp"

// The loggers of Envoy, as its admin page /logging lists and changes them.
namespace aksmesh::envoy {

/// Level by logger.
using LogLevels = std::map<std::string, std::string>;

/// The listing of the page. Kind bad_data for anything else.
Result<LogLevels> read_log_levels(std::string_view page);

/// What is to be changed: first all loggers, then some.
struct LogWish {
  std::string all{};  ///< a level; empty: not all
  LogLevels some{};
};
/// `debug`, `http:debug,rbac=trace`: levels and loggers with levels, with commas between. A bare
/// level is for all loggers and comes first. Kind usage for words that are no levels.
Result<LogWish> parse_log_wish(std::string_view text);
/// That a proxy has the loggers. Kind usage.
Status check_loggers(const LogWish& wish, const LogLevels& known);

/// The levels of a wish, as they will be.
LogLevels wished(const LogWish& wish, const LogLevels& before);
/// The page that makes the levels of one proxy those of another time, changing nothing else; empty
/// when they are.
std::string log_page(const LogLevels& from, const LogLevels& to);

/// Envoy's words for levels.
bool is_log_level(std::string_view word);

}  // namespace aksmesh::envoy
