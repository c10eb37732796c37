// SPDX-License-Identifier: Apache-2.0
#include "istio/schema/wording.hpp"

#include <algorithm>

#include "base/edit_distance.hpp"
#include "base/strings.hpp"
#include "data/scalar.hpp"

namespace aksmesh::istio::schema {
namespace {

using data::NodeKind;

constexpr std::size_t kLongestShown = 60;
constexpr std::size_t kMostNames = 16;

std::string quoted(std::string_view text) {
  auto cut = text.substr(0, kLongestShown);
  while (!cut.empty() && find_invalid_utf8(cut) != std::string_view::npos) cut.remove_suffix(1);
  return '"' + std::string(cut) + (cut.size() < text.size() ? "..." : "") + '"';
}

/// Fields of a schema, or of the items of a list.
const Schema& fields_of(const Schema& schema) {
  return schema.type == Type::array && schema.items != nullptr ? *schema.items : schema;
}

std::vector<std::string> names_of(const Schema& schema) {
  std::vector<std::string> out;
  for (const auto& property : schema.properties) out.emplace_back(property.name);
  return out;
}

std::string alternatives(const std::vector<std::string>& names) {
  return join(names, " or ");
}

}  // namespace

std::string shown(const data::Node& value) {
  switch (value.kind()) {
    case NodeKind::string: return quoted(value.text());
    case NodeKind::mapping: return "a mapping";
    case NodeKind::sequence: return "a list";
    case NodeKind::null:
    case NodeKind::none: return "null";
    default: return std::string(value.text().substr(0, kLongestShown));
  }
}

std::string found(const data::Node& value) {
  switch (value.kind()) {
    case NodeKind::string: return "the text " + shown(value);
    case NodeKind::integer:
    case NodeKind::floating: return "the number " + shown(value);
    case NodeKind::boolean: return "the boolean " + shown(value);
    default: return shown(value);
  }
}

std::string wanted(const Schema& schema) {
  switch (schema.type) {
    case Type::array: return "a list";
    case Type::string: return schema.format == Format::duration ? "a duration" : "text";
    case Type::integer: return "a whole number";
    case Type::number: return "a number";
    case Type::boolean: return "true or false";
    case Type::object: break;
  }
  return "a mapping";
}

std::string type_remedy(const data::Node& value, const Schema& schema) {
  const auto text = std::string(value.text().substr(0, kLongestShown));
  const bool number = schema.type == Type::integer || schema.type == Type::number;
  if (schema.type == Type::string && schema.format == Format::duration &&
      value.kind() == NodeKind::integer)
    return "Write it with a unit, such as " + text + "s.";
  if (schema.type == Type::string && value.is_scalar() && !value.is_null()) {
    const bool plain_word = value.kind() == NodeKind::boolean && text != "true" && text != "false";
    return "Write it in quotes: \"" + text + '"' +
           (plain_word ? "; YAML reads the bare word as a boolean." : ".");
  }
  if (value.is_string()) {
    const auto kind = data::resolve_plain(value.text());
    if (number && (kind == NodeKind::integer || kind == NodeKind::floating))
      return "Leave out the quotes; istioctl takes a quoted number, an API server does not.";
    if (schema.type == Type::boolean && kind == NodeKind::boolean) return "Leave out the quotes.";
  }
  if (schema.type == Type::array && !value.is_sequence() && !value.is_null())
    return "Make it the item of a list: begin it with a dash, or put it in [ ].";
  if (schema.type == Type::object && value.is_sequence())
    return "Write its fields right below, without a dash.";
  return {};
}

std::string_view path_end(std::string_view path) {
  bool inside = false;
  std::size_t last = 0;
  std::size_t before = 0;
  for (std::size_t i = 1; i < path.size(); ++i) {
    if (path[i] == '"') inside = !inside;
    const bool quoted_key = path[i] == '[' && i + 1 < path.size() && path[i + 1] == '"';
    if (inside || (path[i] != '.' && !quoted_key)) continue;
    before = last;
    last = i;
  }
  path.remove_prefix(path[before] == '.' ? before + 1 : before);
  return path;
}

std::string pattern_words(std::string_view pattern) {
  const auto words = pattern_text(pattern);
  return words.empty() ? "text that matches " + std::string(pattern) : std::string(words);
}

std::string camel_case(std::string_view name) {
  std::string out;
  bool after_line = false;
  for (const char c : name) {
    if (c == '_') {
      after_line = true;
      continue;
    }
    const bool raise = after_line && c >= 'a' && c <= 'z';
    out += raise ? static_cast<char>(c - 'a' + 'A') : c;
    after_line = false;
  }
  return out;
}

std::string field_remedy(std::string_view name, const Schema& schema) {
  const auto camel = camel_case(name);
  if (camel != name && schema.find(camel) != nullptr)
    return "Write " + camel + "; istiod and istioctl take both spellings, an API server only this.";
  const auto names = names_of(schema);
  const auto near = suggestions(name, names);
  if (!near.empty()) return "Write " + alternatives(near) + '.';
  std::vector<std::string> owners;
  for (const auto& property : schema.properties)
    if (fields_of(*property.schema).find(name) != nullptr) owners.emplace_back(property.name);
  if (owners.size() == 1)
    return "Move it into " + owners.front() + ": indent it further, below that field.";
  if (names.empty()) return "Remove it; nothing can be set here.";
  return "Remove it, or use a field that there is: " + name_list(names) + '.';
}

std::string choice_remedy(std::string_view text, const std::vector<std::string_view>& allowed) {
  const std::vector<std::string> words(allowed.begin(), allowed.end());
  const auto near = suggestions(text, words);
  return near.empty() ? std::string{} : "Write " + alternatives(near) + '.';
}

std::string name_list(const std::vector<std::string>& names) {
  const auto shown_names = std::min(names.size(), kMostNames);
  const std::vector<std::string> first(names.begin(),
                                       names.begin() + static_cast<std::ptrdiff_t>(shown_names));
  return join(first, " ") + (shown_names < names.size() ? " ..." : "");
}

}  // namespace aksmesh::istio::schema
