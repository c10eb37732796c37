// SPDX-License-Identifier: Apache-2.0
#include "data/tree.hpp"

#include <algorithm>
#include <iterator>

#include "base/strings.hpp"
#include "data/scalar.hpp"

namespace aksmesh::data {
namespace {

// Follows aliases no deeper than documents may nest, so that a path can always be found and always
// ends.
constexpr int kDeepestPath = 512;

constexpr std::size_t kBytesAStep = 4096;

bool plain_key(std::string_view key) {
  return !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

/// Moves a place over the text that follows it. The text may end inside a code point, which counts
/// with its first byte.
void advance(Mark& place, std::string_view over) {
  const auto last = over.rfind('\n');
  if (last != std::string_view::npos) {
    const auto lines = over.substr(0, last + 1);
    place.line += static_cast<std::uint32_t>(std::count(lines.begin(), lines.end(), '\n'));
    place.column = 1;
    over.remove_prefix(last + 1);
  }
  place.column += static_cast<std::uint32_t>(utf8_length(over));
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
  while (tree_->nodes_[target_].kind == NodeKind::alias) target_ = tree_->extras_.at(target_).at;
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
  return tree_->text_of(target_);
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
  for (auto at = tree_->first_child(target_); at != 0;) {
    const auto value = nodes[at].next;
    if (Node(tree_, at).text() == key) return Node(tree_, value);
    at = nodes[value].next;
  }
  return {};
}

std::size_t Node::size() const {
  if (!is_mapping() && !is_sequence()) return 0;
  const auto& nodes = tree_->nodes_;
  std::size_t children = 0;
  for (auto at = tree_->first_child(target_); at != 0; at = nodes[at].next) ++children;
  return is_mapping() ? children / 2 : children;
}

Entries Node::entries() const {
  return {tree_, is_mapping() ? tree_->first_child(target_) : 0};
}
Items Node::items() const {
  return {tree_, is_sequence() ? tree_->first_child(target_) : 0};
}

Mark Node::mark() const {
  if (tree_ == nullptr) return {};
  return tree_->mark_at(tree_->nodes_[site_].begin);
}

Mark Node::end_mark() const {
  if (tree_ == nullptr) return {};
  const auto& raw = tree_->nodes_[site_];
  const auto text = std::string_view(tree_->source_).substr(raw.begin, raw.end - raw.begin);
  auto place = mark();
  if (text.find('\n') == std::string_view::npos)
    place.column += static_cast<std::uint32_t>(utf8_length(text));
  return place;
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

std::uint32_t Tree::first_child(std::uint32_t container) const {
  const auto& raw = nodes_[container];
  if (!raw.has_children) return 0;
  return raw.has_extra ? extras_.at(container).at : container + 1;
}

std::string_view Tree::text_of(std::uint32_t scalar) const {
  const auto& raw = nodes_[scalar];
  if (raw.has_extra) {
    const auto& extra = extras_.at(scalar);
    return std::string_view(arena_).substr(extra.at, extra.length);
  }
  const std::uint32_t quote = raw.style == ScalarStyle::plain ? 0 : 1;
  return std::string_view(source_).substr(raw.begin + quote, raw.end - raw.begin - 2 * quote);
}

Mark Tree::mark_at(std::size_t offset) const {
  if (placement_.fixed) return placement_.at;
  // Steps by bytes, because a file may well be one line.
  const auto& steps = steps_.get([&] {
    auto out = std::make_unique<std::vector<Mark>>(1, Mark{1, 1});
    for (std::size_t at = 0; at + kBytesAStep <= source_.size(); at += kBytesAStep) {
      auto place = out->back();
      advance(place, std::string_view(source_).substr(at, kBytesAStep));
      out->push_back(place);
    }
    return out;
  });
  const auto step = std::min(offset / kBytesAStep, steps.size() - 1);
  const auto from = step * kBytesAStep;
  auto place = steps[step];
  advance(place, std::string_view(source_).substr(from, offset - from));
  return {place.line + placement_.lines, place.column + placement_.columns};
}

bool Tree::path_to(std::uint32_t from, std::uint32_t target, int depth, std::string& out) const {
  if (from == target) return true;
  if (depth > kDeepestPath) return false;
  const auto& raw = nodes_[from];
  if (raw.kind == NodeKind::alias) return path_to(extras_.at(from).at, target, depth + 1, out);
  if (raw.kind != NodeKind::mapping && raw.kind != NodeKind::sequence) return false;
  const bool mapping = raw.kind == NodeKind::mapping;
  auto child = first_child(from);
  std::size_t position = 0;
  if (const auto known = milestones_.find(from); known != milestones_.end()) {
    const auto& stones = known->second;
    const auto beyond = std::upper_bound(stones.begin(), stones.end(), target);
    const auto passed = static_cast<std::size_t>(beyond - stones.begin());
    if (passed == 0) return false;
    child = stones[passed - 1];
    position = (passed - 1) * kChildrenAMilestone;
  }
  for (; child != 0; ++position) {
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
