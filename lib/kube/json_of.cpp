// SPDX-License-Identifier: Apache-2.0
#include "kube/json_of.hpp"

#include <nlohmann/json.hpp>

namespace aksmesh::kube {

using Json = nlohmann::ordered_json;

Json json_of(const data::Node& node) {
  switch (node.kind()) {
    case data::NodeKind::mapping: {
      auto out = Json::object();
      for (const auto& [key, value] : node.entries()) out[std::string(key.text())] = json_of(value);
      return out;
    }
    case data::NodeKind::sequence: {
      auto out = Json::array();
      for (const auto& item : node.items()) out.push_back(json_of(item));
      return out;
    }
    case data::NodeKind::boolean: return *node.as_bool();
    case data::NodeKind::integer:
      if (const auto number = node.as_int()) return *number;
      return std::string(node.text());
    case data::NodeKind::floating:
      if (const auto number = node.as_double()) return *number;
      return std::string(node.text());
    case data::NodeKind::none:
    case data::NodeKind::null: return nullptr;
    default: return std::string(node.text());
  }
}

}  // namespace aksmesh::kube
