// SPDX-License-Identifier: Apache-2.0
#include "checks/check.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>

#include "checks/suppress.hpp"
#include "data/resources.hpp"
#include "mesh/table.hpp"

namespace aksmesh::checks {
namespace {

constexpr std::size_t kLongestSourceLine = 240;
constexpr std::size_t kSourceBefore = 80;  // shown of a longer line before the place
constexpr std::string_view kLeftOut = "...";

struct SourceLine {
  std::string text;
  std::uint32_t column = 0;  ///< 1-based, of the place in `text`
  bool cut = false;          ///< the front of the line is left out
};

/// The line around a byte, cut to what a terminal may show. A file of many megabytes may be one
/// line, so its ends are searched no further than that.
SourceLine line_around(std::string_view text, std::size_t at) {
  at = std::min(at, text.size());
  const auto floor = at - std::min(at, kLongestSourceLine);
  const auto newline = text.substr(floor, at - floor).rfind('\n');
  SourceLine out;
  auto begin = newline == std::string_view::npos ? floor : floor + newline + 1;
  if (newline == std::string_view::npos && floor > 0 && text[floor - 1] != '\n') {
    out.cut = true;
    out.text = kLeftOut;
    begin = at - kSourceBefore;
    while (begin < at && (static_cast<unsigned char>(text[begin]) & 0xC0U) == 0x80U) ++begin;
  }
  out.column =
      static_cast<std::uint32_t>(utf8_length(text.substr(begin, at - begin)) + out.text.size() + 1);
  auto line = text.substr(begin, kLongestSourceLine);
  const auto end = line.find('\n');
  if (end != std::string_view::npos || begin + line.size() == text.size()) {
    line = line.substr(0, end);
    while (line.ends_with('\r') || line.ends_with(' ')) line.remove_suffix(1);
  }
  while (!line.empty() && find_invalid_utf8(line) != std::string_view::npos) line.remove_suffix(1);
  out.text.append(line);
  return out;
}

/// Where `place` stands, told with the path of `node`.
report::Where place_of(const Object& object, const Node& node, const Node& place) {
  const auto& tree = *place.tree();
  const bool inner = &tree != object.root.tree();
  report::Where where{
      .file = object.file->name, .line = place.mark().line, .column = place.mark().column};
  where.path = node ? tree.path(inner ? tree.document(0) : object.root, node) : std::string{};
  // The object of a cluster has no place but its own members.
  if (object.file->live) return {.path = std::move(where.path)};
  if (place.is_scalar() && place.end_mark().line == where.line)
    where.end_column = place.end_mark().column;
  auto line = line_around(tree.source(), place.begin());
  // Inside a ConfigMap the inner text has the same line, less its indentation.
  const auto shift =
      inner && !line.cut && where.column > line.column ? where.column - line.column : 0;
  where.source_line = std::string(shift, ' ') + line.text;
  where.source_column = line.column + shift;
  return where;
}

bool is_separator(std::string_view line) {
  return line.starts_with("---") && line.find_first_not_of(" \t\r", 3) == std::string_view::npos;
}

bool separator_before(std::string_view text, std::size_t line_begin) {
  if (line_begin == 0) return false;
  const auto start = line_begin < 2 ? std::string_view::npos : text.rfind('\n', line_begin - 2);
  const auto begin = start == std::string_view::npos ? 0 : start + 1;
  return is_separator(text.substr(begin, line_begin - 1 - begin));
}

/// The first line between the separator before `at` and `at` that is not empty. A separator with
/// blanks behind it, right after another, is a line of the document to istioctl.
std::size_t first_line_of_document(std::string_view text, std::size_t at, mesh::Flavour flavour) {
  std::size_t first = at;
  std::size_t begin = at;
  for (;;) {
    begin = begin == 0 ? std::string_view::npos : text.rfind('\n', begin - 1);
    begin = begin == std::string_view::npos ? 0 : begin + 1;
    const auto line = text.substr(begin, std::min(text.find('\n', begin), text.size()) - begin);
    if (begin < at && is_separator(line) &&
        (flavour == mesh::Flavour::addon || trim(line) == line || !separator_before(text, begin)))
      return first;
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) first = begin;
    if (begin == 0) return first;
    --begin;
  }
}

/// True for the value of a whole document; documents stand in the order of their places.
bool is_document(const Node& root) {
  const auto& tree = *root.tree();
  std::size_t low = 0;
  for (std::size_t high = tree.document_count(); low < high;) {
    const auto middle = low + (high - low) / 2;
    if (tree.document(middle).begin() < root.begin())
      low = middle + 1;
    else
      high = middle;
  }
  return low < tree.document_count() && tree.document(low) == root;
}

/// Whether an object of the input is among those found. What stands in for it (the gateways that
/// are there by default) comes last and is nothing that was looked at.
bool holds_input(const std::vector<const Object*>& found, const std::vector<const Object*>& input) {
  return !found.empty() && std::find(input.begin(), input.end(), found.front()) != input.end();
}

}  // namespace

