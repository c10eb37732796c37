// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/tree.hpp"

// Changes of JSON texts that leave every other value as it is written, byte for byte: a JSON
// library would change large integers and floating-point numbers on the way.
namespace aksmesh::data {

/// The way to a value: keys of mappings, positions in sequences as decimal numbers.
using JsonPath = std::vector<std::string>;

/// A JSON document that was read; text and nodes live as long as it does.
class JsonDocument {
 public:
  /// Nothing when the text is not one JSON value.
  static std::optional<JsonDocument> parse(std::string text);
  [[nodiscard]] Node root() const { return tree_->document(0); }
  [[nodiscard]] Node at(const JsonPath& path) const;
  /// The text without blanks between values.
  [[nodiscard]] std::string text() const;

 private:
  explicit JsonDocument(std::unique_ptr<Tree> tree) : tree_(std::move(tree)) {}
  std::unique_ptr<Tree> tree_;
};

/// Gives the value at the path, which may be missing with what holds it; `value` is JSON. Nothing
/// when the path leads through something that is no mapping (or sequence with that position).
std::optional<JsonDocument> with(const JsonDocument& document, const JsonPath& path,
                                 std::string_view value);
/// Adds an item to the sequence at the path, which may be missing.
std::optional<JsonDocument> with_item(const JsonDocument& document, const JsonPath& path,
                                      std::string_view value);
/// Takes out members and items; `gone` is asked for each of the document with its path (the items
/// of a sequence as `[]`).
JsonDocument without(const JsonDocument& document, bool (*gone)(const JsonPath& path));

/// A JSON string with what must be escaped in it.
std::string json_string(std::string_view text);

/// One difference between two documents.
struct JsonChange {
  std::string path{};    ///< such as properties.serviceMeshProfile.istio.revisions
  std::string before{};  ///< JSON; empty when it was not there
  std::string after{};   ///< JSON; empty when it is no longer there
  bool operator==(const JsonChange&) const = default;
};
/// Which members differ, deepest first named; sequences of scalars count as one value. In the order
/// of the documents.
std::vector<JsonChange> differences(const Node& before, const Node& after);

}  // namespace aksmesh::data
