// SPDX-License-Identifier: Apache-2.0
#include "field_owners.hpp"

namespace aksmesh::commands {

std::string applied_by(const kube::Object& object, std::string_view label) {
  const auto field = "f:" + std::string(label);
  for (const auto manager : object.metadata()["managedFields"].items())
    if (manager["operation"].text() == "Apply" && manager["manager"].text() != "aksmesh" &&
        manager["fieldsV1"].at("f:metadata", "f:labels", field))
      return std::string(manager["manager"].text());
  return {};
}

}  // namespace aksmesh::commands
