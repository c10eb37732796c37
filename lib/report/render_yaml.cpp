// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "data/yaml_text.hpp"
#include "report/render.hpp"

// Written by hand: scalars must survive readers of YAML 1.1 and of 1.2, hostile names included.
namespace aksmesh::report {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kStep = 2;

std::string scalar(const Json& value, const std::string& indent) {
  if (!value.is_string()) return value.dump();
  return data::yaml_block(value.get_ref<const std::string&>(), indent);
}

/// What stands behind `key:` or `-` on the same line; empty for a container that follows below.
std::string inline_value(const Json& value, const std::string& indent) {
  if (value.is_structured() && !value.empty()) return {};
  if (value.is_structured()) return value.is_object() ? "{}" : "[]";
  return scalar(value, indent);
}

void write_members(std::string& out, const Json& object, std::size_t depth);

void write_items(std::string& out, const Json& list, std::size_t depth) {
  const std::string indent(depth, ' ');
  for (const auto& item : list) {
    out.append(indent).append("-");
    if (item.is_object() && !item.empty()) {
      // The first member stands beside the dash.
      std::string members;
      write_members(members, item, depth + kStep);
      out.append(" ").append(members.substr(depth + kStep));
    } else if (item.is_array() && !item.empty()) {
      out += '\n';
      write_items(out, item, depth + kStep);
    } else {
      out.append(" ").append(inline_value(item, indent + "  ")).append("\n");
    }
  }
}

void write_members(std::string& out, const Json& object, std::size_t depth) {
  const std::string indent(depth, ' ');
  for (const auto& [key, value] : object.items()) {
    out.append(indent).append(data::yaml_scalar(key)).append(":");
    const auto text = inline_value(value, indent + "  ");
    out.append(text.empty() ? "" : " ").append(text).append("\n");
    if (!text.empty()) continue;
    if (value.is_object())
      write_members(out, value, depth + kStep);
    else
      write_items(out, value, depth + kStep);
  }
}

}  // namespace

std::string to_yaml_text(const nlohmann::ordered_json& document) {
  std::string out;
  if (document.is_object() && !document.empty())
    write_members(out, document, 0);
  else if (document.is_array() && !document.empty())
    write_items(out, document, 0);
  else
    out = inline_value(document, "") + '\n';
  return out;
}

}  // namespace aksmesh::report
