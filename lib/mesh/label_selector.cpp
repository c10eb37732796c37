// SPDX-License-Identifier: Apache-2.0
#include "mesh/label_selector.hpp"

#include <algorithm>

namespace aksmesh::mesh {
namespace {

using data::Node;

struct Reading {
  bool known = true;
  bool present = false;
  std::string_view value{};
};

Reading read_label(const LabelSet& set, std::string_view key) {
  if (!set.sure_key.empty() && key == set.sure_key)
    return {.present = true, .value = set.sure_value};
  for (const auto& [name, value] : set.supposed)
    if (name == key) return {.present = true, .value = value};
  const auto node = set.labels[key];
  return {.known = set.complete || node, .present = static_cast<bool>(node), .value = node.text()};
}

LabelMatch decided(bool matches) {
  return matches ? LabelMatch::yes : LabelMatch::no;
}

bool holds(const Node& values, std::string_view value) {
  for (const auto item : values.items())
    if (item.text() == value) return true;
  return false;
}

LabelMatch match_expression(const Node& expression, const LabelSet& labels) {
  const auto label = read_label(labels, expression["key"].text());
  if (!label.known) return LabelMatch::undecided;
  const auto how = expression["operator"].text();
  if (how == "Exists") return decided(label.present);
  if (how == "DoesNotExist") return decided(!label.present);
  const bool in = label.present && holds(expression["values"], label.value);
  if (how == "In") return decided(in);
  return how == "NotIn" ? decided(!in) : LabelMatch::undecided;
}

LabelMatch both(LabelMatch one, LabelMatch other) {
  if (one == LabelMatch::no || other == LabelMatch::no) return LabelMatch::no;
  return one == LabelMatch::yes ? other : one;
}

/// The value of a label, null when there is none.
const std::string_view* value_of(const Labels& labels, std::string_view key) {
  const auto at = std::lower_bound(labels.begin(), labels.end(), Label(key, {}));
  return at != labels.end() && at->first == key ? &at->second : nullptr;
}

bool holds_for(const Node& expression, const Labels& labels) {
  const auto* value = value_of(labels, expression["key"].text());
  const auto how = expression["operator"].text();
  if (how == "Exists") return value != nullptr;
  if (how == "DoesNotExist") return value == nullptr;
  const bool in = value != nullptr && holds(expression["values"], *value);
  return how == "In" ? in : how == "NotIn" && !in;
}

}  // namespace

bool selects(const Node& selector, const Labels& labels) {
  for (const auto [key, wanted] : selector["matchLabels"].entries()) {
    const auto* value = value_of(labels, key.text());
    if (value == nullptr || *value != wanted.text()) return false;
  }
  const auto expressions = selector["matchExpressions"].items();
  return std::all_of(expressions.begin(), expressions.end(),
                     [&](const Node& expression) { return holds_for(expression, labels); });
}

LabelMatch match_labels(const Node& selector, const LabelSet& labels) {
  auto match = LabelMatch::yes;
  for (const auto [key, value] : selector["matchLabels"].entries()) {
    const auto label = read_label(labels, key.text());
    match = both(match, label.known ? decided(label.present && label.value == value.text())
                                    : LabelMatch::undecided);
  }
  for (const auto expression : selector["matchExpressions"].items())
    match = both(match, match_expression(expression, labels));
  return match;
}

bool carries_labels(const Node& labels, const Node& wanted) {
  for (const auto [key, value] : wanted.entries()) {
    const auto label = labels[key.text()];
    if (!label || label.text() != value.text()) return false;
  }
  return true;
}

}  // namespace aksmesh::mesh
