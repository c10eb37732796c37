// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>

#include "checks/check.hpp"
#include "istio/annotation_value.hpp"
#include "mesh/namespaces.hpp"
#include "mesh/proxy_config_types.hpp"
#include "mesh/table.hpp"

namespace aksmesh::checks {
namespace {

constexpr std::string_view kDomain = "istio.io";
constexpr std::string_view kAnyKind = "Any";
constexpr std::string_view kProxyConfigForm = "proxy-config";

/// The row of lib/mesh/tables/istio-annotations.json; absent for a name that Istio does not know.
Node row_of(std::string_view name) {
  static const auto rows = [] {
    std::unordered_map<std::string_view, Node> out;
    for (const auto row : mesh::table("istio-annotations.json")["annotations"].items())
      out.emplace(row["name"].text(), row);
    return out;
  }();
  const auto found = rows.find(name);
  return found == rows.end() ? Node{} : found->second;
}

/// istioctl also takes `notistio.io` for one of Istio's domains.
bool is_of_istio(std::string_view name, bool upstream) {
  const auto domain = name.substr(0, name.find('/'));
  if (!domain.ends_with(kDomain)) return false;
  return upstream || domain.size() == kDomain.size() ||
         domain[domain.size() - kDomain.size() - 1] == '.';
}

/// An object, or the pods of its template.
struct Annotated {
  const Object& object;
  std::string_view kind;
  Node labels;
};

void check_value(const Facts& facts, const Annotated& on, std::string_view name, const Node& value,
                 std::string_view form, Findings& out) {
  if (form != kProxyConfigForm) {
    if (const auto fault = istio::annotation_fault(form, value.text()); !fault.empty())
      out.report("IST0125", on.object, value, {std::string(name), fault});
    return;
  }
  if (!value.is_string()) return;
  const auto& read = facts.embedded(on.object, value);
  if (!read.problems.empty()) {
    out.report("IST0125", on.object, value, {std::string(name), read.problems.front().what});
  } else if (read.tree->document_count() > 0) {
    if (const auto fault = mesh::find_proxy_config_fault(read.tree->document(0)))
      out.report("IST0125", on.object, fault->place, {std::string(name), fault->what});
  }
}

bool holds(const Node& list, std::string_view text) {
  const auto items = list.items();
  return std::any_of(items.begin(), items.end(),
                     [&](const Node& item) { return item.text() == text; });
}

void check_annotation(const Facts& facts, const Annotated& on, std::string_view name,
                      const Node& value, Findings& out) {
  const auto row = row_of(name);
  if (!row) {
    if (is_of_istio(name, facts.is_upstream()))
      out.report("IST0108", on.object, value, {std::string(name)});
    return;
  }
  if (row["neverReported"].as_bool().value_or(false)) return;
  const auto label = row["label"].text();
  if (row["deprecated"].as_bool().value_or(false) && (label.empty() || !on.labels[label]))
    out.report("IST0135", on.object, value,
               {std::string(name),
                label.empty() ? "" : " in favor of the \"" + std::string(label) + "\" label"});
  if (holds(row["kinds"], kAnyKind)) return;
  if (holds(row["kinds"], on.kind))
    return check_value(facts, on, name, value, row["value"].text(), out);
  std::string kinds;
  for (const auto kind : row["kinds"].items())
    kinds.append(kinds.empty() ? "" : ", ").append(kind.text());
  out.report("IST0107", on.object, value, {std::string(name), kinds});
}

void check_annotations(const Facts& facts, const Annotated& on, const Node& annotations,
                       Findings& out) {
  for (const auto [key, value] : annotations.entries())
    check_annotation(facts, on, key.text(), value, out);
}

void check_objects(const Facts& facts, Kind kind, Findings& out) {
  for (const auto* object : facts.all(kind)) {
    const auto name_space = kind == Kind::name_space ? object->name : object->name_space;
    if (!facts.is_upstream() && mesh::is_platform_namespace(name_space)) continue;
    const auto metadata = object->metadata();
    check_annotations(facts, {*object, object->kind_name, metadata["labels"]},
                      metadata["annotations"], out);
  }
}

void run(const Facts& facts, Findings& out) {
  for (const auto kind : {Kind::name_space, Kind::service, Kind::deployment})
    check_objects(facts, kind, out);
  if (facts.is_upstream()) return check_objects(facts, Kind::pod, out);
  // What a template says is what its pods will carry.
  for (const auto& workload : facts.workloads()) {
    if (mesh::is_platform_namespace(workload.object->name_space)) continue;
    const auto& metadata = workload.template_metadata;
    check_annotations(facts, {*workload.object, kube::kind_name(Kind::pod), metadata["labels"]},
                      metadata["annotations"], out);
  }
}

constexpr std::array<std::string_view, 4> kCodes{"IST0107", "IST0108", "IST0125", "IST0135"};

}  // namespace

extern const Check annotations_k8s_analyzer;
constinit const Check annotations_k8s_analyzer{
    .slug = "annotations-k8s-analyzer",
    .reads = kPodKinds | KindSet{Kind::name_space, Kind::service},
    .run = run,
    .codes = kCodes,
    .analyzer = "annotations.K8sAnalyzer"};

}  // namespace aksmesh::checks
