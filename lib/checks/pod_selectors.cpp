// SPDX-License-Identifier: Apache-2.0
#include "checks/pod_selectors.hpp"

#include <algorithm>

namespace aksmesh::checks {
namespace {

/// True when the labels can only mean the pods of a Gateway that Istio makes itself: they are not
/// among the manifests, the Gateway is.
bool means_generated_gateway(const Facts& facts, const Object& object, const Node& labels) {
  const auto gateway = labels[kGatewayNameLabel];
  return gateway && !facts.is_upstream() && object.kind == Kind::telemetry &&
         facts.find(Kind::kube_gateway, object.name_space, gateway.text()) != nullptr;
}

}  // namespace

void SelectedPods::select(const Facts& facts, const Object& object, const Node& labels,
                          Findings& out) {
  const auto wanted = mesh::labels_of(labels);
  bool found = false;
  facts.pods(object.name_space).visit_matching(wanted, [&](const mesh::LabelIndex::Item& item) {
    found = true;
    const auto [at, is_new] = position_.try_emplace(item.object, pods_.size());
    if (is_new) pods_.push_back({.pod = item.object});
    pods_[at->second].by.push_back(&object);
    return true;
  });
  if (found || wanted.empty() || means_generated_gateway(facts, object, labels)) return;
  const auto text = mesh::selector_text(wanted);
  if (facts.covers_pods(object.name_space))
    out.report("IST0101", object, labels[wanted.front().first], {"selector", text});
  else
    out.unknown("IST0101", object,
                "the input holds no pods of namespace " + std::string(object.name_space) +
                    "; some must carry " + text);
}

std::vector<std::string> seen_together(const Facts& facts, const Object& object,
                                       const std::vector<const Object*>& group) {
  const auto own = object.label(kRevisionLabel).text();
  std::vector<std::string> names;
  for (const auto* other : group) {
    const auto theirs = other->label(kRevisionLabel).text();
    if (facts.is_upstream() || own.empty() || theirs.empty() || own == theirs)
      names.emplace_back(other->name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

void SharedPodReport::add(const SelectedPods::Selected& selected) {
  if (selected.by.size() < 2) return;
  if (!facts_.is_upstream() && !told_.insert(selected.by).second) return;
  for (const auto* object : selected.by) {
    const auto names = seen_together(facts_, *object, selected.by);
    if (names.size() > 1)
      out_.report(
          code_, *object, object->metadata()["name"],
          {list_text(names), std::string(object->name_space), std::string(selected.pod->name)});
  }
}

void report_rivals(const Facts& facts, std::string_view code,
                   const std::vector<const Object*>& group, Findings& out) {
  if (group.size() < 2) return;
  for (const auto* object : group) {
    const auto names = seen_together(facts, *object, group);
    if (names.size() > 1)
      out.report(code, *object, {list_text(names), std::string(object->name_space)});
  }
}

bool is_for_namespace(const Object& telemetry) {
  const auto spec = telemetry.spec();
  return spec.at("selector", "matchLabels").size() == 0 && spec["targetRefs"].size() == 0 &&
         !is_given(spec["targetRef"]);
}

void NamespaceGroups::add(const Object* object) {
  const auto [at, is_new] = position_.try_emplace(object->name_space, groups_.size());
  if (is_new) groups_.emplace_back();
  groups_[at->second].push_back(object);
}

}  // namespace aksmesh::checks
