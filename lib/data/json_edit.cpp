// SPDX-License-Identifier: Apache-2.0
#include "data/json_edit.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

#include "data/canonical.hpp"
#include "data/reader.hpp"

namespace aksmesh::data {
namespace {

std::string_view source_of(const Node& node) {
  return node.tree()->source().substr(node.begin(), node.end() - node.begin());
}

/// Writes a value again; `change` may write another one in its place, or none by returning false.
class Writer {
 public:
  virtual ~Writer() = default;

  void value(const Node& node) {
    if (node.is_mapping()) {
      mapping(node);
    } else if (node.is_sequence()) {
      sequence(node);
    } else {
      out_ += source_of(node);
    }
  }
  std::string take() { return std::move(out_); }

 protected:
  /// What becomes of a member or an item.
  virtual bool keeps(const Node&) { return true; }
  /// The text that takes the place of a value; nothing: the value itself.
  virtual std::optional<std::string> instead(const Node&) { return std::nullopt; }
  /// Members (`"key":value`) or items to be added at the end of a container.
  virtual std::string added(const Node&) { return {}; }

  JsonPath path_;

 private:
  void part(const Node& node) {
    if (auto other = instead(node))
      out_ += *other;
    else
      value(node);
  }

  void finish(const Node& node, bool first, char end) {
    if (const auto more = added(node); !more.empty()) {
      if (!first) out_ += ',';
      out_ += more;
    }
    out_ += end;
  }

  void mapping(const Node& node) {
    out_ += '{';
    bool first = true;
    for (const auto& [key, value] : node.entries()) {
      path_.emplace_back(key.text());
      if (keeps(value)) {
        if (!first) out_ += ',';
        first = false;
        out_.append(source_of(key)) += ':';
        part(value);
      }
      path_.pop_back();
    }
    finish(node, first, '}');
  }

  void sequence(const Node& node) {
    out_ += '[';
    bool first = true;
    path_.emplace_back("[]");
    for (const auto& item : node.items()) {
      if (!keeps(item)) continue;
      if (!first) out_ += ',';
      first = false;
      part(item);
    }
    path_.pop_back();
    finish(node, first, ']');
  }

  std::string out_;
};

/// Changes one value, or adds to one container.
class OneChange final : public Writer {
 public:
  OneChange(const Node& node, std::string text, bool adds)
      : node_(node), text_(std::move(text)), adds_(adds) {}

 protected:
  std::optional<std::string> instead(const Node& node) override {
    return !adds_ && node == node_ ? std::optional(text_) : std::nullopt;
  }
  std::string added(const Node& node) override {
    return adds_ && node == node_ ? text_ : std::string{};
  }

 private:
  Node node_;
  std::string text_;
  bool adds_;
};

class Removal final : public Writer {
 public:
  explicit Removal(bool (*gone)(const JsonPath&)) : gone_(gone) {}

 protected:
  bool keeps(const Node&) override { return !gone_(path_); }

