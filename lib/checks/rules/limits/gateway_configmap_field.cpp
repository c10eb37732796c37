// SPDX-License-Identifier: Apache-2.0
#include "base/strings.hpp"
#include "checks/gateway_config_maps.hpp"
#include "mesh/table.hpp"

namespace aksmesh::checks {
namespace {

/// A field that may be set, or only some fields below it. Lists have no level of their own.
struct Field {
  std::string_view name{};
  std::vector<Field> inner{};  ///< none: it may hold anything

  [[nodiscard]] const Field* find(std::string_view wanted) const {
    for (const auto& field : inner)
      if (field.name == wanted) return &field;
    return nullptr;
  }
  Field& add(std::string_view wanted) {
    for (auto& field : inner)
      if (field.name == wanted) return field;
    return inner.emplace_back(Field{.name = wanted});
  }
};

/// The sections of the table with their fields.
Field read_allowed() {
  Field sections;
  const auto gateway_api = mesh::table("ingress-annotations.json")["gatewayApi"];
  for (const auto key : gateway_api["dataKeys"].items()) {
    auto& section = sections.add(key.text());
    for (const auto path : gateway_api["allowList"][key.text()].items()) {
      auto* at = &section;
      for (const auto name : split(path.text(), '.')) at = &at->add(name);
    }
  }
  return sections;
}

class Section {
 public:
  Section(const Object& config_map, std::string_view name, Findings& out)
      : config_map_(config_map), name_(name), out_(out) {}

  void check(const Node& value, const Field& allowed, const std::string& prefix) const {
    for (const auto [key, inner] : value.entries()) check_entry(key, inner, allowed, prefix);
    for (const auto item : value.items())
      for (const auto [key, inner] : item.entries())
        // It merely tells which item of the generated list is meant.
        if (key.text() != "name") check_entry(key, inner, allowed, prefix);
  }

 private:
  void check_entry(const Node& key, const Node& value, const Field& allowed,
                   const std::string& prefix) const {
    const auto path = prefix + std::string(key.text());
    const auto* known = allowed.find(key.text());
    if (known != nullptr && known->inner.empty()) return;
    if (known != nullptr && (!value.is_scalar() || value.is_null()))
      check(value, *known, path + '.');
    else
      out_.add(config_map_, value,
               "field {field} of section {section} is outside the list of what the add-on lets you "
               "set",
               {{"field", path}, {"section", std::string(name_)}});
  }

  const Object& config_map_;
  std::string_view name_;
  Findings& out_;
};

void run(const Facts& facts, Findings& out) {
  const auto allowed = read_allowed();
  for (const auto& [config_map, of_class] : gateway_config_maps(facts, out))
    for (const auto [key, value] : config_map->root["data"].entries()) {
      const auto* known = allowed.find(key.text());
      if (known == nullptr)
        out.add(*config_map, value, "the add-on has no section {section} for its gateways",
                {{"section", std::string(key.text())}});
      else
        Section(*config_map, key.text(), out)
            .check(read_section(facts, *config_map, value, out), *known, {});
    }
}

}  // namespace

extern const Check gateway_configmap_field;
constinit const Check gateway_configmap_field{
    .slug = "gateway-configmap-field", .reads = kGatewayConfigKinds, .run = run};

}  // namespace aksmesh::checks
