// SPDX-License-Identifier: Apache-2.0
#include "checks/check.hpp"

#include <algorithm>
#include <array>

#include "checks/suppress.hpp"
#include "data/resources.hpp"
#include "mesh/table.hpp"

namespace aksmesh::checks {
namespace {

constexpr std::size_t kLongestSourceLine = 240;

/// The line around a byte, cut to what a terminal may show.
std::string line_around(std::string_view text, std::size_t at) {
  at = std::min(at, text.size());
  const auto before = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  const auto begin = before == std::string_view::npos ? 0 : before + 1;
  auto end = text.find('\n', begin);
  if (end == std::string_view::npos) end = text.size();
  while (end > begin && (text[end - 1] == '\r' || text[end - 1] == ' ')) --end;
  auto line = text.substr(begin, std::min(end - begin, kLongestSourceLine));
  while (!line.empty() && find_invalid_utf8(line) != std::string_view::npos) line.remove_suffix(1);
  return std::string(line);
}

}  // namespace

bool Facts::touch(KindSet kinds) const {
  read_ = read_ | kinds;
  return (declared_ | kinds) == declared_;
}

const std::vector<const Object*>& Facts::all(Kind kind) const {
  static const std::vector<const Object*> none;
  if (!touch({kind})) return none;
  const auto& found = model_.all(kind);
  saw_anything_ = saw_anything_ || !found.empty();
  return found;
}

const Object* Facts::find(Kind kind, std::string_view name_space, std::string_view name) const {
  return touch({kind}) ? model_.find(kind, name_space, name) : nullptr;
}

bool Facts::covers(Kind kind, std::string_view name_space) const {
  return touch({kind}) && model_.covers(kind, name_space);
}

const std::vector<Workload>& Facts::workloads() const {
  static const std::vector<Workload> none;
  if (!touch(kPodKinds)) return none;
  saw_anything_ = saw_anything_ || !model_.workloads().empty();
  return model_.workloads();
}

Meshed Facts::meshed(std::string_view name_space) const {
  return touch({Kind::name_space}) ? model_.meshed(name_space) : Meshed::unknown;
}

const Revisions& Facts::revisions() const {
  static const Revisions none;
  return touch(kRevisionKinds) ? model_.revisions() : none;
}

const std::vector<MeshConfigDocument>& Facts::mesh_configs() const {
  static const std::vector<MeshConfigDocument> none;
  if (!touch(kMeshConfigKinds)) return none;
  saw_anything_ = saw_anything_ || !model_.mesh_configs().empty();
  return model_.mesh_configs();
}

report::ObjectRef object_ref(const Object& object) {
  return {.cluster = object.file->cluster,
          .api_version = std::string(object.api_version),
          .kind = std::string(object.kind_name),
          .name_space = std::string(object.name_space),
          .name = std::string(object.name)};
}

report::Where where_of(const Object& object, const Node& value) {
  const Node node = value ? value : object.root["kind"];
  const auto& tree = *(node ? node : object.root).tree();
  const bool inner = &tree != object.root.tree();
  const Node place = node ? (node.key() ? node.key() : node) : object.root;
  report::Where where{
      .file = object.file->name, .line = place.mark().line, .column = place.mark().column};
  where.path = node ? tree.path(inner ? tree.document(0) : object.root, node) : std::string{};
  if (place.end_mark().line == where.line && place.is_scalar())
    where.end_column = place.end_mark().column;
  // Inside a ConfigMap the inner text has the same line, less its indentation.
  where.source_line = line_around(tree.source(), place.begin());
  if (inner) {
    const auto inner_column = [&] {
      const auto start = tree.source().rfind('\n', place.begin() == 0 ? 0 : place.begin() - 1);
      return place.begin() - (start == std::string_view::npos ? 0 : start + 1);
    }();
    where.source_line.insert(
        0, where.column - 1 > inner_column ? where.column - 1 - inner_column : 0, ' ');
  }
  return where;
}

void Findings::add(const Object& object, const Node& value, std::string_view message,
                   Arguments arguments) {
  add_rated(limitation_ == nullptr ? find_code(slug_)->severity : limitation_->severity, object,
            value, message, std::move(arguments));
}

void Findings::add_rated(std::string_view severity, const Object& object, const Node& value,
                         std::string_view message, Arguments arguments) {
  const auto rated = report::parse_severity(severity);
  if (!rated) return;  // this policy has nothing to report here
  ++found_;
  report::Finding finding{
      .code = std::string(code_), .slug = std::string(slug_), .severity = *rated};
  finding.message = fill(message, arguments);
  finding.arguments = std::move(arguments);
  finding.object = object_ref(object);
  finding.where = where_of(object, value);
  if (limitation_ != nullptr) {
    finding.title = limitation_->title;
    if (limitation_->stance == mesh::Stance::unstated)
      finding.message += " (the policy in force does not mention it)";
    finding.remedy.emplace_back(limitation_->remedy);
  }
  const auto suppress = object.annotation(kSuppressAnnotation);
  if (suppress && annotation_suppresses(suppress.text(), code_))
    finding.suppression = report::Suppression{.by = "annotation"};
  out_.findings.push_back(std::move(finding));
}

void Findings::unknown(const Object& object, std::string_view why) {
  // A policy that has nothing to report of this leaves nothing open either.
  if (limitation_ != nullptr && limitation_->severity.empty() &&
      limitation_->allowed_severity.empty())
    return;
  ++unknowns_;
  out_.unknown.push_back({.code = std::string(code_),
                          .slug = std::string(slug_),
                          .why = std::string(why),
                          .object = object_ref(object)});
}

const std::vector<Code>& codes() {
  static const auto all = [] {
    std::vector<Code> out;
    for (const auto& row : mesh::table("codes.json")["codes"].items())
      out.push_back({row["code"].text(), row["slug"].text(), row["title"].text(),
                     row["severity"].text(), row["retired"].as_bool().value_or(false)});
    return out;
  }();
  return all;
}

const Code* find_code(std::string_view code_or_slug) {
  const auto& all = codes();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Code& code) {
    return code.code == code_or_slug || code.slug == code_or_slug;
  });
  return found == all.end() ? nullptr : &*found;
}

std::string_view category_of(std::string_view code) {
  constexpr std::array<std::string_view, 10> kFolders{"istio",   "compat",  "limits", "injection",
                                                      "upgrade", "gateway", "certs",  "traffic",
                                                      "config",  "platform"};
  if (!code.starts_with("AKM") || code.size() < 4 || code[3] < '0' || code[3] > '9')
    return kFolders[0];
  return kFolders.at(static_cast<std::size_t>(code[3] - '0'));
}

std::string_view page_of(const Code& code) {
  std::string path = "lib/checks/rules/";
  path.append(category_of(code.code)).append("/").append(code.slug).append(".md");
  return data::resource(path);
}

}  // namespace aksmesh::checks
