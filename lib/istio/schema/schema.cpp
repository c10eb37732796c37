// SPDX-License-Identifier: Apache-2.0
#include "istio/schema/schema.hpp"

#include <algorithm>
#include <array>

#include "base/edit_distance.hpp"
#include "base/strings.hpp"
#include "istio/schema/structure.hpp"
#include "istio/schema/table.hpp"
#include "istio/validation/syntax.hpp"

namespace aksmesh::istio::schema {
namespace {

using Kind = Problem::Kind;

bool is_top_level(std::string_view key) {
  constexpr std::array<std::string_view, 5> kKeys{"apiVersion", "kind", "metadata", "spec",
                                                  "status"};
  return std::find(kKeys.begin(), kKeys.end(), key) != kKeys.end();
}

void check_top_level(const kube::Object& object, const Schema& root, Structure& structure) {
  const auto* spec = root.find("spec");
  for (const auto& [key, value] : object.root.entries()) {
    const auto name = key.text();
    if (is_top_level(name)) continue;
    std::string remedy;
    const auto near = suggestions(name, {"metadata", "spec", "status"});
    if (spec != nullptr && spec->schema->find(name) != nullptr)
      remedy = "Move it into spec: indent it further, below that field.";
    else if (!near.empty())
      remedy = "Write " + join(near, " or ") + '.';
    else
      remedy = "Remove it; an object has apiVersion, kind, metadata, spec and status.";
    structure.add(Kind::unknown_field, key, "is no field of " + std::string(object.kind_name),
                  remedy);
  }
}

void check_spec(const kube::Object& object, const Schema& root, Structure& structure) {
  for (const auto& property : root.properties) {
    const auto value = field(object.root, property);
    if (value)
      structure.check(value, *property.schema);
    else if (property.required)
      structure.add(Kind::invalid_value, object.root,
                    "lacks " + std::string(property.name) + ", which is required",
                    "Add " + std::string(property.name) + '.');
  }
}

// Names of these are what a path of a URL may hold, such as system:node:
// https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#path-segment-names
constexpr std::string_view kPathSegmentNames = "rbac.authorization.k8s.io";

void check_metadata(const kube::Object& object, Structure& structure) {
  const auto metadata = object.metadata();
  if (!metadata.is_mapping()) {
    structure.add(Kind::invalid_value, object.root, "lacks metadata with a name",
                  "Add metadata.name.");
    return;
  }
  structure.check(metadata, object_meta());
  if (metadata["name"].text().empty() && metadata["generateName"].text().empty())
    structure.add(Kind::invalid_value, metadata, "lacks name, which is required", "Add name.");
  for (const std::string_view map : {"labels", "annotations"})
    for (const auto& [key, value] : metadata[map].entries())
      if (!validation::is_label_key(key.text()))
        structure.add(Kind::invalid_value, key,
                      "must be a name of up to 63 letters, digits, - _ and ., with an optional DNS "
                      "name and / before it");
}

/// An apiVersion such as `v1` or `networking.istio.io`. No kind of the core group has a name of
/// these tables.
Result without_group(const kube::Object& object) {
  Result out;
  if (!object.group.empty() || object.api_version.empty()) return out;
  const auto groups = groups_of(object.kind_name);
  const bool names_one =
      std::find(groups.begin(), groups.end(), object.api_version) != groups.end();
  for (const auto& group : groups)
    if (!names_one || group == object.api_version)
      out.instead.push_back(
          group + '/' + std::string(find_kind(group, object.kind_name)->versions().front().name));
  if (!out.instead.empty()) out.known = Known::wrong_group;
  return out;
}

}  // namespace

Result validate(const kube::Object& object) {
  Result out;
  const auto* table = find_kind(object.group, object.kind_name);
  if (table == nullptr) {
    const auto kinds = kinds_of(object.group);
    if (kinds.empty()) {
      out = without_group(object);
      if (out.known == Known::not_ours && object.group != kPathSegmentNames &&
          object.metadata().is_mapping())
        Structure(object.root, out.problems).check(object.metadata(), object_meta());
      return out;
    }
    out.known = Known::unknown_kind;
    out.instead = suggestions(object.kind_name, kinds);
    return out;
  }
  const auto* version = table->version(object.version);
  if (version == nullptr) {
    out.known = Known::unknown_version;
    for (const auto& one : table->versions()) out.instead.emplace_back(one.name);
    return out;
  }
  out.known = Known::yes;
  Structure structure(object.root, out.problems);
  check_top_level(object, *version->root, structure);
  check_metadata(object, structure);
  check_spec(object, *version->root, structure);
  return out;
}

}  // namespace aksmesh::istio::schema
