// SPDX-License-Identifier: Apache-2.0
#include "istio/schema/rules.hpp"

#include <algorithm>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "base/regular_expression.hpp"

namespace aksmesh::istio::schema {

Value Value::operator[](std::string_view key) const {
  const auto* property = schema_ == nullptr ? nullptr : schema_->find(key);
  const auto* schema = property == nullptr ? nullptr : property->schema;
  const auto given = node_[key];
  if (given && !given.is_null()) return {given, schema};
  return {schema == nullptr ? data::Node{} : schema->preset, schema};
}

std::vector<Value> Value::items() const {
  std::vector<Value> out;
  for (const auto item : node_.items())
    out.emplace_back(item, schema_ == nullptr ? nullptr : schema_->items);
  return out;
}

std::vector<const RuleFunction*> all_rules() {
  std::vector<const RuleFunction*> out;
  for (const auto rules : {istio_rules(), gateway_rules(), route_rules(), route_filter_rules()})
    for (const auto& rule : rules) out.push_back(&rule);
  return out;
}

const RuleFunction* find_rule(std::string_view id) {
  static const auto index = [] {
    std::unordered_map<std::string_view, const RuleFunction*> out;
    for (const auto* rule : all_rules()) out.emplace(rule->id, rule);
    return out;
  }();
  const auto found = index.find(id);
  return found == index.end() ? nullptr : found->second;
}

bool matches(std::string_view pattern, std::string_view text) {
  // Patterns are literals of the rules, so they live as long as the program.
  static std::mutex mutex;
  static std::unordered_map<std::string_view, std::optional<RegularExpression>> ready;
  const auto& expression = [&]() -> const auto& {
    const std::lock_guard lock(mutex);
    const auto [at, is_new] = ready.try_emplace(pattern);
    if (is_new) at->second = RegularExpression::compile(pattern);
    return at->second;
  }
  ();
  return !expression || expression->found_in(text);
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

bool at_most_one(const Value& self, std::initializer_list<std::string_view> members) {
  return std::count_if(members.begin(), members.end(),
                       [&](std::string_view member) { return self.has(member); }) <= 1;
}

void find_repeated(const Value& list, bool (*same)(const Value&, const Value&), Places& broken) {
  const auto items = list.items();
  for (std::size_t i = 1; i < items.size(); ++i)
    if (std::any_of(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(i),
                    [&](const Value& earlier) { return same(earlier, items[i]); }))
      broken.push_back(items[i].node());
}

}  // namespace aksmesh::istio::schema
