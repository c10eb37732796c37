// SPDX-License-Identifier: Apache-2.0
#include "mesh/mesh_config_types.hpp"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

#include "base/edit_distance.hpp"
#include "base/strings.hpp"
#include "data/scalar.hpp"
#include "istio/validation/syntax.hpp"
#include "mesh/proxy_config_types.hpp"
#include "mesh/table.hpp"

namespace aksmesh::mesh {
namespace {

using data::Node;

constexpr std::string_view kProxyConfig = "ProxyConfig";
constexpr std::string_view kListOf = "[]";
constexpr std::string_view kMappingOf = "{}";

/// The JSON name of a field that may be written with its proto name.
std::string json_name(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i)
    if (name[i] == '_' && i + 1 < name.size())
      out += static_cast<char>(std::toupper(static_cast<unsigned char>(name[++i])));
    else
      out += name[i];
  return out;
}

/// Protobuf takes numbers as strings too.
std::optional<double> number_of(const Node& value) {
  return value.is_string() ? data::parse_floating(value.text()) : value.as_double();
}

bool is_whole(double number) {
  return number >= std::numeric_limits<std::int32_t>::min() &&
         number <= std::numeric_limits<std::int32_t>::max() &&
         number == static_cast<double>(static_cast<std::int32_t>(number));
}

/// What a scalar of that type must be, empty when it is.
std::string_view scalar_fault(std::string_view type, const Node& value) {
  if (type == "string") return value.is_string() ? "" : "must be a string";
  if (type == "boolean")
    return value.kind() == data::NodeKind::boolean ? "" : "must be true or false";
  if (type == "duration")
    return value.is_string() && istio::validation::parse_duration(value.text())
               ? ""
               : "must be a duration such as 5s";
  const auto number = number_of(value);
  if (type == "int32") return number && is_whole(*number) ? "" : "must be a whole number";
  if (type == "percent")
    return number && *number >= 0 && *number <= 100 ? "" : "must be a number from 0 to 100";
  return "";
}

/// Walks the value of one field by the types of the table.
class Walk {
 public:
  explicit Walk(std::vector<MeshConfigFault>& out) : out_(out) {}

  static const Node& messages() {
    static const auto all = table("mesh-config-types.json")["messages"];
    return all;
  }

  void check(const Node& type, const Node& value, const std::string& field) {
    if (!type.is_sequence()) return check(type.text(), value, field);
    const bool known = !value.is_string() ||
                       std::any_of(type.items().begin(), type.items().end(),
                                   [&](const Node& word) { return word.text() == value.text(); });
    if (!known || !value.is_scalar()) add_unknown_word(type, value, field);
  }

 private:
  void check(std::string_view type, const Node& value, const std::string& field) {
    if (value.is_null() || type == "any") return;
    if (type.starts_with(kListOf)) {
      if (!value.is_sequence()) return add(value, field, "must be a list");
      for (const auto item : value.items()) check(type.substr(kListOf.size()), item, field);
    } else if (type.starts_with(kMappingOf)) {
      if (!value.is_mapping()) return add(value, field, "must be a mapping");
      for (const auto [key, item] : value.entries())
        check(type.substr(kMappingOf.size()), item, field + '.' + std::string(key.text()));
    } else if (const auto message = messages()[type]) {
      check_message(message, value, field);
    } else if (const auto what = scalar_fault(type, value); !what.empty()) {
      add(value, field, std::string(what));
    }
  }
  void check_message(const Node& message, const Node& value, const std::string& field) {
    if (!value.is_mapping()) return add(value, field, "must be a mapping of fields");
    for (const auto [key, item] : value.entries()) {
      const auto name = field + '.' + std::string(key.text());
      if (const auto type = message["fields"][json_name(key.text())])
        check(type, item, name);
      else if (message["closed"].as_bool().value_or(false))
        check_spelling(message["fields"], key.text(), item, name);
    }
  }
  /// A field that is like none of the known ones may be one of another version of Istio.
  void check_spelling(const Node& fields, std::string_view key, const Node& item,
                      const std::string& name) {
    std::vector<std::string> known;
    for (const auto [field, type] : fields.entries()) known.emplace_back(field.text());
    const auto near = suggestions(json_name(key), known);
    if (!near.empty())
      add(item, name, "does not exist; the nearest one is " + near.front(),
          "Write " + near.front() + '.');
  }
  void add_unknown_word(const Node& words, const Node& value, const std::string& field) {
    std::vector<std::string> known;
    for (const auto word : words.items()) known.emplace_back(word.text());
    auto typed = std::string(value.text());
    std::transform(typed.begin(), typed.end(), typed.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    const auto near = suggestions(typed, known);
    add(value, field, "must be one of " + join(known, ", "),
        near.empty() ? std::string{} : "Write " + near.front() + '.');
  }
  void add(const Node& place, const std::string& field, std::string what, std::string remedy = {}) {
    out_.push_back({place, field, std::move(what), std::move(remedy)});
  }

  std::vector<MeshConfigFault>& out_;
};

}  // namespace

std::vector<MeshConfigFault> find_mesh_config_faults(std::string_view name, const Node& value) {
  std::vector<MeshConfigFault> out;
  const auto type = Walk::messages().at("MeshConfig", "fields", json_name(name));
  if (!type || value.is_null()) return out;
  Walk(out).check(type, value, std::string(name));
  if (!out.empty() || type.text() != kProxyConfig) return out;
  if (auto fault = find_proxy_config_fault(value))
    out.push_back({fault->place, std::string(name), std::move(fault->what), {}});
  return out;
}

}  // namespace aksmesh::mesh
