// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kube/manifests.hpp"

namespace aksmesh::test {

/// Kubernetes objects read from a text, for tests of what looks at objects.
class Objects {
 public:
  explicit Objects(const std::string& yaml);

  [[nodiscard]] const kube::Object& operator[](std::size_t at) const {
    return manifests_.objects.at(at);
  }
  [[nodiscard]] std::vector<const kube::Object*> all(kube::Kind kind) const;

 private:
  kube::Manifests manifests_;
};

}  // namespace aksmesh::test
