// SPDX-License-Identifier: Apache-2.0
#include "support/objects.hpp"

#include "support/fake_world.hpp"

namespace aksmesh::test {

Objects::Objects(const std::string& yaml) {
  FakeWorld world;
  world.files.content["objects.yaml"] = yaml;
  manifests_ = kube::read_manifests(world.files, {"objects.yaml"}, {});
}

std::vector<const kube::Object*> Objects::all(kube::Kind kind) const {
  std::vector<const kube::Object*> out;
  for (const auto& object : manifests_.objects)
    if (object.kind == kind) out.push_back(&object);
  return out;
}

}  // namespace aksmesh::test
