// SPDX-License-Identifier: Apache-2.0
#include "data/json_rewrite.hpp"

#include "data/json_edit.hpp"

namespace aksmesh::data {
namespace {

class Writer {
 public:
  Writer(const Node& root, Fates& fates) : source_(root.tree()->source()), fates_(fates) {}

  void value(const Node& node) {
    if (node.is_mapping()) return mapping(node);
    if (node.is_sequence()) return sequence(node);
    copy(node);
  }
  std::string take() { return std::move(out_); }

 private:
  void copy(const Node& node) { out_ += source_.substr(node.begin(), node.end() - node.begin()); }

  void mapping(const Node& node) {
    char separator = '{';
    for (const auto& [key, value] : node.entries()) {
      path_.push_back(key.text());
      const auto fate = fates_.of(path_, value, node);
      if (fate != Fate::drop) {
        out_ += separator;
        separator = ',';
        copy(key);
        out_ += ':';
        if (fate == Fate::change)
          out_ += json_string(fates_.instead(value));
        else if (fate == Fate::look)
          this->value(value);
        else
          copy(value);
      }
      path_.pop_back();
    }
    out_ += separator == '{' ? "{}" : "}";
  }

  void sequence(const Node& node) {
    char separator = '[';
    path_.emplace_back("[]");
    for (const auto& item : node.items()) {
      out_ += separator;
      separator = ',';
      value(item);
    }
    path_.pop_back();
    out_ += separator == '[' ? "[]" : "]";
  }

  std::string_view source_;
  Fates& fates_;
  KeyPath path_{};
  std::string out_{};
};

}  // namespace

std::string rewritten(const Node& node, Fates& fates) {
  if (!node) return "null";
  Writer writer(node, fates);
  writer.value(node);
  return writer.take();
}

}  // namespace aksmesh::data
