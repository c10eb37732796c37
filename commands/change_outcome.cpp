// SPDX-License-Identifier: Apache-2.0
#include "change_outcome.hpp"

#include <nlohmann/json.hpp>

#include "base/printable.hpp"
#include "mesh_view.hpp"

namespace aksmesh::commands {
namespace {

std::string_view word_of(ChangeResult::State state) {
  switch (state) {
    case ChangeResult::State::unchanged: return "unchanged";
    case ChangeResult::State::planned: return "planned";
    case ChangeResult::State::accepted: return "accepted";
    case ChangeResult::State::done: break;
  }
  return "done";
}

/// A value of the body; a number that no library would hold as it is comes as its text.
nlohmann::ordered_json exact_value(const std::string& text) {
  auto out = nlohmann::ordered_json::parse(text, nullptr, false);
  const bool rounded =
      out.is_number_float() && text.find_first_of(".eE") == std::string::npos;  // a long integer
  if (out.is_discarded() || rounded) return text;
  return out;
}

nlohmann::ordered_json changes_document(const std::vector<data::JsonChange>& changes) {
  auto out = nlohmann::ordered_json::array();
  for (const auto& one : changes) {
    nlohmann::ordered_json row{{"path", one.path}};
    if (!one.before.empty()) row["before"] = exact_value(one.before);
    if (!one.after.empty()) row["after"] = exact_value(one.after);
    out.push_back(std::move(row));
  }
  return out;
}

}  // namespace

std::string changes_text(const std::vector<data::JsonChange>& changes, const report::Style& style) {
  std::string out;
  for (const auto& one : changes) {
    if (!one.before.empty())
      out += "  " +
             style.paint(report::Tone::broken, "- " + one.path + ": " + printable(one.before)) +
             '\n';
    if (!one.after.empty())
      out += "  " + style.paint(report::Tone::done, "+ " + one.path + ": " + printable(one.after)) +
             '\n';
  }
  return out;
}

std::string ChangeOutcome::text(const report::Style& style) const {
  const auto& r = result_;
  std::string out = target_line(r.cluster) + '\n' + r.headline + '\n';
  out += changes_text(r.changes, style);
  if (r.state == ChangeResult::State::accepted && !r.operation.empty())
    out += "operation " + r.operation + '\n';
  if (!r.request.empty()) out += "would send: " + r.request + '\n';
  for (const auto& one : r.warnings)
    out += style.paint(report::Tone::attention, "warning: ") + printable(one) + '\n';
  for (const auto& code : r.skipped_checks) out += "skipped check: " + code + '\n';
  if (r.state == ChangeResult::State::done) out += '\n' + mesh_text(r.cluster, style);
  if (!r.next.empty()) out += "\nnext:\n";
  for (const auto& step : r.next) out += "  " + step + '\n';
  return out;
}

std::string ChangeOutcome::deed() const {
  const auto state = result_.state;
  const bool changed = state == ChangeResult::State::done || state == ChangeResult::State::accepted;
  return changed ? result_.headline : std::string{};
}

nlohmann::ordered_json ChangeOutcome::document() const {
  const auto& r = result_;
  nlohmann::ordered_json out{
      {"schema", "aksmesh/change/v1"}, {"target", target_document(r.cluster)},
      {"state", word_of(r.state)},     {"changes", changes_document(r.changes)},
      {"warnings", r.warnings},        {"skippedChecks", r.skipped_checks}};
  if (r.state == ChangeResult::State::done || r.state == ChangeResult::State::unchanged)
    out["mesh"] = mesh_document(r.cluster.mesh);
  if (!r.request.empty()) out["request"] = r.request;
  if (!r.operation.empty()) out["operation"] = r.operation;
  out["next"] = r.next;
  return out;
}

}  // namespace aksmesh::commands
