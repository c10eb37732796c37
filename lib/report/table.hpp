// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "report/style.hpp"

namespace aksmesh::report {

/// Rows under upper-case headers, two blanks between columns.
struct Table {
  struct Column {
    std::string header;
    int priority = 0;  ///< columns of a higher number are dropped first on a narrow terminal
  };
  std::vector<Column> columns;
  std::vector<std::vector<std::string>> rows;
};

enum class Headers { shown, hidden };
std::string render_table(const Table& table, const Style& style, Headers headers);

}  // namespace aksmesh::report
