// SPDX-License-Identifier: Apache-2.0
#include "istio/schema/structure.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "base/strings.hpp"
#include "istio/schema/rules.hpp"
#include "istio/schema/wording.hpp"
#include "istio/validation/syntax.hpp"

namespace aksmesh::istio::schema {
namespace {

using data::NodeKind;
using Kind = Problem::Kind;

bool is_base64(std::string_view text) {
  while (text.ends_with('=')) text.remove_suffix(1);
  return text.size() % 4 != 1 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '+' || c == '/';
         });
}

/// A number in as few characters as a reader expects.
std::string number_text(double number) {
  constexpr double kExact = 1e15;
  if (std::trunc(number) == number && std::abs(number) < kExact)
    return std::to_string(static_cast<std::int64_t>(number));
  auto out = std::to_string(number);
  while (out.ends_with('0')) out.pop_back();
  return out;
}

bool is_whole(const Node& value) {
  if (value.kind() == NodeKind::integer) return true;
  const auto number = value.as_double();
  return value.kind() == NodeKind::floating && number && std::trunc(*number) == *number;
}

/// A scalar as it is compared with another: `010` and 8 are the same number.
std::string plain(const Node& value) {
  const auto number = value.as_int();
  return number ? std::to_string(*number) : std::string(value.text());
}

}  // namespace

Node field(const Node& owner, const Property& property) {
  const auto value = owner[property.name];
  return value.is_null() && !property.schema->nullable ? Node{} : value;
}

std::string Structure::name_of(const Node& node) const {
  const auto path = node.tree() == nullptr ? std::string{} : node.tree()->path(root_, node);
  return path.empty() ? "the object" : std::string(path_end(path));
}

void Structure::add(Kind kind, const Node& node, std::string what, std::string remedy) {
  out_.push_back({.kind = kind,
                  .node = node,
                  .field = kind == Kind::unknown_field ? std::string(node.text()) : name_of(node),
                  .what = std::move(what),
                  .remedy = std::move(remedy)});
  depths_.push_back(depth_);
}

void Structure::check(const Node& value, const Schema& schema) {
  if (value.is_null() && schema.nullable) return;
  ++depth_;
  const auto first = out_.size();
  if (check_type(value, schema)) {
    switch (schema.type) {
      case Type::object: check_object(value, schema); break;
      case Type::array: check_list(value, schema); break;
      case Type::string: check_text(value, schema); break;
      case Type::integer:
      case Type::number: check_number(value, schema); break;
      case Type::boolean: break;
    }
    check_rules(value, schema, first);
  }
  --depth_;
}

bool Structure::check_type(const Node& value, const Schema& schema) {
  const auto fits = [&] {
    switch (schema.type) {
      case Type::object: return value.is_mapping();
      case Type::array: return value.is_sequence();
      case Type::string: return value.is_string();
      case Type::integer: return is_whole(value);
      case Type::number: return value.kind() == NodeKind::floating || is_whole(value);
      case Type::boolean: return value.kind() == NodeKind::boolean;
    }
    return true;
  };
  if (fits()) return true;
  add(Kind::wrong_type, value, "must be " + wanted(schema) + ", not " + found(value),
      type_remedy(value, schema));
  return false;
}

void Structure::check_names(const Node& owner, const Schema& schema) {
  if (schema.free || schema.values != nullptr) return;
  for (const auto& [key, value] : owner.entries()) {
    if (schema.find(key.text()) != nullptr) continue;
    add(Kind::unknown_field, key, "is no field of " + name_of(owner),
        field_remedy(key.text(), schema));
    out_.back().is_operand = false;
  }
}

void Structure::check_object(const Node& value, const Schema& schema) {
  check_names(value, schema);
  for (const auto& property : schema.properties) {
    const auto inner = field(value, property);
    if (inner) {
      check(inner, *property.schema);
    } else if (property.required && !property.schema->preset) {
      const auto name = std::string(property.name);
      add(Kind::invalid_value, value, "lacks " + name + ", which is required", "Add " + name + '.');
      out_.back().is_operand = false;
    }
  }
  if (schema.values != nullptr)
    for (const auto& [key, inner] : value.entries())
      if (!inner.is_null()) check(inner, *schema.values);
  check_size(value, schema, value.size(), "field");
  check_exclusive(value, schema);
}

void Structure::check_exclusive(const Node& value, const Schema& schema) {
  for (const auto& members : schema.exclusive) {
    std::vector<std::string> given;
    for (const auto member : members)
      if (const auto* property = schema.find(member); property && field(value, *property))
        given.emplace_back(member);
    if (given.size() < 2) continue;
    add(Kind::invalid_value, value[given[1]],
        "cannot stand beside " + given[0] + ": only one of " + join(given, ", ") + " is allowed",
        "Keep one of them; istiod takes the last and says nothing.");
    out_.back().is_operand = false;
  }
}

