// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace aksmesh::net {

/// Advice of an error when the time for the whole run is over. How long that was only its beginning
/// tells: told_how_long() puts a longer time in the place of the last word before it is shown.
inline constexpr const char* kMoreTime = "allow more time: --timeout LONGER";

/// Several times as long, as an option takes it: `20s` after 5,000 milliseconds.
std::string longer_than(std::int64_t milliseconds);

/// Hints, with a time longer than the one that did not suffice in kMoreTime.
std::vector<std::string> told_how_long(std::vector<std::string> hints, std::int64_t milliseconds);

}  // namespace aksmesh::net
