// SPDX-License-Identifier: Apache-2.0
#include "mesh/policy.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/edit_distance.hpp"
#include "base/strings.hpp"
#include "data/reader.hpp"

namespace aksmesh::mesh {
namespace {

// The two policies for which the table rates every entry; the others only tell about custom
// resources.
constexpr std::string_view kSeed = "seed-2023";
constexpr std::string_view kCurrent = "current";
constexpr std::string_view kUpstream = "upstream";

constexpr std::array<std::pair<std::string_view, Stance>, 8> kStances{
    {{"forbidden", Stance::forbidden},
     {"unsupported", Stance::unsupported},
     {"conditional", Stance::conditional},
     {"required", Stance::required},
     {"allowed", Stance::allowed},
     {"supported", Stance::supported},
     {"advice", Stance::advice},
     {"unstated", Stance::unstated}}};

Stance read_stance(std::string_view text) {
  const auto found = std::find_if(kStances.begin(), kStances.end(),
                                  [&](const auto& row) { return row.first == text; });
  return found == kStances.end() ? Stance::unstated : found->second;
}

std::vector<std::string_view> read_texts(const data::Node& list) {
  std::vector<std::string_view> out;
  for (const auto& item : list.items()) out.push_back(item.text());
  return out;
}

Result<data::ReadResult> read_table(std::string_view text, std::string_view origin) {
  auto read = data::read_documents(std::string(text), data::Limits{});
  const auto broken = [&](std::string why, data::Mark mark) {
    return Error{.kind = ErrorKind::usage,
                 .what = "cannot use the policy file " + std::string(origin),
                 .why = std::move(why),
                 .next = {"compare it with the built-in one: aksmesh checks --print-policy"},
                 .where = std::string(origin) + ':' + std::to_string(mark.line) + ':' +
                          std::to_string(mark.column)};
  };
  if (!read.problems.empty()) return broken(read.problems.front().what, read.problems.front().mark);
  if (read.tree->document_count() != 1) return broken("it must hold exactly one document", {1, 1});
  const auto root = read.tree->document(0);
  for (const std::string_view member : {"policies", "limitations", "customResourcePolicy"})
    if (!root[member].is_sequence())
      return broken("the list '" + std::string(member) + "' is missing", root.mark());
  return read;
}

std::vector<PolicyName> read_names(const data::Node& root) {
  std::vector<PolicyName> out;
  for (const auto& row : root["policies"].items()) {
    PolicyName name{.id = std::string(row["id"].text()),
                    .aliases = {},
                    .from = std::string(row["from"].text()),
                    .to = {},
                    .basis = std::string(row["basis"].text())};
    if (row["to"].is_string()) name.to = row["to"].text();
    for (const auto& alias : row["aliases"].items()) name.aliases.emplace_back(alias.text());
    out.push_back(std::move(name));
  }
  out.push_back({.id = std::string(kUpstream),
                 .aliases = {},
                 .from = {},
                 .to = {},
                 .basis = "plain Istio, without the rules of the add-on"});
  return out;
}

data::Node row_with_id(const data::Node& list, std::string_view id) {
  for (const auto& row : list.items())
    if (row["id"].text() == id) return row;
  return {};
}

std::string_view severity_of(const data::Node& rating) {
  const auto severity = rating["severity"].text();
  return severity == "none" ? std::string_view{} : severity;
}

/// A policy's own remedy goes before the one that suits all policies.
void prefer_remedy(Limitation& out, const data::Node& rating) {
  if (const auto remedy = rating["remedy"]) out.remedy = remedy.text();
}

/// A dated policy without a rating of its own for each entry: the custom resource's status decides,
/// and the rating of the policy that shares that status gives severity and remedy.
void rate_by_custom_resource(Limitation& out, const data::Node& policies, const data::Node& cell) {
  out.stance = read_stance(cell["status"].text());
  const auto seed = policies[kSeed];
  const auto current = policies[kCurrent];
  const auto& rating = read_stance(seed["status"].text()) == out.stance ? seed : current;
  out.severity = severity_of(rating);
  if (read_stance(rating["status"].text()) == out.stance) prefer_remedy(out, rating);
  if (out.stance == Stance::conditional && cell["types"].is_sequence()) {
    out.allowed_types = read_texts(cell["types"]);
    out.allowed_severity = severity_of(current);
    out.severity = severity_of(seed);
  }
  if (const auto revision = parse_revision(cell["minRevision"].text())) out.min_revision = revision;
}

Limitation read_limitation(const data::Node& row, const data::Node& root, std::string_view policy) {
  Limitation out{.id = row["id"].text(),
                 .title = row["title"].text(),
                 .category = row["category"].text(),
                 .remedy = row["remedy"].text(),
                 .enforced_by = row["enforcedBy"].text(),
                 .note = row["note"].text()};
  out.sources = read_texts(row["source"]);
  out.phases = read_texts(row["phase"]);
  out.min_revision = parse_revision(row["minRevision"].text());
  out.needs_azure_only = true;
  for (const auto& way : row["detection"].items())
    out.needs_azure_only = out.needs_azure_only && way["api"].text() == "arm";
  const auto policies = row["policies"];
  if (const auto rating = policies[policy]) {
    out.stance = read_stance(rating["status"].text());
    out.severity = severity_of(rating);
    out.milder_severity = rating["milderSeverity"].text();
    prefer_remedy(out, rating);
    return out;
  }
  // The fields of Telemetry are rated with the kind itself.
  const auto id = out.id == "cr-telemetry-field" ? std::string_view("cr-telemetry") : out.id;
  if (const auto cell = row_with_id(root["customResourcePolicy"], id).at("policies", policy)) {
    rate_by_custom_resource(out, policies, cell);
  } else {
    out.recorded = false;
  }
  return out;
}

}  // namespace

std::string_view stance_name(Stance stance) {
  const auto found = std::find_if(kStances.begin(), kStances.end(),
                                  [&](const auto& row) { return row.second == stance; });
  return found == kStances.end() ? "unstated" : found->first;
}

Result<std::vector<PolicyName>> Policy::names(std::string_view text, std::string_view origin) {
  AK_TRY(const auto read, read_table(text, origin));
  return read_names(read.tree->document(0));
}

Result<Policy> Policy::load(std::string_view text, std::string_view name, std::string_view origin) {
  AK_TRY(auto read, read_table(text, origin));
  Policy policy;
  policy.tree_ = std::move(read.tree);
  const auto root = policy.tree_->document(0);
  policy.as_of_ = root["asOf"].text();
  std::vector<std::string> known;
  for (const auto& candidate : read_names(root)) {
    known.push_back(candidate.id);
    known.insert(known.end(), candidate.aliases.begin(), candidate.aliases.end());
    const bool alias = std::find(candidate.aliases.begin(), candidate.aliases.end(), name) !=
                       candidate.aliases.end();
    if (candidate.id == name || alias) policy.id_ = candidate.id;
  }
  if (policy.id_.empty()) {
    Error error{.kind = ErrorKind::usage,
                .what = "unknown policy '" + std::string(name) + "'",
                .why = "known are " + join(known, ", ")};
    for (const auto& near : suggestions(name, known)) error.next.push_back("--policy " + near);
    return error;
  }
  policy.upstream_ = policy.id_ == kUpstream;
  for (const auto& row : root["limitations"].items())
    policy.limitations_.push_back(
        read_limitation(row, root, policy.upstream_ ? kCurrent : std::string_view(policy.id_)));
  std::sort(policy.limitations_.begin(), policy.limitations_.end(),
            [](const Limitation& a, const Limitation& b) { return a.id < b.id; });
  return policy;
}

const Limitation* Policy::find(std::string_view id) const {
  const auto found = std::lower_bound(
      limitations_.begin(), limitations_.end(), id,
      [](const Limitation& one, std::string_view wanted) { return one.id < wanted; });
  return found != limitations_.end() && found->id == id ? &*found : nullptr;
}

}  // namespace aksmesh::mesh
