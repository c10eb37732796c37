// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "checks/check.hpp"

namespace aksmesh::checks {
namespace {

/// The line of the file on which a byte of the text stands, as far as the style of the scalar lets
/// tell.
std::uint32_t line_of(const Node& holder, std::size_t at) {
  if (holder.style() != data::ScalarStyle::literal) return holder.mark().line;
  const auto before = holder.text().substr(0, at);
  return holder.mark().line + 1 +
         static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n'));
}

void check_text(const MeshConfigDocument& document, Findings& out) {
  const auto& holder = document.holder;
  const auto& object = *document.object;
  const auto lost =
      std::find_if(document.problems->begin(), document.problems->end(),
                   [](const data::Problem& problem) { return problem.document_lost; });
  if (const auto tab = holder.text().find('\t'); tab != std::string_view::npos) {
    out.add(object, holder, "the text of mesh holds a tab on line {line}",
            {{"line", std::to_string(line_of(holder, tab))}});
  } else if (lost != document.problems->end()) {
    out.add(object, holder, "the text of mesh does not parse on line {line}: {problem}",
            {{"line", std::to_string(lost->mark.line)}, {"problem", lost->what}});
  } else if (document.root && !document.root.is_null() && !document.root.is_mapping()) {
    out.add(object, holder, "the text of mesh is not a mapping, see line {line}",
            {{"line", std::to_string(document.root.mark().line)}});
  }
}

void run(const Facts& facts, Findings& out) {
  for (const auto& document : facts.mesh_configs()) {
    if (document.origin != MeshConfigDocument::Origin::shared) continue;
    const auto& object = *document.object;
    const auto& holder = document.holder;
    if (!holder) {
      out.add(object, object.root["data"],
              "ConfigMap {name} has no key mesh, the only one that istiod reads",
              {{"name", std::string(object.name)}});
    } else if (holder.is_string()) {
      check_text(document, out);
    } else if (!holder.is_null()) {  // null is stored as empty text, which sets nothing
      out.add(object, holder, "mesh on line {line} is not text, so no ConfigMap can hold it",
              {{"line", std::to_string(holder.key().mark().line)}});
    }
  }
}

}  // namespace

extern const Check meshconfig_syntax;
constinit const Check meshconfig_syntax{
    .slug = "meshconfig-syntax", .reads = kMeshConfigKinds, .run = run};

}  // namespace aksmesh::checks
