// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/regular_expression.hpp"
#include "data/reader.hpp"
#include "data/tree.hpp"

// The tables of lib/istio/tables made ready: read when a kind first occurs, and kept.
namespace aksmesh::istio::schema {

struct Schema;
struct RuleFunction;

enum class Type : std::uint8_t { object, array, string, integer, number, boolean };
enum class Format : std::uint8_t { none, int32, duration, base64 };
enum class ListType : std::uint8_t { atomic, set, map };

struct Property {
  std::string_view name{};
  const Schema* schema = nullptr;
  bool required = false;
};

/// Least and greatest, as far as they are given.
template <class Number>
struct Bounds {
  std::optional<Number> least{};
  std::optional<Number> most{};
};

/// What one value may be. The words of the tables are explained by packaging/crd-tables.py.
struct Schema {
  Type type = Type::object;
  Format format = Format::none;
  ListType list_type = ListType::atomic;
  bool nullable = false;
  bool free = false;                   ///< unknown fields are allowed
  bool number_keys = false;            ///< of a mapping
  const Schema* items = nullptr;       ///< of a list
  const Schema* values = nullptr;      ///< of a mapping with keys of any name
  std::vector<Property> properties{};  ///< sorted by name
  std::vector<std::vector<std::string_view>> exclusive{};
  std::vector<std::string_view> allowed{};  ///< the only values, when there are any
  std::vector<std::string_view> map_keys{};
  Bounds<double> value{};
  Bounds<std::size_t> size{};  ///< characters, items or fields
  std::string_view pattern{};
  std::optional<RegularExpression> expression{};  ///< of the pattern
  std::vector<const RuleFunction*> rules{};
  data::Node preset{};  ///< the value that stands for a missing one

  [[nodiscard]] const Property* find(std::string_view name) const;
};

struct Version {
  std::string_view name{};
  const Schema* root = nullptr;
  const Schema* status = nullptr;  ///< types only, and only where Istio's analysis reads it
};

/// The schemas of one kind.
class KindTable {
 public:
  explicit KindTable(std::string_view text);
  KindTable(const KindTable&) = delete;
  KindTable& operator=(const KindTable&) = delete;

  [[nodiscard]] const std::vector<Version>& versions() const { return versions_; }
  /// Null when the version is not served.
  [[nodiscard]] const Version* version(std::string_view name) const;

 private:
  const Schema* compile(const data::Node& given);
  void compile_size(const data::Node& given, Schema& out) const;
  void compile_lists(const data::Node& given, Schema& out) const;
  void compile_fields(const data::Node& given, Schema& out);

  data::ReadResult table_;
  data::Node shared_{};
  std::deque<Schema> schemas_;  // a deque, so that they may point at each other
  std::map<std::string_view, const Schema*> named_;
  std::vector<Version> versions_;
};

/// Null for a kind that is not of the tables.
const KindTable* find_kind(std::string_view group, std::string_view kind);
/// The kinds of a group, empty when it is not of the tables.
std::vector<std::string> kinds_of(std::string_view group);
/// The groups that have a kind of this name.
std::vector<std::string> groups_of(std::string_view kind);
/// What every object may have in its metadata.
const Schema& object_meta();

/// The texts of a rule, by its id: what the definition says of it, and what helps.
struct RuleText {
  std::string_view message{};
  std::string_view remedy{};
};
RuleText rule_text(std::string_view id);
/// What a pattern of the tables wants, in words; empty when nobody has said it yet.
std::string_view pattern_text(std::string_view pattern);

}  // namespace aksmesh::istio::schema
