// SPDX-License-Identifier: Apache-2.0
#include "repair.hpp"

#include <map>

#include "base/strings.hpp"

namespace aksmesh::commands {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// The content that is to be written, when the file still holds what was read.
Result<std::string> repaired(const RepairPlan::File& file, sys::Files& files) {
  AK_TRY(const auto content, files.read(file.name, ~std::uint64_t{0} >> 1U));
  std::string_view text = content;
  std::string out;
  if (text.starts_with(kByteOrderMark) && !file.text.starts_with(kByteOrderMark)) {
    out = kByteOrderMark;
    text.remove_prefix(kByteOrderMark.size());
  }
  if (text != file.text)
    return Error{.kind = ErrorKind::conflict,
                 .what = file.name + " cannot be repaired",
                 .why = "it is not in UTF-8, or it was changed while it was analyzed"};
  return out + data::apply_edits(text, file.edits);
}

}  // namespace

std::string RepairPlan::diff() const {
  std::string out;
  for (const auto& file : files) out += data::edits_as_diff(file.name, file.text, file.edits);
  return out;
}

RepairPlan plan_repairs(const report::FindingSet& set, const kube::Manifests& manifests) {
  RepairPlan plan;
  std::map<std::string_view, std::vector<std::vector<data::TextEdit>>> by_file;
  for (const auto& finding : set.findings) {
    if (finding.suppression || finding.fix.empty()) continue;
    by_file[finding.where.file].push_back(finding.fix);
  }
  for (const auto& file : manifests.files) {
    const auto found = by_file.find(file.name);
    if (found == by_file.end() || file.tree == nullptr) continue;
    auto settled = data::settle_repairs(found->second);
    if (settled.dropped > 0)
      plan.notes.push_back(plural(settled.dropped, "repair", "repairs") + " of " + file.name +
                           " overlap with others; run --fix again");
    plan.findings += found->second.size() - settled.dropped;
    plan.files.push_back({file.name, file.tree->source(), std::move(settled.edits)});
    by_file.erase(found);
  }
  return plan;
}

Status carry_out(const RepairPlan& plan, sys::Files& files) {
  std::vector<std::pair<std::string, std::string>> contents;
  for (const auto& file : plan.files) {
    if (file.name == "-")
      return Error{.kind = ErrorKind::usage,
                   .what = "standard input cannot be repaired in place",
                   .next = {"--fix --dry-run   (shows the repairs as a diff)"}};
    AK_TRY(auto content, repaired(file, files));
    contents.emplace_back(file.name, std::move(content));
  }
  for (const auto& [name, content] : contents) AK_CHECK(files.write(name, content));
  return Done{};
}

}  // namespace aksmesh::commands
