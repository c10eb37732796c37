// SPDX-License-Identifier: Apache-2.0
#include "envoy/compare.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <tuple>

#include "envoy/value.hpp"

namespace aksmesh::envoy {
namespace {

/// `connectTimeout`, as protobuf writes it in JSON, as Envoy does; before a digit camelCase has
/// lost the bar, so there is none (`consecutive5xx`). Keys that are data are treated the same way
/// on both sides, which does no harm.
std::string snake_case(std::string_view key) {
  const bool is_word = !key.empty() && std::islower(static_cast<unsigned char>(key.front())) != 0 &&
                       std::all_of(key.begin(), key.end(), [](unsigned char c) {
                         return std::isalnum(c) != 0 || c == '_';
                       });
  if (!is_word) return std::string(key);
  std::string out;
  for (const char c : key) {
    const auto sign = static_cast<unsigned char>(c);
    if (std::isupper(sign) != 0) out += '_';
    if (std::isdigit(sign) != 0 && out.ends_with('_')) out.pop_back();
    out += static_cast<char>(std::tolower(sign));
  }
  return out;
}

/// What protobuf leaves out of JSON and Envoy may write.
bool is_default(std::string_view json) {
  return json == "0" || json == "false" || json == "\"\"" || json == "[]" || json == "null" ||
         json == "0.0";
}

/// A value with the members of objects by name.
std::string canonical(const Value& value) {
  if (value.is_object()) {
    std::map<std::string, std::string> members;
    for (const auto [key, member] : value.members()) {
      auto text = canonical(member);
      if (!is_default(text)) members[snake_case(key)] = std::move(text);
    }
    std::string out = "{";
    for (const auto& [key, text] : members)
      out += (out.size() > 1 ? ",\"" : "\"") + key + "\":" + text;
    return out + '}';
  }
  if (!value.is_array()) return value.json();
  std::string out = "[";
  for (const auto item : value.items()) out += (out.size() > 1 ? "," : "") + canonical(item);
  return out + ']';
}

/// A list of a dump, and where in its entries the resource stands.
struct List {
  std::string_view name;
  std::string_view kind;
  std::string_view member;
  bool pushed;
};
constexpr std::array<List, 6> kLists{{{"dynamic_active_clusters", "cluster", "cluster", true},
                                      {"dynamic_listeners", "listener", "listener", true},
                                      {"dynamic_route_configs", "route", "route_config", true},
                                      {"static_clusters", "cluster", "cluster", false},
                                      {"static_listeners", "listener", "listener", false},
                                      {"static_route_configs", "route", "route_config", false}}};

void add(std::string_view kind, const Value& resource, ResourceSet& out) {
  // A route configuration that stands within a listener is compared with it.
  const auto name = resource["name"].text();
  if (name.empty()) return;
  auto text = canonical(resource);
  out.insert_or_assign({std::string(kind), std::string(name)}, std::move(text));
}

/// Values that differ between two trees of the canonical form.
class Comparison {
 public:
  std::vector<ValueChange> of(const std::string& before, const std::string& after) {
    simdjson::dom::element first;
    simdjson::dom::element second;
    if (before_.parse(before).get(first) != simdjson::SUCCESS ||
        after_.parse(after).get(second) != simdjson::SUCCESS)
      return {};
    compare(Value(first), Value(second), {});
    return std::move(changes_);
  }

 private:
  void compare(const Value& before, const Value& after, const std::string& path) {
    if (before.is_object() && after.is_object()) return members(before, after, path);
    if (before.is_array() && after.is_array()) return items(before, after, path);
    const auto first = before.json();
    const auto second = after.json();
    if (first != second) changes_.push_back({path, first, second});
  }

  void members(const Value& before, const Value& after, const std::string& path) {
    const auto way = [&](std::string_view key) {
      return path.empty() ? std::string(key) : path + '.' + std::string(key);
    };
    for (const auto [key, value] : before.members()) compare(value, after[key], way(key));
    for (const auto [key, value] : after.members())
      if (!before[key].is_there()) compare({}, value, way(key));
  }

  /// The elements by their names; empty unless each has one of its own.
  static std::map<std::string_view, Value> named(const Value& list) {
    std::map<std::string_view, Value> out;
    for (const auto item : list.items()) {
      const auto name = item["name"].text();
      if (name.empty() || !out.emplace(name, item).second) return {};
    }
    return out;
  }

