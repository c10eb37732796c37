// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "data/tree.hpp"
#include "istio/schema/table.hpp"

// The rules that definitions state in CEL, written as functions. lib/istio/tables/rules.json has
// their texts; a test compares the ids.
namespace aksmesh::istio::schema {

/// A value as the rules of an API server see it: null counts as absent, and a default stands for
/// what is missing.
class Value {
 public:
  Value(const data::Node& node, const Schema* schema) : node_(node), schema_(schema) {}

  [[nodiscard]] bool is_there() const { return node_ && !node_.is_null(); }
  [[nodiscard]] Value operator[](std::string_view key) const;
  [[nodiscard]] bool has(std::string_view key) const { return (*this)[key].is_there(); }
  [[nodiscard]] std::string_view text() const { return node_.text(); }
  [[nodiscard]] std::string_view text(std::string_view key) const { return (*this)[key].text(); }
  [[nodiscard]] std::optional<std::int64_t> number() const { return node_.as_int(); }
  [[nodiscard]] std::optional<std::int64_t> number(std::string_view key) const {
    return (*this)[key].number();
  }
  /// Of a list or mapping.
  [[nodiscard]] std::size_t size() const { return node_.size(); }
  [[nodiscard]] std::vector<Value> items() const;
  [[nodiscard]] const data::Node& node() const { return node_; }

 private:
  data::Node node_;
  const Schema* schema_;  // null when there is none
};

/// Where a rule is broken.
using Places = std::vector<data::Node>;

struct RuleFunction {
  std::string_view id{};
  bool (*holds)(const Value& self) = nullptr;                 ///< when broken, it is at `self`
  void (*find)(const Value& self, Places& broken) = nullptr;  ///< the other way to say it
};

/// Null when there is none.
const RuleFunction* find_rule(std::string_view id);
/// Every rule that is written.
std::vector<const RuleFunction*> all_rules();

// The files that the rules stand in.
std::span<const RuleFunction> istio_rules();
std::span<const RuleFunction> gateway_rules();
std::span<const RuleFunction> route_rules();
std::span<const RuleFunction> route_filter_rules();

// What rules of several files need.
/// Whether a pattern of RE2 is found in a text.
bool matches(std::string_view pattern, std::string_view text);
bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words);
/// One at most of these members.
bool at_most_one(const Value& self, std::initializer_list<std::string_view> members);
/// Adds every item that is the same as an earlier one.
void find_repeated(const Value& list, bool (*same)(const Value&, const Value&), Places& broken);

}  // namespace aksmesh::istio::schema
