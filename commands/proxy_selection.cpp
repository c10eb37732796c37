// SPDX-License-Identifier: Apache-2.0
#include "proxy_selection.hpp"

#include <algorithm>

#include "base/edit_distance.hpp"
#include "base/strings.hpp"
#include "checks/pod_maker.hpp"
#include "kube/workload_type.hpp"

namespace aksmesh::commands {
namespace {

using checks::ProxyRow;

/// The kinds that pods name as their makers.
constexpr kube::KindSet kMakers{kube::Kind::deployment, kube::Kind::stateful_set,
                                kube::Kind::daemon_set, kube::Kind::replica_set, kube::Kind::job};

Error names_no_proxy(const std::string& typed, const std::string& word) {
  std::vector<std::string> known{"pod"};
  for (const auto& type : kube::workload_types())
    if (kMakers.has(type.kind)) known.emplace_back(type.name);
  const auto near = suggestions(word, known);
  return {.kind = ErrorKind::usage,
          .what = "'" + typed + "' names no proxy",
          .why = "it is POD, POD.NAMESPACE, or TYPE/NAME with one of " + join(known, ", ") +
                 (near.empty() ? "" : "; did you mean " + join(near, " or ") + '?')};
}

bool is_named(const std::string& wanted, const std::string& name, const std::string& name_space) {
  return wanted == name || wanted == name + '.' + name_space;
}

/// A Deployment stands behind the ReplicaSet that the pod itself names; either may be meant.
bool is_made_by(const checks::Object& pod, const std::string& kind, const std::string& wanted) {
  const std::string name_space(pod.name_space);
  const auto maker = checks::maker_of(pod);
  if (maker.kind == kind && is_named(wanted, maker.name, name_space)) return true;
  for (const auto& owner : pod.metadata()["ownerReferences"].items())
    if (owner["controller"].as_bool().value_or(false) && owner["kind"].text() == kind &&
        is_named(wanted, std::string(owner["name"].text()), name_space))
      return true;
  return false;
}

}  // namespace

Result<ProxySelection> ProxySelection::parse(const std::vector<std::string>& operands) {
  ProxySelection out;
  for (const auto& typed : operands) {
    const auto slash = typed.find('/');
    if (slash == std::string::npos) {
      out.wanted_.push_back({.typed = typed, .name = typed});
      continue;
    }
    const auto word = typed.substr(0, slash);
    const auto* type = kube::find_workload_type(word);
    const bool is_pod = type != nullptr && type->kind == kube::Kind::pod;
    if (type == nullptr || slash + 1 == typed.size() || !(is_pod || kMakers.has(type->kind)))
      return names_no_proxy(typed, word);
    out.wanted_.push_back(
        {.typed = typed,
         .kind = is_pod ? std::string() : std::string(kube::kind_name(type->kind)),
         .name = typed.substr(slash + 1)});
  }
  return out;
}

bool ProxySelection::is_meant(const Wanted& wanted, const ProxyRow& row) {
  if (wanted.kind.empty()) return is_named(wanted.name, row.name, row.name_space);
  return row.pod != nullptr && is_made_by(*row.pod, wanted.kind, wanted.name);
}

bool ProxySelection::matches(const ProxyRow& row) const {
  return is_all() || std::any_of(wanted_.begin(), wanted_.end(),
                                 [&](const Wanted& one) { return is_meant(one, row); });
}

std::vector<std::string> ProxySelection::missed(const std::vector<ProxyRow>& rows) const {
  std::vector<std::string> out;
  for (const auto& one : wanted_)
    if (std::none_of(rows.begin(), rows.end(),
                     [&](const ProxyRow& row) { return is_meant(one, row); }))
      out.push_back(one.typed);
  return out;
}

}  // namespace aksmesh::commands
