// SPDX-License-Identifier: Apache-2.0
#include "mesh/istio_view.hpp"

#include "base/strings.hpp"
#include "data/resources.hpp"
#include "istio/schema/schema.hpp"
#include "mesh/names.hpp"
#include "mesh/table.hpp"

namespace aksmesh::mesh {
namespace {

using namespace names;

constexpr std::string_view kDefaultFileName = "internal-ingress";

bool lists_version(const data::Node& kinds, const Object& object) {
  if (object.api_version.empty()) return true;  // a bare file
  if (object.group.empty()) return object.version == "v1";
  const auto versions = kinds.at(object.group, object.kind_name);
  if (!versions) return true;  // not one of Istio's analysis, but some rule's own
  for (const auto version : versions.items())
    if (version.text() == object.version) return true;
  return false;
}

bool all_strings(const data::Node& mapping) {
  for (const auto [key, value] : mapping.entries())
    if (!value.is_string() && !value.is_null()) return false;
  return true;
}

/// False for objects whose metadata no API server would take, such as a label that is a number.
bool has_readable_metadata(const Object& object) {
  const auto metadata = object.metadata();
  for (const std::string_view key : {"name", "namespace"})
    if (const auto value = metadata[key]; value && !value.is_string() && !value.is_null())
      return false;
  return all_strings(metadata["labels"]) && all_strings(metadata["annotations"]);
}

bool is_system_namespace(const data::Node& list, const Object& object) {
  const auto name = object.kind == Kind::name_space ? object.name : object.name_space;
  for (const auto item : list.items())
    if (item.text() == name) return true;
  return false;
}

bool has_proxy(const data::Node& containers) {
  for (const auto container : containers.items())
    if (container["name"].text() == kProxyContainer && !container["image"].text().empty())
      return true;
  return false;
}

/// Whether an object of the default gateways is to be put under the input: what the input holds is
/// better than what is usual.
bool is_to_be_assumed(const Object& object, const IstioView& view, const Model& model) {
  const auto* own = view.find(object.kind, object.name_space, object.name);
  if (view.flavour() == Flavour::upstream) return own == nullptr;
  if (object.kind != Kind::service)
    return own == nullptr && !model.covers(object.kind, object.name_space);
  // Where its pods are, the Service is too. A fragment of it, such as a patch of annotations, tells
  // no ports.
  return (own == nullptr || own->spec()["ports"].size() == 0) &&
         view.pods(object.name_space).any_matches(labels_of(object.spec()["selector"]));
}

/// The template of an object of a kind that this program does not know, such as Rollout: one that
/// makes pods lists their containers.
data::Node foreign_template(const Object& object) {
  const auto pod = object.root.at("spec", "template");
  return pod.at("spec", "containers").size() > 0 ? pod : data::Node{};
}

}  // namespace

PodParts pod_parts(const Object& object) {
  data::Node pod;
  switch (object.kind) {
    case Kind::pod: pod = object.root; break;
    case Kind::cron_job: pod = object.root.at("spec", "jobTemplate", "spec", "template"); break;
    case Kind::deployment:
    case Kind::stateful_set:
    case Kind::daemon_set:
    case Kind::replica_set:
    case Kind::job: pod = object.root.at("spec", "template"); break;
    case Kind::other: pod = foreign_template(object); break;
    default: break;
  }
  return {.metadata = pod["metadata"], .spec = pod["spec"]};
}

bool is_control_plane(const Object& object) {
  return object.label("istio") || object.label("release").text() == "istio";
}

IstioView::IstioView(const Model& model) : model_(model) {
  by_name_.reserve(model.manifests().objects.size());
  for (const auto& object : model.manifests().objects) take(object);
  add_default_gateways();
}

void IstioView::take(const Object& object) {
  static const auto kinds = table("istio-kinds.json");
  if (!lists_version(kinds["kinds"], object)) return;
  // istiod never sees an object with a wrong type. Whoever repairs the type wants to hear of the
  // other mistakes in the same run, and no consequence of the missing object, so only plain Istio's
  // results leave it out.
  if (flavour() == Flavour::upstream &&
      !(has_readable_metadata(object) && istio::schema::decodes(object)))
    return;
  auto& list = by_kind_[static_cast<std::size_t>(object.kind)];
  const auto [at, is_new] =
      by_name_.try_emplace(&object, Slot{.position = static_cast<std::uint32_t>(list.size())});
  at->second.object = &object;
  if (is_system_namespace(kinds["systemNamespaces"], object)) return;
  if (flavour() == Flavour::addon) each_[static_cast<std::size_t>(object.kind)].push_back(&object);
  if (is_new)
    list.push_back(&object);
  else
    list[at->second.position] = &object;  // the last one of a name wins
}

void IstioView::add_default_gateways() {
  const bool addon = flavour() == Flavour::addon;
  if (!addon && settings().ingress_controller_off) return;
  auto text = std::string(data::resource(addon ? "lib/mesh/tables/default-gateways-addon.yaml"
                                               : "lib/mesh/tables/default-gateways-upstream.yaml"));
  text = replace_all(text, "{namespace}", control_plane_namespace());
  text = replace_all(text, "{service}", settings().ingress_service);
  auto read = data::read_documents(std::move(text), data::Limits{}, data::Format::yaml);
  default_file_.name = kDefaultFileName;
  default_file_.tree = std::move(read.tree);
  default_objects_.reserve(default_file_.tree->document_count());
  for (std::size_t i = 0; i < default_file_.tree->document_count(); ++i) {
    const auto root = default_file_.tree->document(i);
    Object object{.root = root,
                  .api_version = root["apiVersion"].text(),
                  .version = root["apiVersion"].text(),
                  .kind_name = root["kind"].text(),
                  .name_space = root.at("metadata", "namespace").text(),
                  .name = root.at("metadata", "name").text(),
                  .file = &default_file_};
    object.kind = kube::find_kind({}, object.kind_name);
    if (!is_to_be_assumed(object, *this, model_)) continue;
    default_objects_.push_back(object);
    take(default_objects_.back());
  }
}

const Object* IstioView::find(Kind kind, std::string_view name_space, std::string_view name) const {
  const auto found = by_name_.find(ObjectKey{kind, name_space, name});
  return found == by_name_.end() ? nullptr : found->second.object;
}

bool IstioView::covers(Kind kind, std::string_view name_space) const {
  return flavour() == Flavour::upstream || model_.covers(kind, name_space);
}

bool IstioView::covers_pods(std::string_view name_space) const {
  return flavour() == Flavour::upstream || !pods(name_space).items().empty();
}

const MeshSettings& IstioView::settings() const {
  return settings_.get([&] { return std::make_unique<MeshSettings>(read_mesh_settings(model_)); });
}

const HostTable& IstioView::hosts() const {
  return hosts_.get([&] {
    auto out = std::make_unique<HostTable>();
    for (const auto* entry : all(Kind::service_entry)) out->add_service_entry(*entry);
    for (const auto* service : all(Kind::service)) out->add_service(*service);
    return out;
  });
}

const IstioView::Pods& IstioView::indexed_pods() const {
  return pods_.get([&] {
    auto out = std::make_unique<Pods>();
    const auto add = [&](const Object* object, const data::Node& labels) {
      auto sorted = labels_of(labels);
      out->by_namespace[object->name_space].add(object, sorted);
      out->all.add(object, std::move(sorted));
    };
    for (const auto* pod : all(Kind::pod)) add(pod, pod->metadata()["labels"]);
    if (flavour() == Flavour::addon)
      for (const auto& workload : model_.workloads())
        if (!workload.is_pod()) add(workload.object, workload.template_metadata["labels"]);
    return out;
  });
}

const LabelIndex& IstioView::pods() const {
  return indexed_pods().all;
}

const LabelIndex& IstioView::pods(std::string_view name_space) const {
  static const LabelIndex none;
  const auto& indexed = indexed_pods().by_namespace;
  const auto found = indexed.find(name_space);
  return found == indexed.end() ? none : found->second;
}

bool IstioView::gets_sidecars(std::string_view name_space) const {
  const auto* object = find(Kind::name_space, {}, name_space);
  if (object == nullptr) return false;
  if (flavour() == Flavour::upstream) return object->label(kInjectionLabel).text() == "enabled";
  return !object->label(kRevisionLabel).text().empty() && !object->label(kInjectionLabel);
}

bool IstioView::in_mesh(const Object& object) const {
  const auto [metadata, spec] = pod_parts(object);
  const bool pod = object.kind == Kind::pod;
  if (has_proxy(spec["containers"]) || (pod && has_proxy(spec["initContainers"]))) return true;
  const auto* name_space = find(Kind::name_space, {}, object.name_space);
  // The add-on's webhooks want a revision, of the namespace or of the pod itself, and refuse any
  // namespace that carries istio-injection.
  const bool by_label = flavour() == Flavour::addon &&
                        !metadata.at("labels", kRevisionLabel).text().empty() &&
                        (name_space == nullptr || !name_space->label(kInjectionLabel));
  const bool reached = gets_sidecars(object.name_space) || by_label;
  for (const auto choice :
       {metadata.at("labels", kPodInjectionLabel), metadata.at("annotations", kPodInjectionLabel)})
    if (choice) return choice.text() == "true" && (flavour() == Flavour::upstream || reached);
  return reached;
}

bool IstioView::is_ambient_namespace(std::string_view name_space) const {
  const auto* object = find(Kind::name_space, {}, name_space);
  return object != nullptr && object->label(kDataplaneModeLabel).text() == "ambient" &&
         object->label(kInjectionLabel).text() != "enabled" &&
         object->label(kRevisionLabel).text().empty();
}

bool IstioView::is_ambient_pod(const Object& pod) {
  return pod.annotation("ambient.istio.io/redirection").text() == "enabled";
}

}  // namespace aksmesh::mesh
