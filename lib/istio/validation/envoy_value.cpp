// SPDX-License-Identifier: Apache-2.0
#include "istio/validation/envoy_value.hpp"

#include <algorithm>

#include "base/edit_distance.hpp"
#include "base/strings.hpp"
#include "istio/validation/envoy_scalar.hpp"
#include "istio/validation/envoy_types.hpp"

// As Go's JSON reader of protobuf (golang/protobuf, jsonpb) takes a value, which Istio uses; of two
// members of a oneof it takes the last.
namespace aksmesh::istio::validation {
namespace {

constexpr std::string_view kRule = "EF-12";
constexpr std::string_view kAny = "google.protobuf.Any";
constexpr std::string_view kTypeKey = "@type";

/// How a message stands in the patch: as the patch or a plain field, which is where Istio looks for
/// filters without configuration; in a list or map; or as the content of an Any, beside @type.
enum class Standing { field, listed, packed };

class ValueCheck {
 public:
  explicit ValueCheck(Problems& out) : out_(out) {}

  void check_message(const Node& value, std::string_view type, Standing standing);

 private:
  void refuse(const Node& value, std::string_view due) {
    const auto given = value.is_mapping()    ? "a mapping"
                       : value.is_sequence() ? "a list"
                                             : shown(value.text());
    out_.error(kRule, value, given + " is not " + std::string(due));
  }
  void check_any(const Node& value);
  void check_fields(const Node& value, std::string_view type, const EnvoyMessage& message,
                    Standing standing);
  void check_field(const Node& value, const EnvoyType& type, Standing standing);
  void check_one(const Node& value, const EnvoyType& type, Standing standing);
  void check_enum(const Node& value, std::string_view type);
  void warn_of_unknown_field(const Node& value, std::string_view name, std::string_view type,
                             const EnvoyMessage& message);

  Problems& out_;
};

void ValueCheck::check_message(const Node& value, std::string_view type, Standing standing) {
  if (value.is_null()) return;
  if (type == kAny) return check_any(value);
  const auto due = envoy_scalar_fault(value, type);
  if (!due.empty()) return refuse(value, due);
  const auto message = EnvoyMessage::find(type);
  if (!message || (is_well_known_message(type) && type != "google.protobuf.Empty")) return;
  if (!value.is_mapping())
    return refuse(value, "a mapping with the fields of " + std::string(type));
  check_fields(value, type, *message, standing);
}

void ValueCheck::check_any(const Node& value) {
  if (!value.is_mapping()) return refuse(value, "a mapping with @type");
  const auto url = value[kTypeKey];
  if (!url.is_string())
    return out_.error(kRule, {value, kTypeKey},
                      "the type of the message is required, as in "
                      "type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua");
  const auto type = url.text().substr(url.text().rfind('/') + 1);
  const auto message = EnvoyMessage::find(type);
  if (!message) {
    if (is_unlisted_envoy_type(type)) return;
    const bool old = url.text().find(".v2.") != std::string_view::npos;
    return out_.error(kRule, url,
                      "Istio knows no message " + shown(type) +
                          (old ? "; v2 of Envoy's API is gone, use the message of v3" : ""));
  }
  if (!is_well_known_message(type)) return check_fields(value, type, *message, Standing::packed);
  if (!value["value"])
    return out_.error(kRule, {value, "value"},
                      "a message of this type is given in the field value");
  check_message(value["value"], type, Standing::listed);
}

void ValueCheck::check_fields(const Node& value, std::string_view type, const EnvoyMessage& message,
                              Standing standing) {
  bool configured = false;
  for (const auto& [key, member] : value.entries()) {
    const auto name = key.text();
    if (name == kTypeKey && standing == Standing::packed) continue;
    const auto field_type = message.field(name);
    if (!field_type) {
      warn_of_unknown_field(member, name, type, message);
      continue;
    }
    if (member.is_null()) continue;
    configured = configured || name == "typed_config" || name == "typedConfig" ||
                 name == "config_discovery" || name == "configDiscovery";
    check_field(member, *field_type,
                standing == Standing::field ? Standing::field : Standing::listed);
  }
  if (standing == Standing::field && !configured && message.field("typed_config"))
    out_.warning("EF-13", value,
                 "typed_config is missing: Envoy no longer finds an extension by its name" +
                     (has(value, "name") ? " (" + shown(value["name"].text()) + ")" : "") +
                     " alone");
}

void ValueCheck::warn_of_unknown_field(const Node& value, std::string_view name,
                                       std::string_view type, const EnvoyMessage& message) {
  const auto near = suggestions(name, message.field_names());
  out_.warning(kRule, value,
               shown(name) + " is no field of " + std::string(type) +
                   (near.empty() ? "" : "; did you mean " + join(near, ", ") + "?"));
}

void ValueCheck::check_field(const Node& value, const EnvoyType& type, Standing standing) {
  if (type.shape == EnvoyShape::single) return check_one(value, type, standing);
  if (type.shape == EnvoyShape::list && !value.is_sequence()) return refuse(value, "a list");
  if (type.shape == EnvoyShape::map && !value.is_mapping()) return refuse(value, "a mapping");
  for (const auto item : value.items()) check_one(item, type, Standing::listed);
  for (const auto& [key, item] : value.entries()) check_one(item, type, Standing::listed);
}

void ValueCheck::check_one(const Node& value, const EnvoyType& type, Standing standing) {
  if (value.is_null()) return;
  if (type.is_enum) return check_enum(value, type.name);
  if (type.name.find('.') != std::string::npos) return check_message(value, type.name, standing);
  const auto due = envoy_scalar_fault(value, type.name);
  if (!due.empty()) refuse(value, due);
}

void ValueCheck::check_enum(const Node& value, std::string_view type) {
  const auto names = split(envoy_enum_values(type), ' ');
  if (names.empty()) return;
  if (!value.is_string()) {
    if (!envoy_scalar_fault(value, "int32").empty())
      refuse(value, "a name of " + std::string(type));
    return;
  }
  if (std::find(names.begin(), names.end(), value.text()) != names.end()) return;
  const std::vector<std::string> all(names.begin(), names.end());
  refuse(value, "one of " + join(all, ", ") + " (" + std::string(type) + ")");
}

}  // namespace

void check_envoy_value(const Node& value, std::string_view message, Problems& out) {
  ValueCheck(out).check_message(value, message, Standing::field);
}

}  // namespace aksmesh::istio::validation
