// SPDX-License-Identifier: Apache-2.0
#include "base/version_number.hpp"

#include <charconv>

namespace aksmesh {
namespace {

/// Reads a number of at most six digits off the front of `text`.
std::optional<int> take_number(std::string_view& text) {
  int value = 0;
  const auto digits = text.substr(0, 6);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || value < 0 || digits.front() == '-') return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - digits.data()));
  return value;
}

std::optional<VersionNumber> take_pair(std::string_view& text, char separator) {
  const auto major = text.empty() ? std::nullopt : take_number(text);
  if (!major || text.empty() || text.front() != separator) return std::nullopt;
  text.remove_prefix(1);
  const auto minor = text.empty() ? std::nullopt : take_number(text);
  if (!minor) return std::nullopt;
  return VersionNumber{*major, *minor};
}

}  // namespace

std::string VersionNumber::text() const {
  return std::to_string(major) + '.' + std::to_string(minor);
}

std::optional<VersionNumber> parse_version(std::string_view text) {
  if (text.starts_with('v')) text.remove_prefix(1);
  const auto pair = take_pair(text, '.');
  if (!pair || (!text.empty() && text.front() != '.' && text.front() != '-' && text.front() != '+'))
    return std::nullopt;
  return pair;
}

std::optional<VersionNumber> parse_revision(std::string_view text) {
  constexpr std::string_view kPrefix = "asm-";
  if (!text.starts_with(kPrefix)) return std::nullopt;
  text.remove_prefix(kPrefix.size());
  const auto pair = take_pair(text, '-');
  return pair && text.empty() ? pair : std::nullopt;
}

std::string revision_name(const VersionNumber& version) {
  return "asm-" + std::to_string(version.major) + '-' + std::to_string(version.minor);
}

}  // namespace aksmesh
