// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The messages of Envoy's API (lib/istio/tables/envoy-types.json). The table is read when the first
// of these is called.
namespace aksmesh::istio::validation {

enum class EnvoyShape : std::uint8_t { single, list, map };

/// What a field holds: a scalar of protobuf, or a message or enumeration by its full name.
struct EnvoyType {
  EnvoyShape shape = EnvoyShape::single;
  bool is_enum = false;
  std::string name{};
};

/// A message that the table tells.
class EnvoyMessage {
 public:
  static std::optional<EnvoyMessage> find(std::string_view full_name);

  /// A field by its name in protobuf or in JSON.
  [[nodiscard]] std::optional<EnvoyType> field(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> field_names() const;

 private:
  EnvoyMessage(std::string_view package, std::string_view fields)
      : package_(package), fields_(fields) {}

  std::string_view package_;
  std::string_view fields_;
};

/// Whether Istio may know a message of this name that the table does not tell.
bool is_unlisted_envoy_type(std::string_view full_name);
/// The names of an enumeration, apart by blanks; empty when the table does not tell it.
std::string_view envoy_enum_values(std::string_view full_name);
/// The message that EnvoyFilter's `applyTo` patches; empty for an unknown one.
std::string_view envoy_patch_root(std::string_view apply_to);
/// Today's name of a filter whose name is outdated, else empty.
std::string_view envoy_new_filter_name(std::string_view old_name);

}  // namespace aksmesh::istio::validation
