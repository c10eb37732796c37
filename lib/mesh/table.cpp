// SPDX-License-Identifier: Apache-2.0
#include "mesh/table.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "data/reader.hpp"
#include "data/resources.hpp"

namespace aksmesh::mesh {

data::Node table(std::string_view file_name) {
  static std::mutex mutex;
  static std::map<std::string, std::unique_ptr<data::Tree>, std::less<>> trees;
  const std::lock_guard lock(mutex);
  auto found = trees.find(file_name);
  if (found == trees.end()) {
    const auto text = data::resource("lib/mesh/tables/" + std::string(file_name));
    auto read = data::read_documents(std::string(text), data::Limits{}, data::Format::json);
    found = trees.emplace(std::string(file_name), std::move(read.tree)).first;
  }
  return found->second->document_count() == 1 ? found->second->document(0) : data::Node{};
}

}  // namespace aksmesh::mesh
