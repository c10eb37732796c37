// SPDX-License-Identifier: Apache-2.0
#include "data/tree_builder.hpp"

#include <algorithm>
#include <unordered_set>

#include "data/scalar.hpp"

namespace aksmesh::data {

void TreeBuilder::begin_document(std::uint32_t at) {
  frames_.clear();
  anchors_.clear();
  start_ = at;
  // Index 0 stands for "none" in sibling links, so no node lives there.
  if (tree_.nodes_.empty()) tree_.nodes_.emplace_back();
  first_node_ = tree_.nodes_.size();
  first_arena_ = tree_.arena_.size();
  first_problem_ = problems_.size();
}

void TreeBuilder::end_document() {
  if (tree_.nodes_.size() == first_node_) return;
  const auto root = static_cast<std::uint32_t>(first_node_);
  if (tree_.nodes_[root].kind == NodeKind::null) {
    drop_nodes(first_node_);
    return;
  }
  tree_.roots_.push_back(root);
  first_node_ = tree_.nodes_.size();  // a complaint about what follows must not take it away
  first_arena_ = tree_.arena_.size();
}

void TreeBuilder::drop_document() {
  drop_nodes(first_node_);
  tree_.arena_.resize(first_arena_);
  frames_.clear();
}

void TreeBuilder::drop_nodes(std::size_t first) {
  for (auto node = first; node < tree_.nodes_.size(); ++node)
    if (tree_.nodes_[node].has_extra) tree_.extras_.erase(static_cast<std::uint32_t>(node));
  tree_.nodes_.resize(first);
  tree_.milestones_.erase(tree_.milestones_.lower_bound(static_cast<std::uint32_t>(first)),
                          tree_.milestones_.end());
}

void TreeBuilder::set_extra(std::uint32_t node, std::uint32_t at, std::uint32_t length) {
  tree_.nodes_[node].has_extra = true;
  tree_.extras_[node] = {at, length};
}

void TreeBuilder::set_first_child(std::uint32_t container, std::uint32_t child) {
  tree_.nodes_[container].has_children = child != 0;
  if (child != container + 1) set_extra(container, child, 0);
}

bool TreeBuilder::fail(Problem::Kind kind, std::uint32_t at, std::string what, std::string next) {
  problems_.push_back(
      {.kind = kind, .mark = tree_.mark_at(at), .what = std::move(what), .next = std::move(next)});
  return false;
}

bool TreeBuilder::limit(std::string_view name, std::uint64_t allowed, std::uint32_t at) {
  return fail(
      Problem::Kind::limit, at,
      "limit '" + std::string(name) + "' exceeded: more than " + std::to_string(allowed),
      "raise it with --limit " + std::string(name) + "=N if the input is meant to be like this");
}

bool TreeBuilder::expects_key() const {
  return !frames_.empty() && tree_.nodes_[frames_.back().node].kind == NodeKind::mapping &&
         frames_.back().children % 2 == 0;
}

std::uint32_t TreeBuilder::add(const Span& span, NodeKind kind, std::uint64_t weight) {
  if (span.end > start_ && span.end - start_ > limits_.document) {
    limit("document", limits_.document, span.begin);
    return 0;
  }
  const bool key = expects_key();
  if (key && (kind == NodeKind::mapping || kind == NodeKind::sequence)) {
    fail(Problem::Kind::syntax, span.begin, "a key must be a plain word, not a list or a mapping");
    return 0;
  }
  const auto index = static_cast<std::uint32_t>(tree_.nodes_.size());
  auto& raw = tree_.nodes_.emplace_back();
  raw.begin = span.begin;
  raw.end = span.end;
  raw.kind = kind;
  if (frames_.empty()) return index;
  auto& frame = frames_.back();
  auto& parent = tree_.nodes_[frame.node];
  if (frame.last == 0)
    parent.has_children = true;
  else
    tree_.nodes_[frame.last].next = index;
  frame.last = index;
  ++frame.children;
  frame.weight += weight;
  raw.is_value = parent.kind == NodeKind::mapping && !key;
  if (frame.weight > limits_.expansion) {
    limit("expansion", limits_.expansion, span.begin);
    return 0;
  }
  return index;
}

void TreeBuilder::set_text(std::uint32_t node, std::string_view text) {
  const auto& raw = tree_.nodes_[node];
  // Most values stand in the source as they are; only the others are copied.
  const std::string_view written =
      std::string_view(tree_.source_).substr(raw.begin, raw.end - raw.begin);
  const std::uint32_t quote = raw.style == ScalarStyle::plain ? 0 : 1;
  if (raw.style != ScalarStyle::literal && raw.style != ScalarStyle::folded &&
      written.size() == text.size() + 2ULL * quote && written.substr(quote, text.size()) == text)
    return;
  set_extra(node, static_cast<std::uint32_t>(tree_.arena_.size()),
            static_cast<std::uint32_t>(text.size()));
  tree_.arena_.append(text);
}

bool TreeBuilder::scalar(const Span& span, NodeKind kind, ScalarStyle style, std::string_view text,
                         std::string_view anchor) {
  if (text.size() > limits_.scalar) return limit("scalar", limits_.scalar, span.begin);
  const bool key = expects_key();
  const auto index = add(span, kind, 1);
  if (index == 0) return false;
  tree_.nodes_[index].style = style;
  if (key) {
    if (style == ScalarStyle::plain && text == "<<") frames_.back().has_merge = true;
    // Kubernetes turns keys into text by their value: the key `on` is "true".
    if (kind == NodeKind::boolean) text = is_true_word(text) ? "true" : "false";
    tree_.nodes_[index].kind = NodeKind::string;
  }
  set_text(index, text);
  if (!anchor.empty()) anchors_[std::string(anchor)] = {.node = index, .weight = 1};
  return true;
}

bool TreeBuilder::begin_container(const Span& span, NodeKind kind, std::string_view anchor) {
  if (frames_.size() >= limits_.depth) return limit("depth", limits_.depth, span.begin);
  const auto index = add(span, kind, 0);
  if (index == 0) return false;
  if (!anchor.empty()) anchors_[std::string(anchor)] = {.node = index, .open = true};
  frames_.push_back({.node = index, .anchor = std::string(anchor)});
  return true;
}

bool TreeBuilder::end_container(std::uint32_t end) {
  Frame frame = std::move(frames_.back());
  frames_.pop_back();
  auto& raw = tree_.nodes_[frame.node];
  raw.end = std::max(raw.begin, end);
  if (raw.kind == NodeKind::mapping) {
    if (frame.has_merge) apply_merge(frame);
    drop_duplicates(frame);
  }
  set_milestones(frame);
  if (!frame.anchor.empty()) {
    auto& anchor = anchors_[frame.anchor];
    if (anchor.node == frame.node) anchor = {.node = frame.node, .weight = frame.weight};
  }
  if (!frames_.empty()) {
    frames_.back().weight += frame.weight;
    if (frames_.back().weight > limits_.expansion)
      return limit("expansion", limits_.expansion, tree_.nodes_[frame.node].begin);
  }
  return true;
}

bool TreeBuilder::alias(const Span& span, std::string_view anchor) {
  const auto found = anchors_.find(std::string(anchor));
  if (found == anchors_.end())
    return fail(Problem::Kind::syntax, span.begin,
                "alias *" + std::string(anchor) + " has no anchor before it");
  const auto [target, weight, open] = found->second;
  if (open)
    return fail(Problem::Kind::syntax, span.begin,
                "alias *" + std::string(anchor) + " stands inside its own anchor");
  if (expects_key() && !Node(&tree_, target).is_scalar())
    return fail(Problem::Kind::syntax, span.begin,
                "a key must be a plain word, not a list or a mapping");
  const auto index = add(span, NodeKind::alias, weight);
  if (index == 0) return false;
  set_extra(index, target, 0);
  return true;
}

void TreeBuilder::append_alias(Frame& frame, std::uint32_t site, std::uint32_t target,
                               bool is_value) {
  const auto index = static_cast<std::uint32_t>(tree_.nodes_.size());
  auto raw = tree_.nodes_[site];
  raw.kind = NodeKind::alias;
  raw.next = 0;
  raw.is_value = is_value;
  tree_.nodes_.push_back(raw);
  // Merges of merges lead to the value itself, or each would make the way to it longer.
  while (tree_.nodes_[target].kind == NodeKind::alias) target = tree_.extras_.at(target).at;
  set_extra(index, target, 0);
  if (frame.last == 0)
    set_first_child(frame.node, index);
  else
    tree_.nodes_[frame.last].next = index;
  frame.last = index;
  ++frame.children;
}

/// What an alias leads to may lie anywhere, so all children must be looked at where there is one.
void TreeBuilder::set_milestones(const Frame& frame) {
  if (frame.children < 4 * Tree::kChildrenAMilestone) return;
  const bool mapping = tree_.nodes_[frame.node].kind == NodeKind::mapping;
  std::vector<std::uint32_t> stones;
  std::uint32_t position = 0;
  for (auto child = tree_.first_child(frame.node); child != 0; ++position) {
    const auto value = mapping ? tree_.nodes_[child].next : child;
    if (tree_.nodes_[value].kind == NodeKind::alias) return;
    if (position % Tree::kChildrenAMilestone == 0) stones.push_back(child);
    child = tree_.nodes_[value].next;
  }
  tree_.milestones_.emplace(frame.node, std::move(stones));
}

/// Replaces `<<: *base` by the entries of the base that the mapping does not have itself.
void TreeBuilder::apply_merge(Frame& frame) {
  std::vector<std::uint32_t> sources;
  std::unordered_set<std::string_view> own;
  std::uint32_t before = 0;
  std::uint32_t last = 0;
  for (auto key = tree_.first_child(frame.node); key != 0;) {
    const auto value = tree_.nodes_[key].next;
    const auto following = tree_.nodes_[value].next;
    const Node merged(&tree_, value);
    const auto& raw = tree_.nodes_[key];
    const bool is_merge = raw.style == ScalarStyle::plain && Node(&tree_, key).text() == "<<" &&
                          (merged.is_mapping() || merged.is_sequence());
    if (is_merge) {
      if (before == 0)
        set_first_child(frame.node, following);
      else
        tree_.nodes_[before].next = following;
      frame.children -= 2;
      if (merged.is_mapping()) sources.push_back(value);
      for (const auto& item : merged.items())
        if (item.is_mapping()) sources.push_back(item.index());
    } else {
      own.insert(Node(&tree_, key).text());
      before = value;
      last = value;
    }
    key = following;
  }
  frame.last = last;
  for (const auto source : sources) {
    for (const auto& entry : Node(&tree_, source).entries()) {
      if (!own.insert(entry.key.text()).second) continue;
      append_alias(frame, source, entry.key.index(), false);
      append_alias(frame, source, entry.value.index(), true);
    }
  }
}

void TreeBuilder::drop_duplicates(Frame& frame) {
  struct Key {
    std::string_view text;
    std::uint32_t index;
  };
  static thread_local std::vector<Key> keys;
  keys.clear();
  for (auto key = tree_.first_child(frame.node); key != 0;) {
    keys.push_back({Node(&tree_, key).text(), key});
    key = tree_.nodes_[tree_.nodes_[key].next].next;
  }
  bool repeated = false;
  if (keys.size() <= 12) {
    for (std::size_t i = 1; i < keys.size() && !repeated; ++i)
      for (std::size_t j = 0; j < i && !repeated; ++j) repeated = keys[i].text == keys[j].text;
    if (!repeated) return;
  }
  std::sort(keys.begin(), keys.end(), [](const Key& a, const Key& b) {
    return a.text != b.text ? a.text < b.text : a.index < b.index;
  });
  std::vector<std::uint32_t> dropped;
  for (std::size_t i = 1; i < keys.size(); ++i) {
    if (keys[i].text != keys[i - 1].text) continue;
    dropped.push_back(keys[i - 1].index);
    problems_.push_back({.kind = Problem::Kind::duplicate_key,
                         .mark = Node(&tree_, keys[i].index).mark(),
                         .what = "key '" + std::string(keys[i].text) +
                                 "' is given twice; the first is in line " +
                                 std::to_string(Node(&tree_, keys[i - 1].index).mark().line),
                         .next = "remove one of the two; the last one counts",
                         .document_lost = false});
  }
  if (dropped.empty()) return;
  std::sort(dropped.begin(), dropped.end());
  std::uint32_t before = 0;
  for (auto key = tree_.first_child(frame.node); key != 0;) {
    const auto value = tree_.nodes_[key].next;
    const auto following = tree_.nodes_[value].next;
    if (std::binary_search(dropped.begin(), dropped.end(), key)) {
      if (before == 0)
        set_first_child(frame.node, following);
      else
        tree_.nodes_[before].next = following;
      frame.children -= 2;
    } else {
      before = value;
    }
    key = following;
  }
}

}  // namespace aksmesh::data
