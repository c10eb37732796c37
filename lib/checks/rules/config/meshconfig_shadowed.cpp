// SPDX-License-Identifier: Apache-2.0
#include <unordered_map>

#include "checks/rules/config/mesh_config_walk.hpp"

namespace aksmesh::checks {
namespace {

/// The fields that a level of the configuration may have; null where only the spelling counts.
using Level = const std::vector<mesh::MeshConfigField>*;

/// The JSON name of a key, which may stand in either of its two spellings.
std::string_view canonical(Level level, std::string_view key) {
  const auto* field = level == nullptr ? nullptr : mesh::find_field(*level, key);
  return field == nullptr ? key : field->name;
}

bool same_scalar(const Node& one, const Node& other) {
  if (one.text() == other.text()) return true;
  if (const auto truth = one.as_bool()) return truth == other.as_bool();
  const auto number = one.as_double();
  return number && number == other.as_double();
}

bool same_value(const Node& one, const Node& other) {
  if (one.is_scalar() && other.is_scalar()) return same_scalar(one, other);
  if (one.kind() != other.kind() || one.size() != other.size()) return false;
  if (one.is_sequence()) {
    auto right = other.items().begin();
    for (const auto item : one.items()) {
      if (!same_value(item, *right)) return false;
      ++right;
    }
    return true;
  }
  for (const auto entry : one.entries()) {
    const auto counterpart = other[entry.key.text()];
    if (!counterpart || !same_value(entry.value, counterpart)) return false;
  }
  return true;
}

class Comparison {
 public:
  Comparison(const Object& shared, Findings& out) : shared_(shared), out_(out) {}
  [[nodiscard]] bool lists_differ() const { return lists_differ_; }

  void compare(const Node& shared, const Node& standard, Level level) {
    std::unordered_map<std::string_view, Node> wins;
    for (const auto entry : standard.entries())
      wins.emplace(canonical(level, entry.key.text()), entry.value);
    for (const auto entry : shared.entries()) {
      const auto name = canonical(level, entry.key.text());
      const auto found = wins.find(name);
      if (found == wins.end()) continue;
      const bool proxy = level == &mesh::mesh_config_fields() && name == kDefaultConfigField;
      compare_value(entry, found->second, proxy ? &mesh::proxy_config_fields() : nullptr);
    }
  }

 private:
  void compare_value(const data::Entry& shared, const Node& standard, Level level) {
    if (shared.value.is_mapping() && standard.is_mapping()) {
      compare(shared.value, standard, level);
    } else if (shared.value.is_sequence() && standard.is_sequence()) {
      lists_differ_ = lists_differ_ || !same_value(shared.value, standard);
    } else if (!same_value(shared.value, standard)) {
      out_.add(
          shared_, shared.value,
          "{key} has no effect, for the default ConfigMap of the revision sets it to another value",
          {{"key", std::string(shared.key.text())}});
    }
  }

  const Object& shared_;
  Findings& out_;
  bool lists_differ_ = false;
};

void run(const Facts& facts, Findings& out) {
  using Origin = MeshConfigDocument::Origin;
  std::unordered_map<std::string_view, const MeshConfigDocument*> standards;
  for (const auto& document : facts.mesh_configs())
    if (document.origin == Origin::standard) standards.emplace(document.revision, &document);
  for (const auto& document : facts.mesh_configs()) {
    if (document.origin != Origin::shared) continue;
    const auto standard = standards.find(document.revision);
    if (standard == standards.end()) {
      out.unknown(*document.object,
                  facts.of_cluster()
                      ? "what the default ConfigMap of its revision sets: the cluster has none in "
                        "aks-istio-system"
                      : "what the default ConfigMap of its revision sets; an export of "
                        "aks-istio-system tells");
      continue;
    }
    Comparison comparison(*document.object, out);
    comparison.compare(document.root, standard->second->root, &mesh::mesh_config_fields());
    if (comparison.lists_differ())
      out.unknown(*document.object,
                  "whether a list of the default ConfigMap replaces its own; the documentation "
                  "does not say");
  }
}

}  // namespace

extern const Check meshconfig_shadowed;
constinit const Check meshconfig_shadowed{
    .slug = "meshconfig-shadowed", .reads = kMeshConfigKinds, .run = run};

}  // namespace aksmesh::checks
