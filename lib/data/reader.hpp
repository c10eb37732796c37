// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "data/limits.hpp"
#include "data/tree.hpp"

namespace aksmesh::data {

struct ReadResult {
  std::unique_ptr<Tree> tree;
  std::vector<Problem> problems;
  /// The one document of a text; absent when it holds another number or anything was wrong with it.
  [[nodiscard]] Node only_document() const {
    return problems.empty() && tree->document_count() == 1 ? tree->document(0) : Node{};
  }
};

enum class Format { by_content, yaml, json };

/// Reads every document of a YAML or JSON text. JSON is chosen by Format::json or a first `{` or
/// `[` that the JSON reader can follow to the end. A byte-order mark is skipped and UTF-16 is
/// converted. A broken document is a problem with its place; the documents around it are kept. Text
/// that is not UTF-8 is lost as a whole.
ReadResult read_documents(std::string source, const Limits& limits,
                          Format format = Format::by_content, const Placement& placement = {});

/// Reads JSON that a server has made, which is as large as it is.
ReadResult read_answer(std::string body);

/// Reads the YAML inside a string value, such as `data.mesh` of a ConfigMap. Places are those of
/// the outer file when the value is a literal block, else that of the value.
ReadResult read_embedded(const Node& value, const std::string& path, const Limits& limits);

// The two front ends; read_documents chooses between them.
void read_yaml(Tree& tree, const Limits& limits, std::vector<Problem>& problems);
void read_json(Tree& tree, const Limits& limits, std::vector<Problem>& problems);

Problem encoding_problem(const Tree& tree, std::size_t at, std::string what);

}  // namespace aksmesh::data