void Structure::check_list(const Node& value, const Schema& schema) {
  if (schema.items != nullptr)
    for (const auto item : value.items()) check(item, *schema.items);
  check_size(value, schema, value.size(), "item");
  if (schema.list_type != ListType::atomic) check_repeated(value, schema);
}

void Structure::check_repeated(const Node& value, const Schema& schema) {
  std::set<std::vector<std::string>> seen;
  for (const auto item : value.items()) {
    std::vector<std::string> key;
    if (schema.list_type == ListType::set) key.push_back(plain(item));
    for (const auto name : schema.map_keys)
      key.push_back(plain(Value(item, schema.items)[name].node()));
    if (seen.insert(key).second) continue;
    const auto& keys = schema.map_keys;
    const auto given = keys.size() == 1 ? item[keys.front()] : Node{};
    if (schema.list_type == ListType::set)
      add(Kind::invalid_value, item, "repeats " + shown(item), "Remove the repeated item.");
    else if (given)
      add(Kind::invalid_value, given, "repeats that of an earlier item: " + shown(given),
          "Give each item its own, or remove the repeated one.");
    else
      add(Kind::invalid_value, item,
          "repeats the " + join({keys.begin(), keys.end()}, ", ") +
              " of an earlier item: " + join(key, ", "),
          "Remove the repeated item.");
    out_.back().is_operand = false;
  }
}

void Structure::check_text(const Node& value, const Schema& schema) {
  const auto text = value.text();
  const auto before = out_.size();
  check_choice(value, schema);
  check_size(value, schema, utf8_length(text), "character");
  if (before == out_.size() && schema.expression && !schema.expression->found_in(text))
    add(Kind::invalid_value, value,
        "must be " + pattern_words(schema.pattern) + ", not " + shown(value));
  if (schema.format == Format::base64 && !is_base64(text))
    add(Kind::invalid_value, value, "must be base64, not " + shown(value));
  // Where the definition has a rule for it, that rule speaks.
  if (schema.format == Format::duration && schema.rules.empty() &&
      !validation::parse_duration(text))
    add(Kind::invalid_value, value,
        "must be a duration such as 5s or 100ms, not " + shown(value) + "; istiod cannot read it");
}

void Structure::check_number(const Node& value, const Schema& schema) {
  check_choice(value, schema);
  const auto number = value.as_double();
  if (!number) return;
  const bool narrow = schema.format == Format::int32;
  const auto least = schema.value.least.value_or(narrow ? std::numeric_limits<std::int32_t>::min()
                                                        : -std::numeric_limits<double>::infinity());
  const auto most = schema.value.most.value_or(narrow ? std::numeric_limits<std::int32_t>::max()
                                                      : std::numeric_limits<double>::infinity());
  if (*number < least)
    add(Kind::invalid_value, value,
        "must be at least " + number_text(least) + ", not " + shown(value));
  if (*number > most)
    add(Kind::invalid_value, value,
        "must be at most " + number_text(most) + ", not " + shown(value));
}

void Structure::check_choice(const Node& value, const Schema& schema) {
  const auto& allowed = schema.allowed;
  if (allowed.empty() || std::find(allowed.begin(), allowed.end(), plain(value)) != allowed.end())
    return;
  add(Kind::invalid_value, value,
      "must be one of " + join({allowed.begin(), allowed.end()}, ", ") + ", not " + shown(value),
      choice_remedy(value.text(), allowed));
}

void Structure::check_size(const Node& value, const Schema& schema, std::size_t size,
                           const char* unit) {
  if (schema.size.least && size < *schema.size.least)
    add(Kind::invalid_value, value,
        size == 0 ? "must not be empty" : "must have at least " + plural(*schema.size.least, unit));
  if (schema.size.most && size > *schema.size.most)
    add(Kind::invalid_value, value,
        "must have at most " + plural(*schema.size.most, unit) + ", not " + std::to_string(size));
}

void Structure::check_rules(const Node& value, const Schema& schema, std::size_t first) {
  // A rule about values that are wrong themselves would tell the same fault again.
  for (std::size_t i = first; i < out_.size(); ++i)
    if (out_[i].is_operand && out_[i].kind != Kind::rule && depths_[i] <= depth_ + 1) return;
  const Value self(value, &schema);
  for (const auto* rule : schema.rules) {
    Places broken;
    if (rule->find != nullptr) rule->find(self, broken);
    if (rule->holds != nullptr && !rule->holds(self)) broken.push_back(value);
    for (const auto& place : broken) {
      const auto text = rule_text(rule->id);
      // A default that breaks a rule has no place of its own.
      const bool own = place.tree() == root_.tree();
      add(Kind::rule, own ? place : value, std::string(text.message), std::string(text.remedy));
    }
  }
}

}  // namespace aksmesh::istio::schema
