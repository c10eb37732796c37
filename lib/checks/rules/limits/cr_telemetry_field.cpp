// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "checks/check.hpp"
#include "mesh/mesh_config_fields.hpp"

namespace aksmesh::checks {
namespace {

const mesh::TelemetryField* find_listed(std::string_view path) {
  const auto& fields = mesh::telemetry_fields();
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const auto& field) { return field.path == path; });
  return found == fields.end() ? nullptr : &*found;
}

bool is_listed_list(std::string_view path) {
  const auto& fields = mesh::telemetry_fields();
  return std::any_of(fields.begin(), fields.end(),
                     [&](const auto& field) { return field.path.starts_with(path); });
}

void check_providers(const Object& telemetry, const Node& providers,
                     const mesh::TelemetryField& field, Findings& out) {
  const auto& supported = field.supported_providers;
  if (supported.empty()) return;
  for (const auto& provider : providers.items()) {
    const auto name = provider["name"];
    if (!name || std::find(supported.begin(), supported.end(), name.text()) != supported.end())
      continue;
    out.add(
        telemetry, name,
        "provider {provider} in {field} is a third party's, whose trouble is outside Azure support",
        {{"provider", std::string(name.text())}, {"field", std::string(field.path)}});
  }
}

void check_field(const Object& telemetry, const Node& value, const std::string& path,
                 const mesh::TelemetryField* field, Findings& out) {
  if (field == nullptr || field->support == "blocked")
    out.add(telemetry, value,
            "field {field} is outside the list of Telemetry fields that the add-on takes",
            {{"field", path}});
  else if (field->support == "unverified")
    out.unknown(telemetry, "what the add-on makes of field " + path + " is not documented");
  else
    check_providers(telemetry, value, *field, out);
}

void check_items(const Object& telemetry, const Node& list, const std::string& prefix,
                 Findings& out) {
  const auto* whole = find_listed(prefix + '*');
  for (const auto& item : list.items())
    for (const auto& entry : item.entries()) {
      const auto path = prefix + std::string(entry.key.text());
      check_field(telemetry, entry.value, path, whole != nullptr ? whole : find_listed(path), out);
    }
}

void run(const Facts& facts, Findings& out) {
  for (const auto* telemetry : facts.all(Kind::telemetry))
    for (const auto& entry : telemetry->spec().entries()) {
      const auto path = std::string(entry.key.text());
      if (is_listed_list(path + "[]."))
        check_items(*telemetry, entry.value, path + "[].", out);
      else
        check_field(*telemetry, entry.value, path, find_listed(path), out);
    }
}

}  // namespace

extern const Check cr_telemetry_field;
constinit const Check cr_telemetry_field{
    .slug = "cr-telemetry-field", .reads = {Kind::telemetry}, .run = run};

}  // namespace aksmesh::checks
