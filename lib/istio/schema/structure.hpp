// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "istio/schema/schema.hpp"
#include "istio/schema/table.hpp"

namespace aksmesh::istio::schema {

/// Compares values with what their schemas allow and collects what is wrong.
class Structure {
 public:
  Structure(const Node& root, std::vector<Problem>& out) : root_(root), out_(out) {}

  void check(const Node& value, const Schema& schema);
  void add(Problem::Kind kind, const Node& node, std::string what, std::string remedy = {});

 private:
  void check_names(const Node& owner, const Schema& schema);
  bool check_type(const Node& value, const Schema& schema);
  void check_object(const Node& value, const Schema& schema);
  void check_exclusive(const Node& value, const Schema& schema);
  void check_list(const Node& value, const Schema& schema);
  void check_repeated(const Node& value, const Schema& schema);
  void check_text(const Node& value, const Schema& schema);
  void check_number(const Node& value, const Schema& schema);
  void check_choice(const Node& value, const Schema& schema);
  void check_size(const Node& value, const Schema& schema, std::size_t size, const char* unit);
  void check_rules(const Node& value, const Schema& schema, std::size_t first);
  [[nodiscard]] std::string name_of(const Node& node) const;

  const Node& root_;
  std::vector<Problem>& out_;
  std::vector<int> depths_;  // of the problems, as deep as their values
  int depth_ = 0;
};

/// The field of a mapping as an API server sees it: null is nothing, unless it is allowed.
Node field(const Node& owner, const Property& property);

}  // namespace aksmesh::istio::schema
