// SPDX-License-Identifier: Apache-2.0
#include "checks/teller.hpp"

#include <unordered_map>

#include "mesh/table.hpp"

namespace aksmesh::checks {

Teller teller_of(const Code& code) {
  if (is_built(code)) return Teller::analysis;
  static const auto others = [] {
    std::unordered_map<std::string_view, Teller> out;
    for (const auto& row : mesh::table("codes.json")["codes"].items())
      if (const auto word = row["toldBy"].text(); !word.empty())
        out.emplace(row["code"].text(), word == "service"   ? Teller::service
                                        : word == "page"    ? Teller::page
                                        : word == "istiods" ? Teller::istiods
                                                            : Teller::commands);
    return out;
  }();
  const auto found = others.find(code.code);
  return found == others.end() ? Teller::nobody : found->second;
}

}  // namespace aksmesh::checks
