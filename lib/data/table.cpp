// SPDX-License-Identifier: Apache-2.0
#include "data/table.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "data/reader.hpp"
#include "data/resources.hpp"

namespace aksmesh::data {

Node table(std::string_view path) {
  static std::mutex mutex;
  static std::map<std::string, std::unique_ptr<Tree>, std::less<>> trees;
  const std::lock_guard lock(mutex);
  auto found = trees.find(path);
  if (found == trees.end()) {
    auto read = read_documents(std::string(resource(path)), Limits{}, Format::json);
    found = trees.emplace(std::string(path), std::move(read.tree)).first;
  }
  return found->second->document_count() == 1 ? found->second->document(0) : Node{};
}

}  // namespace aksmesh::data