bool Facts::touch(KindSet kinds) const {
  read_ = read_ | kinds;
  return (declared_ | kinds) == declared_;
}

const std::vector<const Object*>& Facts::all(Kind kind) const {
  static const std::vector<const Object*> none;
  if (!touch({kind})) return none;
  const auto& found = limitation_ == nullptr ? istio_.all(kind) : model_.all(kind);
  saw_anything_ = saw_anything_ || holds_input(found, model_.all(kind));
  return found;
}

const std::vector<const Object*>& Facts::each(Kind kind) const {
  if (limitation_ != nullptr) return all(kind);
  const auto& found = all(kind);
  return found.empty() ? found : istio_.each(kind);
}

const std::vector<const Object*>& Facts::as_read(Kind kind) const {
  static const std::vector<const Object*> none;
  if (!touch({kind})) return none;
  saw_anything_ = saw_anything_ || !model_.all(kind).empty();
  return model_.all(kind);
}

const Object* Facts::find(Kind kind, std::string_view name_space, std::string_view name) const {
  if (!touch({kind})) return nullptr;
  return limitation_ == nullptr ? istio_.find(kind, name_space, name)
                                : model_.find(kind, name_space, name);
}

bool Facts::covers(Kind kind, std::string_view name_space) const {
  if (!touch({kind})) return false;
  return limitation_ == nullptr ? istio_.covers(kind, name_space) : model_.covers(kind, name_space);
}

bool Facts::covers_pods(std::string_view name_space) const {
  return touch(kPodKinds) && istio_.covers_pods(name_space);
}

const mesh::LabelIndex& Facts::pods() const {
  static const mesh::LabelIndex none;
  if (!touch(kPodKinds)) return none;
  saw_anything_ = saw_anything_ || !model_.workloads().empty();
  return istio_.pods();
}

const mesh::LabelIndex& Facts::pods(std::string_view name_space) const {
  static const mesh::LabelIndex none;
  return touch(kPodKinds) ? istio_.pods(name_space) : none;
}

const mesh::HostTable& Facts::hosts() const {
  static const mesh::HostTable none;
  return touch(kHostKinds) ? istio_.hosts() : none;
}

const mesh::MeshSettings& Facts::settings() const {
  static const mesh::MeshSettings none;
  return touch(kMeshConfigKinds) ? istio_.settings() : none;
}

std::string_view Facts::root_namespace() const {
  return touch(kMeshConfigKinds) ? istio_.root_namespace() : std::string_view{};
}

bool Facts::in_mesh(const Object& object) const {
  return touch({Kind::name_space}) && istio_.in_mesh(object);
}

std::vector<Facts::InCluster> Facts::in_each_cluster(Kind kind) const {
  const auto& own = all(kind);
  const auto* clusters = model_.options().clusters;
  if (clusters == nullptr || clusters->empty()) return {{model_.options().cluster, &own}};
  if (clusters->front() != &model_ || !touch({kind})) return {};
  std::vector<InCluster> out;
  for (const auto* one : *clusters)
    out.push_back({one->options().cluster, &one->istio().all(kind)});
  return out;
}

