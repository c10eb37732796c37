// SPDX-License-Identifier: Apache-2.0
#include "data/tree.hpp"

#include <algorithm>
#include <charconv>

#include "data/scalar.hpp"

namespace aksmesh::data {
namespace {

// Follows aliases no deeper than documents may nest, so that a path can always be found and always
// ends.
constexpr int kDeepestPath = 512;

bool plain_key(std::string_view key) {
  return !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

}  // namespace

void append_key(std::string& path, std::string_view key) {
  if (!plain_key(key)) {
    path.append("[\"").append(key).append("\"]");
    return;
  }
  if (!path.empty()) path += '.';
  path.append(key);
}

Node::Node(const Tree* tree, std::uint32_t site) : tree_(tree), site_(site), target_(site) {
  while (tree_->nodes_[target_].kind == NodeKind::alias) target_ = tree_->nodes_[target_].data;
}

NodeKind Node::kind() const {
  return tree_ == nullptr ? NodeKind::none : tree_->nodes_[target_].kind;
}

bool Node::is_scalar() const {
  const auto is = kind();
  return is != NodeKind::none && is != NodeKind::sequence && is != NodeKind::mapping;
}

std::string_view Node::text() const {
  if (!is_scalar()) return {};
  const auto& raw = tree_->nodes_[target_];
  const std::string_view from = raw.in_source ? tree_->source_ : tree_->arena_;
  return from.substr(raw.data, raw.count);
}

ScalarStyle Node::style() const {
  return tree_ == nullptr ? ScalarStyle::none : tree_->nodes_[target_].style;
}

std::optional<bool> Node::as_bool() const {
  if (kind() != NodeKind::boolean) return std::nullopt;
  return is_true_word(text());
}

std::optional<std::int64_t> Node::as_int() const {
  if (kind() != NodeKind::integer) return std::nullopt;
  return parse_integer(text());
}

std::optional<double> Node::as_double() const {
  if (const auto whole = as_int()) return static_cast<double>(*whole);
  if (kind() != NodeKind::floating && kind() != NodeKind::integer) return std::nullopt;
  return parse_floating(text());
}

Node Node::operator[](std::string_view key) const {
  if (!is_mapping()) return {};
  const auto& nodes = tree_->nodes_;
  for (auto at = nodes[target_].data; at != 0;) {
    const auto value = nodes[at].next;
    if (Node(tree_, at).text() == key) return Node(tree_, value);
    at = nodes[value].next;
  }
  return {};
}

std::size_t Node::size() const {
  return is_mapping() || is_sequence() ? tree_->nodes_[target_].count : 0;
}

Entries Node::entries() const {
  return {tree_, is_mapping() ? tree_->nodes_[target_].data : 0};
}
Items Node::items() const {
  return {tree_, is_sequence() ? tree_->nodes_[target_].data : 0};
}

Mark Node::mark() const {
  if (tree_ == nullptr) return {};
  return {tree_->nodes_[site_].line, tree_->nodes_[site_].column};
}

Mark Node::end_mark() const {
  if (tree_ == nullptr) return {};
  const auto& raw = tree_->nodes_[site_];
  const auto text = std::string_view(tree_->source_).substr(raw.begin, raw.end - raw.begin);
  if (text.find('\n') != std::string_view::npos) return mark();
  std::uint32_t columns = 0;
  for (const char c : text)
    if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) ++columns;
  return {raw.line, raw.column + columns};
}

std::uint32_t Node::begin() const {
  return tree_ == nullptr ? 0 : tree_->nodes_[site_].begin;
}
std::uint32_t Node::end() const {
  return tree_ == nullptr ? 0 : tree_->nodes_[site_].end;
}

Node Node::key() const {
  if (tree_ == nullptr || !tree_->nodes_[site_].is_value) return {};
  return Node(tree_, site_ - 1);
}

Entry Entries::iterator::operator*() const {
  return {Node(tree_, at_), Node(tree_, tree_->nodes_[at_].next)};
}
Entries::iterator& Entries::iterator::operator++() {
  at_ = tree_->nodes_[tree_->nodes_[at_].next].next;
  return *this;
}
Node Items::iterator::operator*() const {
  return Node(tree_, at_);
}
Items::iterator& Items::iterator::operator++() {
  at_ = tree_->nodes_[at_].next;
  return *this;
}

bool Tree::path_to(std::uint32_t from, std::uint32_t target, int depth, std::string& out) const {
  if (from == target) return true;
  if (depth > kDeepestPath) return false;
  const auto& raw = nodes_[from];
  if (raw.kind == NodeKind::alias) return path_to(raw.data, target, depth + 1, out);
  if (raw.kind != NodeKind::mapping && raw.kind != NodeKind::sequence) return false;
  const bool mapping = raw.kind == NodeKind::mapping;
  std::size_t position = 0;
  for (auto child = raw.data; child != 0; ++position) {
    const auto value = mapping ? nodes_[child].next : child;
    const auto following = nodes_[value].next;
    // Indexes grow in reading order, so a subtree that was built in place can be skipped when it
    // ends before the target. What an alias leads to may lie anywhere.
    const bool may_hold =
        nodes_[value].kind == NodeKind::alias || child == target || value <= target;
    if (may_hold &&
        (following == 0 || following > target || nodes_[value].kind == NodeKind::alias)) {
      const auto length = out.size();
      if (mapping)
        append_key(out, Node(this, child).text());
      else
        out.append("[").append(std::to_string(position)).append("]");
      if (child == target || path_to(value, target, depth + 1, out)) return true;
      out.resize(length);
    }
    child = following;
  }
  return false;
}

std::string Tree::path(const Node& root, const Node& node) const {
  std::string out = path_prefix;
  if (node.tree_ == this && root.tree_ == this) path_to(root.site_, node.site_, 0, out);
  return out;
}

}  // namespace aksmesh::data
