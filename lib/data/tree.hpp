// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/lazy.hpp"

namespace aksmesh::data {

enum class NodeKind : std::uint8_t {
  none,
  null,
  boolean,
  integer,
  floating,
  string,
  sequence,
  mapping,
  alias
};
enum class ScalarStyle : std::uint8_t {
  none,
  plain,
  single_quoted,
  double_quoted,
  literal,
  folded
};

/// A place in a text: 1-based line, 1-based column counted in code points.
struct Mark {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  auto operator<=>(const Mark&) const = default;
};

/// Tells where a text that is part of another document stands in the outer file.
struct Placement {
  std::uint32_t lines = 0;    ///< added to every line
  std::uint32_t columns = 0;  ///< added to every column
  bool fixed = false;         ///< lines and columns cannot be told: every place is `at`
  Mark at{};
};

/// Something wrong with a text. `document_lost` says that the document around it could not be kept.
struct Problem {
  enum class Kind { syntax, duplicate_key, limit, encoding };
  Kind kind = Kind::syntax;
  Mark mark{};
  std::string what;
  std::string next{};
  bool document_lost = true;
};

class Tree;
class TreeBuilder;
class Entries;
class Items;

/// A handle on one value of a Tree; cheap to copy, valid as long as the tree lives. A default Node
/// means "absent": it answers every question with nothing. Aliases read as what they point at, but
/// keep their own place.
class Node {
 public:
  Node() = default;

  explicit operator bool() const { return tree_ != nullptr; }
  [[nodiscard]] NodeKind kind() const;
  [[nodiscard]] bool is_mapping() const { return kind() == NodeKind::mapping; }
  [[nodiscard]] bool is_sequence() const { return kind() == NodeKind::sequence; }
  [[nodiscard]] bool is_string() const { return kind() == NodeKind::string; }
  [[nodiscard]] bool is_null() const { return kind() == NodeKind::null; }
  [[nodiscard]] bool is_scalar() const;

  /// The scalar as written, escapes resolved; empty for containers.
  [[nodiscard]] std::string_view text() const;
  [[nodiscard]] ScalarStyle style() const;
  [[nodiscard]] std::optional<bool> as_bool() const;
  [[nodiscard]] std::optional<std::int64_t> as_int() const;
  [[nodiscard]] std::optional<double> as_double() const;
  /// The text of a string scalar, else empty.
  [[nodiscard]] std::string_view string() const {
    return is_string() ? text() : std::string_view{};
  }

  /// The value of a mapping's key; absent when there is none or this is no mapping.
  [[nodiscard]] Node operator[](std::string_view key) const;
  /// Follows several keys.
  template <class... Keys>
  [[nodiscard]] Node at(std::string_view key, Keys... rest) const {
    if constexpr (sizeof...(rest) == 0)
      return (*this)[key];
    else
      return (*this)[key].at(rest...);
  }
  /// Entries of a mapping or items of a sequence, counted one by one.
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] Entries entries() const;
  [[nodiscard]] Items items() const;

  [[nodiscard]] Mark mark() const;
  [[nodiscard]] Mark end_mark() const;
  /// Byte range in the tree's source.
  [[nodiscard]] std::uint32_t begin() const;
  [[nodiscard]] std::uint32_t end() const;
  /// For the value of a mapping's entry, its key; absent otherwise.
  [[nodiscard]] Node key() const;
  [[nodiscard]] const Tree* tree() const { return tree_; }
  [[nodiscard]] std::uint32_t index() const { return site_; }
  bool operator==(const Node&) const = default;

 private:
  friend class Tree;
  friend class TreeBuilder;
  friend class Entries;
  friend class Items;
  Node(const Tree* tree, std::uint32_t site);

  const Tree* tree_ = nullptr;
  std::uint32_t site_ = 0;    // where it stands
  std::uint32_t target_ = 0;  // what it reads as; differs for an alias
};

struct Entry {
  Node key;
  Node value;
};

/// The source text of one file or stream and the values of all its documents. Not movable, because
/// nodes point at it.
class Tree {
 public:
  explicit Tree(std::string source, const Placement& placement = {})
      : source_(std::move(source)), placement_(placement) {}
  Tree(const Tree&) = delete;
  Tree& operator=(const Tree&) = delete;

