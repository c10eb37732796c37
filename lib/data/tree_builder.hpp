// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "data/limits.hpp"
#include "data/tree.hpp"

namespace aksmesh::data {

/// Where a value stands in its text, in bytes.
struct Span {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

/// Puts a Tree together from the events of a front end; both front ends share the rules about
/// limits, duplicate keys, merge keys and aliases. A call that returns false has noted a problem,
/// and the document is lost.
class TreeBuilder {
 public:
  TreeBuilder(Tree& tree, const Limits& limits, std::vector<Problem>& problems)
      : tree_(tree), limits_(limits), problems_(problems) {}

  void begin_document(std::uint32_t at);
  /// Keeps what was read since begin_document; an empty document leaves nothing.
  void end_document();
  void drop_document();

  bool scalar(const Span& span, NodeKind kind, ScalarStyle style, std::string_view text,
              std::string_view anchor);
  bool begin_container(const Span& span, NodeKind kind, std::string_view anchor);
  bool end_container(std::uint32_t end);
  bool alias(const Span& span, std::string_view anchor);
  [[nodiscard]] bool expects_key() const;

 private:
  struct Frame {
    std::uint32_t node = 0;
    std::uint32_t last = 0;  // last child, 0 for none
    std::uint32_t children = 0;
    std::uint64_t weight = 1;  // nodes once aliases are followed
    bool has_merge = false;
    std::string anchor{};
  };
  /// The value that a name stands for; a name that is given again stands for the later one.
  struct Anchor {
    std::uint32_t node = 0;
    std::uint64_t weight = 0;
    bool open = false;  // still being read: an alias to it would never end
  };

  bool fail(Problem::Kind kind, std::uint32_t at, std::string what, std::string next = {});
  bool limit(std::string_view name, std::uint64_t allowed, std::uint32_t at);
  /// Adds a node behind the last child of the open container; 0 with a problem noted when it may
  /// not.
  std::uint32_t add(const Span& span, NodeKind kind, std::uint64_t weight);
  void set_text(std::uint32_t node, std::string_view text);
  void drop_nodes(std::size_t first);
  void set_extra(std::uint32_t node, std::uint32_t at, std::uint32_t length);
  void set_first_child(std::uint32_t container, std::uint32_t child);
  void drop_duplicates(Frame& frame);
  void apply_merge(Frame& frame);
  void append_alias(Frame& frame, std::uint32_t site, std::uint32_t target, bool is_value);
  void set_milestones(const Frame& frame);

  Tree& tree_;
  const Limits& limits_;
  std::vector<Problem>& problems_;
  std::vector<Frame> frames_;
  std::unordered_map<std::string, Anchor> anchors_;
  std::uint32_t start_ = 0;  // byte at which the document begins
  std::size_t first_node_ = 0;
  std::size_t first_arena_ = 0;
  std::size_t first_problem_ = 0;
};

}  // namespace aksmesh::data