bool Facts::is_ambient_namespace(std::string_view name_space) const {
  return touch({Kind::name_space}) && istio_.is_ambient_namespace(name_space);
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

std::string full_name(std::string_view name_space, std::string_view name) {
  std::string out(name_space);
  if (!out.empty()) out += '/';
  return out.append(name);
}

std::string full_name(const Object& object) {
  return full_name(object.name_space, object.name);
}

std::string list_text(const std::vector<std::string>& items) {
  return '[' + join(items, " ") + ']';
}

std::string list_text(const Node& list) {
  std::vector<std::string> items;
  for (const auto item : list.items()) items.emplace_back(item.text());
  return list_text(items);
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
  return place_of(object, node, node ? (node.key() ? node.key() : node) : object.root);
}

report::Where value_place(const Object& object, const Node& value) {
  return place_of(object, value, value.is_scalar() || !value.key() ? value : value.key());
}

report::Where document_place(const Object& object, mesh::Flavour flavour) {
  const auto& tree = *object.root.tree();
  auto where = where_of(object, {});
  // An item of a List has no document of its own, and that of a cluster none at all.
  if (object.file->live || !is_document(object.root)) return where;
  const auto at = first_line_of_document(tree.source(), object.root.begin(), flavour);
  const auto text = tree.source().substr(at, object.root.begin() - at);
  where.line = object.root.mark().line -
               static_cast<std::uint32_t>(std::count(text.begin(), text.end(), '\n'));
  where.column = 1;
  where.end_column = 0;
  where.path.clear();
  where.source_line = line_around(tree.source(), at).text;
  where.source_column = 0;
  return where;
}

namespace {

/// istioctl tells the line of scalars only, and that of the document for all else; of JSON it names
/// the file.
void place_as_istioctl(const Code& code, const Object& object, const Node& value,
                       report::Where& where) {
  if (code.placeless) {
    where = {};
    return;
  }
  if (value && (code.at_document || !value.is_scalar())) {
    auto place = document_place(object, mesh::Flavour::upstream);
    place.path = std::move(where.path);
    where = std::move(place);
  }
  if (to_lower(where.file).ends_with(".json")) where.line = where.column = where.end_column = 0;
}

}  // namespace

void Findings::add(const Object& object, const Node& value, std::string_view message,
                   Arguments arguments) {
  add_rated(limitation_ == nullptr ? find_code(slug_)->severity : limitation_->severity, object,
            value, message, std::move(arguments));
}

void Findings::add_rated(std::string_view severity, const Object& object, const Node& value,
                         std::string_view message, Arguments arguments) {
  const auto rated = report::parse_severity(severity);
  if (!rated) return;  // this policy has nothing to report here
  report::Finding finding{
      .code = std::string(code_), .slug = std::string(slug_), .severity = *rated};
  finding.message = fill(message, arguments);
  finding.arguments = std::move(arguments);
  finding.where = where_of(object, value);
  if (limitation_ != nullptr) {
    finding.title = limitation_->title;
    if (limitation_->stance == mesh::Stance::unstated)
      finding.message += " (the policy in force does not mention it)";
    finding.remedy.emplace_back(limitation_->remedy);
  } else if (const auto* code = find_code(code_); code != nullptr) {
    finding.title = code->title;
    if (!code->remedy.empty()) finding.remedy.emplace_back(code->remedy);
  }
  push(object, std::move(finding));
}

void Findings::report(std::string_view code_name, const Object& object, const Node& value,
                      const std::vector<std::string>& values, const std::string& remedy) {
  const auto* code = find_code(code_name);
  if (code == nullptr || !code->applies(flavour_)) return;
  report::Finding finding{.code = std::string(code->code),
                          .slug = std::string(code->slug),
                          .title = std::string(code->title)};
  finding.severity =
      report::parse_severity(code->severity_for(flavour_)).value_or(report::Severity::error);
  for (std::size_t i = 0; i < std::min(values.size(), code->parameters.size()); ++i)
    finding.arguments.emplace_back(code->parameters[i], values[i]);
  finding.message = fill(code->message, finding.arguments);
  if (!remedy.empty())
    finding.remedy.push_back(remedy);
  else if (!code->remedy.empty())
    finding.remedy.emplace_back(fill(code->remedy, finding.arguments));
  finding.where = value ? value_place(object, value) : document_place(object, flavour_);
  if (flavour_ == mesh::Flavour::upstream && code->code.starts_with("IST"))
    place_as_istioctl(*code, object, value, finding.where);
  push(object, std::move(finding));
}

void Findings::push(const Object& object, report::Finding finding) {
  ++found_;
  finding.object = object_ref(object);
  const auto suppress = object.annotation(kSuppressAnnotation);
  if (suppress && annotation_suppresses(suppress.text(), finding.code, flavour_))
    finding.suppression = report::Suppression{.by = "annotation"};
  out_.findings.push_back(std::move(finding));
}

void Findings::offer_fix(const Object& object, const Node& place,
                         const std::vector<std::optional<data::TextEdit>>& edits) {
  // YAML inside a ConfigMap has places of its own, which are no bytes of the file.
  if (out_.findings.empty() || object.file->live || place.tree() != object.root.tree() ||
      !data::is_read_once(object.root, place))
    return;
  std::vector<data::TextEdit> fix;
  for (const auto& edit : edits) {
    if (!edit || edit->begin < object.root.begin() || edit->end > object.root.end()) return;
    fix.push_back(*edit);
  }
  out_.findings.back().fix = std::move(fix);
}

void Findings::unknown(std::string_view code_name, const Object& object, std::string_view why) {
  const auto* code = find_code(code_name);
  if (code == nullptr || !code->applies(flavour_)) return;
  ++unknowns_;
  out_.unknown.push_back({.code = std::string(code->code),
                          .slug = std::string(code->slug),
                          .why = std::string(why),
                          .object = object_ref(object)});
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
    for (const auto& row : mesh::table("codes.json")["codes"].items()) {
      const auto scope = row["scope"].text();
      Code code{.code = row["code"].text(),
                .slug = row["slug"].text(),
                .title = row["title"].text(),
                .severity = row["severity"].text(),
                .addon_severity = row["addonSeverity"].text(),
                .remedy = row["remedy"].text(),
                .message = row["message"].text(),
                .scope = scope == "addon"      ? Scope::addon
                         : scope == "upstream" ? Scope::upstream
                                               : Scope::any,
                .at_document = row["atDocument"].as_bool().value_or(false),
                .placeless = row["placeless"].as_bool().value_or(false),
                .of_input = row["input"].as_bool().value_or(false),
                .retired = row["retired"].as_bool().value_or(false)};
      for (const auto name : row["parameters"].items()) code.parameters.push_back(name.text());
      for (const auto name : row["covers"].items()) code.covers.push_back(name.text());
      for (const auto name : row["phases"].items()) code.phases.push_back(name.text());
      if (const auto steps = row["coversWithin"].as_int())
        code.covers_within = static_cast<std::size_t>(*steps);
      out.push_back(std::move(code));
    }
    return out;
  }();
  return all;
}