  [[nodiscard]] std::string_view source() const { return source_; }
  [[nodiscard]] std::size_t document_count() const { return roots_.size(); }
  [[nodiscard]] Node document(std::size_t i) const { return Node(this, roots_[i]); }

  /// The way from `root` to `node`, as in `spec.http[0].route[0]`, prefix included; a key that
  /// holds other than letters, digits, `_` and `-` is written `["key"]`. The path of a key is that
  /// of its value.
  [[nodiscard]] std::string path(const Node& root, const Node& node) const;

  /// The place of a byte of the source. Lines end with a line feed, as editors count them.
  [[nodiscard]] Mark mark_at(std::size_t offset) const;

  /// Gives back memory that was kept in reserve while the tree grew.
  void finish() {
    nodes_.shrink_to_fit();
    arena_.shrink_to_fit();
  }

  /// For YAML inside a scalar of another document: the path of that scalar.
  std::string path_prefix{};

 private:
  friend class Node;
  friend class Entries;
  friend class Items;
  friend class TreeBuilder;

  // Kept small: a node is most of what a value costs. Places follow from offsets, the first child
  // of a container stands right behind it, and a scalar's text is the source from begin to end
  // without its quotes. What is otherwise is told by an Extra.
  struct Raw {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    std::uint32_t next = 0;  // the following sibling, 0 for none; keys and values alternate
    NodeKind kind = NodeKind::none;
    ScalarStyle style = ScalarStyle::none;
    bool is_value : 1 = false;  // value of a mapping's entry; its key stands right before it
    bool has_children : 1 = false;
    bool has_extra : 1 = false;
  };
  static_assert(sizeof(Raw) == 16);
  struct Extra {
    std::uint32_t at = 0;      // container: first child; alias: target; scalar: place in arena_
    std::uint32_t length = 0;  // of a scalar's text
  };

  bool path_to(std::uint32_t from, std::uint32_t target, int depth, std::string& out) const;

  [[nodiscard]] std::uint32_t first_child(std::uint32_t container) const;
  [[nodiscard]] std::string_view text_of(std::uint32_t scalar) const;

  std::string source_;
  Placement placement_;
  std::string arena_;
  std::vector<Raw> nodes_;
  std::unordered_map<std::uint32_t, Extra> extras_;  ///< by node
  std::vector<std::uint32_t> roots_;
  /// Of a container with many children in place: every so many-th of them, to find the way to one.
  std::map<std::uint32_t, std::vector<std::uint32_t>> milestones_;
  static constexpr std::uint32_t kChildrenAMilestone = 64;
  Lazy<std::vector<Mark>> steps_;  ///< the place of every so many-th byte, to find the others
};

class Entries {
 public:
  class iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Entry;
    using difference_type = std::ptrdiff_t;
    using pointer = const Entry*;
    using reference = Entry;
    iterator(const Tree* tree, std::uint32_t at) : tree_(tree), at_(at) {}
    Entry operator*() const;
    iterator& operator++();
    bool operator==(const iterator& other) const { return at_ == other.at_; }

   private:
    const Tree* tree_;
    std::uint32_t at_;
  };
  Entries(const Tree* tree, std::uint32_t first) : tree_(tree), first_(first) {}
  [[nodiscard]] iterator begin() const { return {tree_, first_}; }
  [[nodiscard]] iterator end() const { return {tree_, 0}; }

 private:
  const Tree* tree_;
  std::uint32_t first_;
};

class Items {
 public:
  class iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Node;
    using difference_type = std::ptrdiff_t;
    using pointer = const Node*;
    using reference = Node;
    iterator(const Tree* tree, std::uint32_t at) : tree_(tree), at_(at) {}
    Node operator*() const;
    iterator& operator++();
    bool operator==(const iterator& other) const { return at_ == other.at_; }

   private:
    const Tree* tree_;
    std::uint32_t at_;
  };
  Items(const Tree* tree, std::uint32_t first) : tree_(tree), first_(first) {}
  [[nodiscard]] iterator begin() const { return {tree_, first_}; }
  [[nodiscard]] iterator end() const { return {tree_, 0}; }

 private:
  const Tree* tree_;
  std::uint32_t first_;
};

/// Appends a key to a path in the notation of Tree::path.
void append_key(std::string& path, std::string_view key);

}  // namespace aksmesh::data
