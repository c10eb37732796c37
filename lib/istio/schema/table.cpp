// SPDX-License-Identifier: Apache-2.0
#include "istio/schema/table.hpp"

#include <algorithm>
#include <array>
#include <mutex>
#include <unordered_map>
#include <utility>

#include "data/resources.hpp"
#include "istio/schema/rules.hpp"

namespace aksmesh::istio::schema {
namespace {

constexpr std::string_view kFolder = "lib/istio/tables/";
constexpr std::string_view kEnding = ".json";

Type type_of(std::string_view word) {
  constexpr std::array<std::pair<std::string_view, Type>, 5> kTypes{{{"array", Type::array},
                                                                     {"boolean", Type::boolean},
                                                                     {"integer", Type::integer},
                                                                     {"number", Type::number},
                                                                     {"string", Type::string}}};
  for (const auto& [name, type] : kTypes)
    if (name == word) return type;
  return Type::object;
}

Format format_of(std::string_view word) {
  if (word == "int32") return Format::int32;
  if (word == "duration") return Format::duration;
  return word == "base64" ? Format::base64 : Format::none;
}

std::vector<std::string_view> texts(const data::Node& list) {
  std::vector<std::string_view> out;
  for (const auto item : list.items()) out.push_back(item.text());
  return out;
}

std::optional<std::size_t> count(const data::Node& given, std::string_view word) {
  const auto number = given[word].as_int();
  return number ? std::optional(static_cast<std::size_t>(*number)) : std::nullopt;
}

/// The root of rules.json, read when something is wrong for the first time.
data::Node texts_table() {
  static const auto table =
      data::read_documents(std::string(data::resource(std::string(kFolder) + "rules.json")),
                           data::Limits{}, data::Format::json);
  return table.tree->document(0);
}

}  // namespace

const Property* Schema::find(std::string_view name) const {
  const auto found = std::lower_bound(
      properties.begin(), properties.end(), name,
      [](const Property& one, std::string_view wanted) { return one.name < wanted; });
  return found != properties.end() && found->name == name ? &*found : nullptr;
}

KindTable::KindTable(std::string_view text)
    : table_(data::read_documents(std::string(text), data::Limits{}, data::Format::json)) {
  if (table_.tree->document_count() == 0) return;
  const auto root = table_.tree->document(0);
  shared_ = root["shared"];
  for (const auto given : root["schemas"].items()) {
    const auto* schema = compile(given["root"]);
    const auto* status = given["status"] ? compile(given["status"]) : nullptr;
    for (const auto version : given["versions"].items())
      versions_.push_back({.name = version.text(), .root = schema, .status = status});
  }
}

const Version* KindTable::version(std::string_view name) const {
  for (const auto& one : versions_)
    if (one.name == name) return &one;
  return nullptr;
}

const Schema* KindTable::compile(const data::Node& given) {
  if (const auto name = given["use"]) {
    const auto [at, is_new] = named_.try_emplace(name.text(), nullptr);
    if (is_new) {
      const auto* schema = compile(shared_[name.text()]);
      named_[name.text()] = schema;
      return schema;
    }
    return at->second;
  }
  auto& out = schemas_.emplace_back();
  out.type = type_of(given["type"].text());
  out.format = format_of(given["format"].text());
  out.nullable = given["nullable"].as_bool().value_or(false);
  out.free = given["free"].as_bool().value_or(false);
  out.number_keys = given["keys"].text() == "integer";
  out.allowed = texts(given["enum"]);
  out.value = {.least = given["minimum"].as_double(), .most = given["maximum"].as_double()};
  out.preset = given["default"];
  out.pattern = given["pattern"].text();
  if (!out.pattern.empty()) out.expression = RegularExpression::compile(out.pattern);
  compile_size(given, out);
  compile_lists(given, out);
  compile_fields(given, out);
  return &out;
}

void KindTable::compile_size(const data::Node& given, Schema& out) const {
  const std::string_view what = out.type == Type::string  ? "Length"
                                : out.type == Type::array ? "Items"
                                                          : "Properties";
  out.size = {.least = count(given, "min" + std::string(what)),
              .most = count(given, "max" + std::string(what))};
}

void KindTable::compile_lists(const data::Node& given, Schema& out) const {
  const auto list_type = given["listType"].text();
  if (!list_type.empty()) out.list_type = list_type == "set" ? ListType::set : ListType::map;
  out.map_keys = texts(given["mapKeys"]);
  for (const auto members : given["exclusive"].items()) out.exclusive.push_back(texts(members));
  for (const auto id : given["rules"].items())
    if (const auto* rule = find_rule(id.text())) out.rules.push_back(rule);
}

void KindTable::compile_fields(const data::Node& given, Schema& out) {
  if (given["items"]) out.items = compile(given["items"]);
  if (given["additionalProperties"]) out.values = compile(given["additionalProperties"]);
  for (const auto& [name, value] : given["properties"].entries())
    out.properties.push_back({.name = name.text(), .schema = compile(value)});
  std::sort(out.properties.begin(), out.properties.end(),
            [](const Property& a, const Property& b) { return a.name < b.name; });
  const auto required = texts(given["required"]);
  for (auto& property : out.properties)
    property.required =
        std::find(required.begin(), required.end(), property.name) != required.end();
}

const KindTable* find_kind(std::string_view group, std::string_view kind) {
  static std::mutex mutex;
  static std::map<std::pair<std::string, std::string>, std::unique_ptr<KindTable>> tables;
  // Few kinds make up an input, so that a look-up need not build a text.
  static std::vector<std::pair<std::pair<std::string_view, std::string_view>, const KindTable*>>
      seen;
  const std::lock_guard lock(mutex);
  for (const auto& [key, table] : seen)
    if (key.second == kind && key.first == group) return table;
  const auto text = data::resource(std::string(kFolder) + std::string(group) + '/' +
                                   std::string(kind) + std::string(kEnding));
  if (text.empty()) return nullptr;
  const auto at = tables
                      .emplace(std::pair{std::string(group), std::string(kind)},
                               std::make_unique<KindTable>(text))
                      .first;
  seen.push_back({{at->first.first, at->first.second}, at->second.get()});
  return at->second.get();
}

std::vector<std::string> kinds_of(std::string_view group) {
  std::vector<std::string> out;
  const auto folder = std::string(kFolder) + std::string(group) + '/';
  if (group.empty() || group.find('/') != std::string_view::npos) return out;
  const auto all = data::embedded_resources();
  auto at = std::lower_bound(
      all.begin(), all.end(), folder,
      [](const data::Resource& one, std::string_view wanted) { return one.name < wanted; });
  for (; at != all.end() && at->name.starts_with(folder); ++at)
    out.emplace_back(
        at->name.substr(folder.size(), at->name.size() - folder.size() - kEnding.size()));
  return out;
}

std::vector<std::string> groups_of(std::string_view kind) {
  std::vector<std::string> out;
  const auto ending = '/' + std::string(kind) + std::string(kEnding);
  for (const auto& one : data::embedded_resources())
    if (one.name.starts_with(kFolder) && one.name.ends_with(ending) &&
        one.name.size() > kFolder.size() + ending.size())
      out.emplace_back(
          one.name.substr(kFolder.size(), one.name.size() - kFolder.size() - ending.size()));
  return out;
}

const Schema& object_meta() {
  static const KindTable table(data::resource(std::string(kFolder) + "object-meta.json"));
  return *table.versions().front().root;
}

RuleText rule_text(std::string_view id) {
  static const auto index = [] {
    std::unordered_map<std::string_view, RuleText> out;
    for (const auto row : texts_table()["rules"].items())
      out.emplace(row["id"].text(), RuleText{row["message"].text(), row["remedy"].text()});
    return out;
  }();
  const auto found = index.find(id);
  return found == index.end() ? RuleText{} : found->second;
}

std::string_view pattern_text(std::string_view pattern) {
  for (const auto row : texts_table()["patterns"].items())
    if (row["pattern"].text() == pattern) return row["means"].text();
  return {};
}

}  // namespace aksmesh::istio::schema