const Code* find_code(std::string_view code_or_slug) {
  static const auto index = [] {
    std::unordered_map<std::string_view, const Code*> out;
    for (const auto& code : codes()) {
      out.emplace(code.code, &code);
      out.emplace(code.slug, &code);
    }
    return out;
  }();
  const auto found = index.find(code_or_slug);
  return found == index.end() ? nullptr : found->second;
}

std::vector<const Code*> codes_of(const Check& check) {
  std::vector<const Code*> out;
  const auto add = [&](std::string_view name) {
    if (const auto* code = find_code(name)) out.push_back(code);
  };
  if (check.codes.empty()) add(check.slug);
  for (const auto name : check.codes) add(name);
  return out;
}

bool is_limitation(const Check& check) {
  const auto* code = check.codes.empty() ? find_code(check.slug) : nullptr;
  return code != nullptr && code->title.empty();
}

bool is_built(const Code& code) {
  static const auto reported = [] {
    std::unordered_set<std::string_view> out;
    for (const auto* check : catalogue())
      for (const auto* one : codes_of(*check)) out.insert(one->code);
    return out;
  }();
  return code.of_input || reported.contains(code.code);
}

std::string_view category_of(std::string_view code) {
  constexpr std::array<std::string_view, 10> kFolders{"istio",   "compat",  "limits", "injection",
                                                      "upgrade", "gateway", "certs",  "traffic",
                                                      "config",  "platform"};
  if (!code.starts_with("AKM") || code.size() < 4 || code[3] < '0' || code[3] > '9')
    return kFolders[0];
  return kFolders.at(static_cast<std::size_t>(code[3] - '0'));
}

const std::vector<std::pair<std::string, std::string>>& category_headings() {
  static const std::vector<std::pair<std::string, std::string>> all{
      {"compat", "Cluster and versions"},
      {"limits", "Custom resources"},
      {"injection", "Sidecars"},
      {"upgrade", "Control plane"},
      {"gateway", "Gateways"},
      {"certs", "Certificates and mutual TLS"},
      {"traffic", "Traffic and policies"},
      {"config", "Mesh configuration and telemetry"},
      {"platform", "Platform"},
      {"istio", "Rules of Istio"}};
  return all;
}

std::string_view page_of(const Code& code) {
  std::string path = "lib/checks/rules/";
  path.append(category_of(code.code)).append("/").append(code.slug).append(".md");
  return data::resource(path);
}

}  // namespace aksmesh::checks
