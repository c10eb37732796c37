// SPDX-License-Identifier: Apache-2.0
#include "istio/validation/envoy_types.hpp"

#include <algorithm>
#include <cctype>
#include <functional>
#include <map>

#include "base/strings.hpp"
#include "data/table.hpp"

namespace aksmesh::istio::validation {
namespace {

using data::Node;

Node entry(std::string_view name) {
  return data::table("lib/istio/tables/envoy-types.json")[name];
}

bool is_capital(char c) {
  return std::isupper(static_cast<unsigned char>(c)) != 0;
}

/// The length of a full name's package: names of messages begin with a capital letter.
std::size_t package_length(std::string_view name) {
  for (auto dot = name.find('.'); dot != std::string_view::npos; dot = name.find('.', dot + 1))
    if (dot + 1 < name.size() && is_capital(name[dot + 1])) return dot;
  return name.size();
}

/// A part of the table that is told by package, by full names.
using Index = std::map<std::string, std::string_view, std::less<>>;

Index read_index(std::string_view part) {
  Index out;
  for (const auto& [package, members] : entry(part).entries())
    for (const auto& [name, text] : members.entries())
      out.emplace(std::string(package.text()) + '.' + std::string(name.text()), text.text());
  return out;
}

const Index& messages() {
  static const auto index = read_index("messages");
  return index;
}

const Index& enums() {
  static const auto index = read_index("enums");
  return index;
}

/// Whether `name` is what JSON calls the field `proto`: no underscores, a capital after each.
bool is_json_name(std::string_view proto, std::string_view name) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < proto.size(); ++i) {
    char c = proto[i];
    if (c == '_' && i + 1 < proto.size())
      c = static_cast<char>(std::toupper(static_cast<unsigned char>(proto[++i])));
    if (at == name.size() || name[at++] != c) return false;
  }
  return at == name.size();
}

}  // namespace

std::optional<EnvoyMessage> EnvoyMessage::find(std::string_view full_name) {
  const auto found = messages().find(full_name);
  if (found == messages().end()) return std::nullopt;
  const std::string_view name = found->first;
  return EnvoyMessage(name.substr(0, package_length(name)), found->second);
}

std::optional<EnvoyType> EnvoyMessage::field(std::string_view name) const {
  for (const auto each : split(fields_, ' ')) {
    const auto colon = each.find(':');
    const auto proto = each.substr(0, colon);
    if (proto != name && !is_json_name(proto, name)) continue;
    auto type = each.substr(colon + 1);
    EnvoyType out;
    if (type.starts_with("[]")) out.shape = EnvoyShape::list;
    if (type.starts_with("{}")) out.shape = EnvoyShape::map;
    if (out.shape != EnvoyShape::single) type.remove_prefix(2);
    out.is_enum = type.starts_with('#');
    if (out.is_enum) type.remove_prefix(1);
    if (type.starts_with('.'))
      out.name = package_;
    else if (!type.empty() && is_capital(type.front()))
      out.name = "google.protobuf.";
    out.name += type;
    return out;
  }
  return std::nullopt;
}

std::vector<std::string> EnvoyMessage::field_names() const {
  std::vector<std::string> out;
  for (const auto each : split(fields_, ' ')) out.emplace_back(each.substr(0, each.find(':')));
  return out;
}

bool is_unlisted_envoy_type(std::string_view full_name) {
  const auto packages = entry("unlisted").items();
  return std::any_of(packages.begin(), packages.end(), [&](const Node& package) {
    return full_name.starts_with(package.text()) &&
           full_name.substr(package.text().size()).starts_with('.');
  });
}

std::string_view envoy_enum_values(std::string_view full_name) {
  const auto found = enums().find(full_name);
  return found == enums().end() ? std::string_view{} : found->second;
}

std::string_view envoy_patch_root(std::string_view apply_to) {
  return entry("patchRoot")[apply_to].text();
}

std::string_view envoy_new_filter_name(std::string_view old_name) {
  return entry("deprecatedFilterNames")[old_name].text();
}

}  // namespace aksmesh::istio::validation
