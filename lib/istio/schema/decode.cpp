// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "data/scalar.hpp"
#include "istio/schema/schema.hpp"
#include "istio/schema/table.hpp"
#include "istio/schema/wording.hpp"
#include "istio/validation/syntax.hpp"

// How istiod and istioctl read objects: Istio's as JSON of protobuf messages, those of the Gateway
// API as the Go types of Kubernetes. Null is nothing to both.
namespace aksmesh::istio::schema {
namespace {

using data::NodeKind;

enum class Reading : std::uint8_t { protobuf, kubernetes };

bool is_base64(std::string_view text) {
  return text.find_first_not_of(
             "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=") ==
         std::string_view::npos;
}

/// The number of a scalar, also in quotes for protobuf.
std::optional<double> number_of(const Node& value, Reading reading) {
  if (!value.is_string()) return value.as_double();
  const auto kind = data::resolve_plain(value.text());
  if (reading == Reading::kubernetes || (kind != NodeKind::integer && kind != NodeKind::floating))
    return std::nullopt;
  return data::parse_floating(value.text());
}

bool reads_integer(const Node& value, const Schema& schema, Reading reading) {
  const auto number = number_of(value, reading);
  if (!number || std::trunc(*number) != *number) return false;
  if (value.is_string() && value.text().find_first_not_of("-0123456789") != std::string_view::npos)
    return false;
  // Which type of protobuf a number has shows in its limits: int32, else one without a sign.
  const bool narrow = schema.format == Format::int32;
  const bool is_unsigned = !narrow && schema.value.least && *schema.value.least >= 0;
  const double least = narrow        ? std::numeric_limits<std::int32_t>::min()
                       : is_unsigned ? 0
                                     : -0x1p63;
  const double most = narrow                             ? std::numeric_limits<std::int32_t>::max()
                      : is_unsigned && schema.value.most ? std::numeric_limits<std::uint32_t>::max()
                                                         : 0x1p64;
  return *number >= least && *number <= most;
}

bool reads_text(const Node& value, const Schema& schema, Reading reading) {
  if (reading == Reading::kubernetes) return value.is_string();
  if (!schema.allowed.empty() && value.kind() == NodeKind::integer) return true;  // of an enum
  if (!value.is_string()) return false;
  if (schema.format == Format::duration)
    return validation::parse_duration(value.text()).has_value();
  if (schema.format == Format::base64) return is_base64(value.text());
  return schema.allowed.empty() || std::find(schema.allowed.begin(), schema.allowed.end(),
                                             value.text()) != schema.allowed.end();
}

bool reads(const Node& value, const Schema& schema, Reading reading);

bool reads_object(const Node& value, const Schema& schema, Reading reading) {
  if (!value.is_mapping()) return false;
  if (schema.free) return true;
  for (const auto& [key, inner] : value.entries()) {
    const auto* property = schema.find(key.text());
    if (property == nullptr && reading == Reading::protobuf &&
        key.text().find('_') != std::string_view::npos)
      property = schema.find(camel_case(key.text()));
    const auto* expected = property != nullptr ? property->schema : schema.values;
    if (expected == nullptr) continue;  // unknown fields are passed over
    const bool good_key =
        !schema.number_keys || data::resolve_plain(key.text()) == NodeKind::integer;
    if (!good_key || !reads(inner, *expected, reading)) return false;
  }
  return true;
}

bool reads(const Node& value, const Schema& schema, Reading reading) {
  if (value.is_null()) return true;
  switch (schema.type) {
    case Type::object: return reads_object(value, schema, reading);
    case Type::array: {
      if (!value.is_sequence()) return false;
      if (schema.items == nullptr) return true;
      const auto items = value.items();
      return std::all_of(items.begin(), items.end(),
                         [&](const Node& item) { return reads(item, *schema.items, reading); });
    }
    case Type::string: return reads_text(value, schema, reading);
    case Type::integer: return reads_integer(value, schema, reading);
    case Type::number: return number_of(value, reading).has_value();
    case Type::boolean: return value.kind() == NodeKind::boolean;
  }
  return true;
}

}  // namespace

bool decodes(const kube::Object& object) {
  if (object.group.empty()) return true;
  const auto* table = find_kind(object.group, object.kind_name);
  if (table == nullptr || table->versions().empty()) return true;
  const auto* exact = table->version(object.version);
  // An older version that a reader knows and the definitions do not has about the same fields.
  const auto& version = exact == nullptr ? table->versions().front() : *exact;
  const auto reading =
      object.group.ends_with(".istio.io") ? Reading::protobuf : Reading::kubernetes;
  const auto* spec = version.root->find("spec");
  if (spec != nullptr && object.spec() && !reads(object.spec(), *spec->schema, reading))
    return false;
  return version.status == nullptr || !object.status() ||
         reads(object.status(), *version.status, reading);
}

}  // namespace aksmesh::istio::schema
