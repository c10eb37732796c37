// SPDX-License-Identifier: Apache-2.0
#include "mesh/label_selector.hpp"

namespace aksmesh::mesh {
namespace {

using data::Node;

struct Label {
  bool known = true;
  bool present = false;
  std::string_view value{};
};

Label read_label(const LabelSet& set, std::string_view key) {
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

std::string found_text(const Label& label) {
  if (!label.known) return "is not known";
  return label.present ? "is " + std::string(label.value) : "is not there";
}

/// `a`, or `one of a, b`.
std::string values_text(const Node& values) {
  std::string out;
  for (const auto item : values.items()) out.append(out.empty() ? "" : ", ").append(item.text());
  return values.size() > 1 ? "one of " + out : out;
}

std::string requirement_text(const Node& expression) {
  const auto how = expression["operator"].text();
  if (how == "Exists") return "must be there";
  if (how == "DoesNotExist") return "must not be there";
  return (how == "NotIn" ? "must not be " : "must be ") + values_text(expression["values"]);
}

LabelMatch both(LabelMatch one, LabelMatch other) {
  if (one == LabelMatch::no || other == LabelMatch::no) return LabelMatch::no;
  return one == LabelMatch::yes ? other : one;
}

}  // namespace

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

std::string unmet_requirement(const Node& selector, const LabelSet& labels) {
  const auto text = [&](std::string_view key, const std::string& requirement) {
    return "label " + std::string(key) + ' ' + requirement + " and " +
           found_text(read_label(labels, key));
  };
  for (const auto [key, value] : selector["matchLabels"].entries()) {
    const auto label = read_label(labels, key.text());
    if (!label.known || !label.present || label.value != value.text())
      return text(key.text(), "must be " + std::string(value.text()));
  }
  for (const auto expression : selector["matchExpressions"].items())
    if (match_expression(expression, labels) != LabelMatch::yes)
      return text(expression["key"].text(), requirement_text(expression));
  return {};
}

std::string wanted_label(const Node& selector, const LabelSet& labels) {
  const auto text = [&](std::string_view key) -> std::string {
    const auto label = read_label(labels, key);
    if (!label.present) return {};
    return std::string(key).append("=").append(label.value);
  };
  for (const auto [key, value] : selector["matchLabels"].entries())
    if (auto out = text(key.text()); !out.empty()) return out;
  for (const auto expression : selector["matchExpressions"].items())
    if (expression["operator"].text() == "In")
      if (auto out = text(expression["key"].text()); !out.empty()) return out;
  return {};
}

bool carries_labels(const Node& labels, const Node& wanted) {
  for (const auto [key, value] : wanted.entries()) {
    const auto label = labels[key.text()];
    if (!label || label.text() != value.text()) return false;
  }
  return true;
}

}  // namespace aksmesh::mesh
