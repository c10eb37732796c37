// SPDX-License-Identifier: Apache-2.0
#include "repeated_objects.hpp"

#include <unordered_set>

#include "base/strings.hpp"
#include "checks/check.hpp"
#include "mesh/model.hpp"

namespace aksmesh::commands {
namespace {

constexpr std::size_t kShown = 3;

/// The same object to an API server. Kinds that the program has no name for differ by their words.
struct SameObject {
  bool operator()(const kube::Object* a, const kube::Object* b) const {
    return mesh::ObjectKey(a) == mesh::ObjectKey(b) && a->group == b->group &&
           a->kind_name == b->kind_name;
  }
};

std::string place(const kube::Object& object) {
  return object.file->name + ':' + std::to_string(object.root.mark().line);
}

}  // namespace

std::vector<std::string> repeated_notes(const kube::Manifests& manifests) {
  std::unordered_set<const kube::Object*, mesh::ObjectKey::Hash, SameObject> seen;
  seen.reserve(manifests.objects.size());
  std::size_t count = 0;
  std::string out;
  for (const auto& object : manifests.objects) {
    if (!object.metadata()["name"]) continue;  // the API server makes up another one each time
    const auto [at, is_new] = seen.insert(&object);
    if (is_new) continue;
    if (++count > kShown) continue;
    out += (count == 1 ? "" : ", ") + checks::object_ref(object).text() + " (" + place(**at) +
           ", " + place(object) + ')';
  }
  if (count == 0) return {};
  if (count > kShown) out += ", ...";
  return {plural(count, "object is", "objects are") +
          " given more than once; the last one counts, as when all are applied in turn: " + out};
}

}  // namespace aksmesh::commands
