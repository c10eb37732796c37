// SPDX-License-Identifier: Apache-2.0
#include "json.hpp"

#include <algorithm>
#include <cctype>

namespace aksmesh::sim {
namespace {

constexpr std::string_view kMark = "\x01number:";
constexpr std::string_view kWrittenMark = "\"\\u0001number:";

// Builds the tree as the library does, but keeps the text of what is no plain integer.
class Builder : public nlohmann::detail::json_sax_dom_parser<Json> {
 public:
  using Base = nlohmann::detail::json_sax_dom_parser<Json>;
  explicit Builder(Json& tree) : Base(tree, false) {}
  bool number_float(double /*value*/, const std::string& raw) {
    std::string marked = std::string(kMark) + raw;
    return Base::string(marked);
  }
};

Json* item(Json& sequence, const std::string& key) {
  for (Json& each : sequence) {
    if (text_at(each, {"name"}) == key) return &each;
  }
  const bool number = !key.empty() && std::all_of(key.begin(), key.end(), [](unsigned char c) {
    return std::isdigit(c) != 0;
  });
  if (!number || std::stoul(key) >= sequence.size()) return nullptr;
  return &sequence[std::stoul(key)];
}

std::string item_key(const Json& sequence, std::size_t position) {
  const std::string name = text_at(sequence[position], {"name"});
  return name.empty() ? std::to_string(position) : name;
}

const Json* item_of(const Json& sequence, const std::string& key) {
  for (std::size_t i = 0; i < sequence.size(); ++i) {
    if (item_key(sequence, i) == key) return &sequence[i];
  }
  return nullptr;
}

void differ(const std::string& path, const Json* before, const Json* after, Json& out);

std::string below(const std::string& path, const std::string& key) {
  return path.empty() ? key : path + "." + key;
}

void differ_objects(const std::string& path, const Json& before, const Json& after, Json& out) {
  for (const auto& [key, value] : before.items()) {
    const auto found = after.find(key);
    differ(below(path, key), &value, found == after.end() ? nullptr : &*found, out);
  }
  for (const auto& [key, value] : after.items()) {
    if (!before.contains(key)) differ(below(path, key), nullptr, &value, out);
  }
}

void differ_sequences(const std::string& path, const Json& before, const Json& after, Json& out) {
  for (std::size_t i = 0; i < before.size(); ++i) {
    const std::string key = item_key(before, i);
    differ(below(path, key), &before[i], item_of(after, key), out);
  }
  for (std::size_t i = 0; i < after.size(); ++i) {
    const std::string key = item_key(after, i);
    if (!item_of(before, key)) differ(below(path, key), nullptr, &after[i], out);
  }
}

bool of_objects(const Json& value) {
  return value.is_array() && !value.empty() && value[0].is_object();
}

void differ(const std::string& path, const Json* before, const Json* after, Json& out) {
  if (before && after) {
    if (*before == *after) return;
    if (before->is_object() && after->is_object()) {
      differ_objects(path, *before, *after, out);
      return;
    }
    if (of_objects(*before) && of_objects(*after)) {
      differ_sequences(path, *before, *after, out);
      return;
    }
  }
  Json change{{"path", path}};
  if (before) change["before"] = *before;
  if (after) change["after"] = *after;
  out.push_back(std::move(change));
}

}  // namespace

std::optional<Json> parse(std::string_view text) {
  Json root;
  Builder builder(root);
  if (!Json::sax_parse(text, &builder) || builder.is_errored()) return std::nullopt;
  return root;
}

std::string dump(const Json& value, int indent) {
  std::string out = value.dump(indent, ' ', false, Json::error_handler_t::replace);
  std::size_t from = 0;
  while ((from = out.find(kWrittenMark, from)) != std::string::npos) {
    const std::size_t end = out.find('"', from + 1);
    out.erase(end, 1);
    out.erase(from, kWrittenMark.size());
  }
  return out;
}

const Json& at(const Json& value, std::initializer_list<std::string_view> path) {
  static const Json none;
  const Json* here = &value;
  for (const std::string_view key : path) {
    if (!here->is_object()) return none;
    const auto found = here->find(std::string(key));
    if (found == here->end()) return none;
    here = &*found;
  }
  return *here;
}

std::string text_at(const Json& value, std::initializer_list<std::string_view> path) {
  const Json& found = at(value, path);
  return found.is_string() ? found.get<std::string>() : std::string();
}

bool flag_at(const Json& value, std::initializer_list<std::string_view> path) {
  const Json& found = at(value, path);
  return found.is_boolean() && found.get<bool>();
}

std::vector<std::string> texts(const Json& value) {
  std::vector<std::string> out;
  if (!value.is_array()) return out;
  for (const Json& each : value) {
    if (each.is_string()) out.push_back(each.get<std::string>());
  }
  return out;
}

bool set_path(Json& value, std::string_view path, const Json& to) {
  Json* here = &value;
  while (!path.empty()) {
    const std::size_t dot = path.find('.');
    const std::string key(path.substr(0, dot));
    path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
    if (here->is_array()) {
      here = item(*here, key);
      if (!here) return false;
    } else if (here->is_object() || here->is_null()) {
      here = &(*here)[key];
    } else {
      return false;
    }
  }
  *here = to;
  return true;
}

Json differences(const Json& before, const Json& after) {
  Json out = Json::array();
  differ("", &before, &after, out);
  return out;
}

}  // namespace aksmesh::sim
