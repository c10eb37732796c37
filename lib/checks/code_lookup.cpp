// SPDX-License-Identifier: Apache-2.0
#include "checks/code_lookup.hpp"

#include <algorithm>

#include "base/edit_distance.hpp"
#include "base/strings.hpp"

namespace aksmesh::checks {
namespace {

const Code* find_in_any_case(const std::string& name) {
  if (const auto* code = find_code(name)) return code;
  const auto wanted = to_lower(name);
  const auto& all = codes();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Code& code) {
    return to_lower(code.code) == wanted || code.slug == wanted;
  });
  return found == all.end() ? nullptr : &*found;
}

std::vector<std::string> code_names() {
  std::vector<std::string> out;
  for (const auto& code : codes()) {
    out.emplace_back(code.code);
    out.emplace_back(code.slug);
  }
  return out;
}

}  // namespace

Result<std::vector<const Code*>> find_codes(const std::vector<std::string>& names,
                                            const CodeWords& words) {
  std::vector<const Code*> out;
  std::vector<std::string> unknown;
  for (const auto& name : names) {
    const auto* code = find_in_any_case(name);
    if (code == nullptr)
      unknown.push_back(name);
    else
      out.push_back(code);
  }
  if (unknown.empty()) return out;
  Error error{
      .kind = ErrorKind::usage,
      .what = words.what + (unknown.size() > 1 ? "s '" : " '") + join(unknown, "', '") + "'"};
  auto known = code_names();
  known.insert(known.end(), words.also.begin(), words.also.end());
  for (const auto& name : unknown)
    for (const auto& near : suggestions(name, known)) error.next.push_back(words.retry(name, near));
  error.next.push_back(words.list);
  return error;
}

}  // namespace aksmesh::checks