  /// The same elements in another order: of filters it is what they do, of virtual hosts nothing.
  void order(const Value& before, const Value& after, const std::string& path) {
    if (path.ends_with("virtual_hosts")) return;
    const auto names = [](const Value& list, const Value& other) {
      const auto known = named(other);
      std::string out;
      for (const auto item : list.items())
        if (known.contains(item["name"].text()))
          out += (out.empty() ? "" : ", ") + std::string(item["name"].text());
      return out;
    };
    const auto first = names(before, after);
    const auto second = names(after, before);
    if (first != second)
      changes_.push_back({path + " order", '"' + first + '"', '"' + second + '"'});
  }

  /// A list of texts and numbers, such as domains.
  static bool is_plain(const Value& list) {
    for (const auto item : list.items())
      if (item.is_object() || item.is_array()) return false;
    return true;
  }

  /// Each that only one side has; else that they are in another order.
  void plain(const Value& before, const Value& after, const std::string& path) {
    std::map<std::string, std::int64_t> surplus;  // of those before
    for (const auto item : before.items()) ++surplus[item.json()];
    for (const auto item : after.items()) --surplus[item.json()];
    bool same = true;
    for (const auto& [text, count] : surplus) {
      same = same && count == 0;
      if (count > 0) changes_.push_back({path + "[]", text, {}});
      if (count < 0) changes_.push_back({path + "[]", {}, text});
    }
    if (same && before.json() != after.json())
      changes_.push_back({path + " order", before.json(), after.json()});
  }

  void items(const Value& before, const Value& after, const std::string& path) {
    const auto first = named(before);
    const auto second = named(after);
    const auto way = [&](const auto& which) { return path + '[' + std::string(which) + ']'; };
    if (!first.empty() && !second.empty()) {
      order(before, after, path);
      for (const auto& [name, item] : first) {
        const auto other = second.find(name);
        compare(item, other == second.end() ? Value() : other->second, way(name));
      }
      for (const auto& [name, item] : second)
        if (!first.contains(name)) compare({}, item, way(name));
      return;
    }
    if (is_plain(before) && is_plain(after)) return plain(before, after, path);
    auto one = before.items().begin();
    auto other = after.items().begin();
    const auto first_end = before.items().end();
    const auto second_end = after.items().end();
    for (std::size_t i = 0; one != first_end || other != second_end; ++i) {
      Value a;
      Value b;
      if (one != first_end) {
        a = *one;
        ++one;
      }
      if (other != second_end) {
        b = *other;
        ++other;
      }
      compare(a, b, way(std::to_string(i)));
    }
  }

  simdjson::dom::parser before_{};
  simdjson::dom::parser after_{};
  std::vector<ValueChange> changes_{};
};

}  // namespace

std::vector<std::string_view> lists_of(Compared compared) {
  std::vector<std::string_view> out;
  for (const auto& list : kLists)
    if (list.pushed || compared == Compared::all) out.push_back(list.name);
  return out;
}

void take_resource(const DumpEntry& entry, ResourceSet& out) {
  if (entry.list == "configs") {
    const auto type = entry.value["@type"].text();
    if (type.ends_with(".Cluster")) add("cluster", entry.value, out);
    if (type.ends_with(".Listener")) add("listener", entry.value, out);
    if (type.ends_with(".RouteConfiguration")) add("route", entry.value, out);
    return;
  }
  const auto* list = std::find_if(kLists.begin(), kLists.end(),
                                  [&](const List& one) { return one.name == entry.list; });
  if (list == kLists.end()) return;
  // Listeners are kept by their states.
  for (const auto& holder : {entry.value, entry.value["active_state"]})
    if (const auto resource = holder[list->member]; resource.is_there())
      return add(list->kind, resource, out);
}

std::vector<ResourceChange> compare(const ResourceSet& before, const ResourceSet& after) {
  using Fate = ResourceChange::Fate;
  std::vector<ResourceChange> out;
  for (const auto& [key, text] : before) {
    const auto other = after.find(key);
    if (other == after.end())
      out.push_back({.kind = key.first, .name = key.second, .fate = Fate::removed});
    else if (other->second != text)
      out.push_back(
          {.kind = key.first, .name = key.second, .values = Comparison().of(text, other->second)});
  }
  for (const auto& [key, text] : after)
    if (!before.contains(key))
      out.push_back({.kind = key.first, .name = key.second, .fate = Fate::added});
  std::sort(out.begin(), out.end(), [](const ResourceChange& a, const ResourceChange& b) {
    return std::tie(a.kind, a.name) < std::tie(b.kind, b.name);
  });
  return out;
}

}  // namespace aksmesh::envoy
