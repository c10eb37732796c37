// SPDX-License-Identifier: Apache-2.0
#include "data/ini.hpp"

#include "base/strings.hpp"

namespace aksmesh::data {

Ini read_ini(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  Ini out;
  std::string section;
  for (const auto raw : split(text, '\n')) {
    const auto line = trim(raw);
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    if (line.front() == '[') {
      section = trim(line.substr(1, line.find(']') - 1));
      continue;
    }
    const auto sign = line.find_first_of("=:");
    if (sign == std::string_view::npos) continue;
    out[section][to_lower(trim(line.substr(0, sign)))] = trim(line.substr(sign + 1));
  }
  return out;
}

std::string ini_value(const Ini& ini, const std::string& section, const std::string& option) {
  const auto in = ini.find(section);
  if (in == ini.end()) return {};
  const auto found = in->second.find(option);
  return found == in->second.end() ? std::string{} : found->second;
}

}  // namespace aksmesh::data
