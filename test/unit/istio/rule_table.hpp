// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace aksmesh::test {

/// A spec and what the rules of its kind say of it, as in `VS-05 spec.hosts[0]`; warnings begin
/// with `W `.
struct RuleRow {
  std::string yaml;
  std::vector<std::string> problems{};
};

/// Checks each row as an object of namespace `a`.
void check_rules(std::string_view kind, const std::vector<RuleRow>& rows);
/// The same for the rules about annotations and labels, with whole documents.
void check_metadata_rules(const std::vector<RuleRow>& rows);

}  // namespace aksmesh::test