 private:
  bool (*gone_)(const JsonPath&);
};

Node child(const Node& node, const std::string& step) {
  if (node.is_mapping()) return node[step];
  if (!node.is_sequence()) return {};
  std::size_t position = 0;
  const auto* end = step.data() + step.size();
  if (const auto [at, error] = std::from_chars(step.data(), end, position);
      error != std::errc{} || at != end)
    return {};
  for (const auto& item : node.items())
    if (position-- == 0) return item;
  return {};
}

/// The deepest container on the way that is there, and how many steps lead to it.
struct Reached {
  Node node{};
  std::size_t steps = 0;
};

Reached reach(const Node& root, const JsonPath& path) {
  Reached out{.node = root};
  while (out.steps < path.size()) {
    const auto next = child(out.node, path[out.steps]);
    // A null holds nothing and may become anything.
    if (!next || (next.is_null() && out.steps + 1 < path.size())) break;
    out.node = next;
    ++out.steps;
  }
  return out;
}

std::optional<JsonDocument> changed(const JsonDocument& document, const Node& node,
                                    std::string text, bool adds) {
  if (!adds && node == document.root()) return JsonDocument::parse(std::move(text));
  OneChange writer(node, std::move(text), adds);
  writer.value(document.root());
  return JsonDocument::parse(writer.take());
}

/// `value` inside of mappings for the keys from `first` on.
std::string nested(const JsonPath& path, std::size_t first, std::string_view value) {
  std::string out(value);
  for (auto i = path.size(); i > first; --i) out = '{' + json_string(path[i - 1]) + ':' + out + '}';
  return out;
}

bool is_whole(const Node& node) {
  if (!node.is_mapping() && !node.is_sequence()) return true;
  if (node.is_mapping()) return node.size() == 0;
  const auto items = node.items();
  return std::all_of(items.begin(), items.end(), [](const Node& item) { return item.is_scalar(); });
}

std::string text_of(const Node& node) {
  if (!node) return {};
  Writer writer;
  writer.value(node);
  return writer.take();
}

void compare(const Node& before, const Node& after, const std::string& path,
             std::vector<JsonChange>& out);

void compare_members(const Node& before, const Node& after, const std::string& path,
                     std::vector<JsonChange>& out) {
  const auto below = [&](std::string_view key) {
    auto deeper = path;
    append_key(deeper, key);
    return deeper;
  };
  for (const auto& [key, value] : before.entries())
    compare(value, after[key.text()], below(key.text()), out);
  for (const auto& [key, value] : after.entries())
    if (!before[key.text()]) compare({}, value, below(key.text()), out);
}

void compare(const Node& before, const Node& after, const std::string& path,
             std::vector<JsonChange>& out) {
  if (before && after && canonical(before) == canonical(after)) return;
  if (before.is_mapping() && after.is_mapping()) return compare_members(before, after, path, out);
  const auto is_tree = [](const Node& node) { return !node || !is_whole(node); };
  if (is_tree(before) && is_tree(after) && (!before || !after || before.kind() == after.kind())) {
    if ((before ? before : after).is_mapping()) return compare_members(before, after, path, out);
    const auto longest = std::max(before.size(), after.size());
    for (std::size_t i = 0; i < longest; ++i)
      compare(child(before, std::to_string(i)), child(after, std::to_string(i)),
              path + '[' + std::to_string(i) + ']', out);
    return;
  }
  out.push_back({.path = path, .before = text_of(before), .after = text_of(after)});
}

}  // namespace

std::optional<JsonDocument> JsonDocument::parse(std::string text) {
  auto read = read_documents(std::move(text), Limits{}, Format::json);
  if (!read.problems.empty() || read.tree->document_count() != 1) return std::nullopt;
  return JsonDocument(std::move(read.tree));
}

Node JsonDocument::at(const JsonPath& path) const {
  const auto reached = reach(root(), path);
  return reached.steps == path.size() ? reached.node : Node{};
}

std::string JsonDocument::text() const {
  return text_of(root());
}

std::optional<JsonDocument> with(const JsonDocument& document, const JsonPath& path,
                                 std::string_view value) {
  const auto [node, steps] = reach(document.root(), path);
  if (steps == path.size()) return changed(document, node, std::string(value), false);
  const auto missing = nested(path, steps + 1, value);
  // reach() stops before a null, so that something else can take its place.
  if (const auto null = child(node, path[steps]); null)
    return changed(document, null, missing, false);
  if (!node.is_mapping()) return std::nullopt;
  return changed(document, node, json_string(path[steps]) + ':' + missing, true);
}

std::optional<JsonDocument> with_item(const JsonDocument& document, const JsonPath& path,
                                      std::string_view value) {
  const auto node = document.at(path);
  if (!node || node.is_null()) return with(document, path, '[' + std::string(value) + ']');
  if (!node.is_sequence()) return std::nullopt;
  return changed(document, node, std::string(value), true);
}

JsonDocument without(const JsonDocument& document, bool (*gone)(const JsonPath& path)) {
  Removal writer(gone);
  writer.value(document.root());
  return std::move(*JsonDocument::parse(writer.take()));
}

std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      std::array<char, 8> escape{};
      std::snprintf(escape.data(), escape.size(), "\\u%04x", static_cast<unsigned>(c));
      out += escape.data();
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::vector<JsonChange> differences(const Node& before, const Node& after) {
  std::vector<JsonChange> out;
  compare(before, after, {}, out);
  return out;
}

}  // namespace aksmesh::data
