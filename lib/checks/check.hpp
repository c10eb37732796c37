// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mesh/istio_view.hpp"
#include "mesh/model.hpp"
#include "mesh/names.hpp"
#include "report/finding.hpp"

// Everything that a rule needs. lib/checks/README.md tells how to add one.
namespace aksmesh::checks {

using namespace mesh::names;
using data::Node;
using kube::Kind;
using kube::KindSet;
using kube::Object;
using mesh::MeshConfigDocument;
using mesh::Meshed;
using mesh::Model;
using mesh::Revisions;
using mesh::Workload;

/// What one check may see of the model. Asking for a kind that the check does not declare is a
/// defect of the check: it gets nothing, and a law of the tests names the kind.
class Facts {
 public:
  /// A limitation of the add-on is checked on the objects as they are, any other rule on Istio's
  /// view of them.
  Facts(const Model& model, const mesh::Limitation* limitation, KindSet declared)
      : model_(model), istio_(model.istio()), limitation_(limitation), declared_(declared) {}

  [[nodiscard]] const std::vector<const Object*>& all(Kind kind) const;
  /// For rules that look at each object by itself: what all() gives and those that a later one of
  /// the same name replaces.
  [[nodiscard]] const std::vector<const Object*>& each(Kind kind) const;
  /// The objects of the input as they stand there, also those that Istio's analysis leaves out.
  [[nodiscard]] const std::vector<const Object*>& as_read(Kind kind) const;
  /// Whether there is an object of the kind, as it stands in the input, for which `is(object)`.
  template <class Is>
  [[nodiscard]] bool holds(Kind kind, Is is) const {
    const auto& all = as_read(kind);
    return std::any_of(all.begin(), all.end(), [&](const Object* one) { return is(*one); });
  }
  [[nodiscard]] const Object* find(Kind kind, std::string_view name_space,
                                   std::string_view name) const;
  /// True when the input holds any object of the kind in the namespace, so that a missing one is
  /// really missing.
  [[nodiscard]] bool covers(Kind kind, std::string_view name_space) const;
  /// Reads every kind with a pod template; declare kPodKinds.
  [[nodiscard]] const std::vector<Workload>& workloads() const;
  /// Reads Namespace.
  [[nodiscard]] Meshed meshed(std::string_view name_space) const;
  /// Reads Deployment and MutatingWebhookConfiguration; declare kRevisionKinds.
  [[nodiscard]] const Revisions& revisions() const;
  /// Reads ConfigMap, IstioOperator and bare files; declare kMeshConfigKinds.
  [[nodiscard]] const std::vector<MeshConfigDocument>& mesh_configs() const;
  [[nodiscard]] const data::ReadResult& embedded(const Object& object, const Node& value) const {
    return model_.embedded(object, value);
  }
  [[nodiscard]] std::optional<VersionNumber> kubernetes_version() const {
    return model_.options().kubernetes_version;
  }
  /// A cluster was read, itself or its snapshot: there is nothing left to export from it.
  [[nodiscard]] bool of_cluster() const {
    const auto& read = model_.manifests();
    return !read.whole.empty() || !read.whole_in.empty();
  }
  [[nodiscard]] sys::Date today() const { return model_.options().today; }
  [[nodiscard]] int horizon_days() const { return model_.options().horizon_days; }
  [[nodiscard]] std::optional<VersionNumber> leaving() const { return model_.options().leaving; }
  /// The entry of the policy in force, never null while a rule of the add-on runs.
  [[nodiscard]] const mesh::Limitation& limitation() const { return *limitation_; }
  [[nodiscard]] bool is_upstream() const { return istio_.flavour() == mesh::Flavour::upstream; }

  // The mesh as Istio takes it, for rules that are no limitation of the add-on; all(), find() and
  // covers() speak of the same view then.
  /// As covers(), for pods; reads Pod, for the add-on every kind with a pod template: declare
  /// kPodKinds.
  [[nodiscard]] bool covers_pods(std::string_view name_space) const;
  [[nodiscard]] const mesh::LabelIndex& pods() const;
  [[nodiscard]] const mesh::LabelIndex& pods(std::string_view name_space) const;
  /// Reads Service and ServiceEntry; declare kHostKinds.
  [[nodiscard]] const mesh::HostTable& hosts() const;
  /// Reads what mesh_configs() reads.
  [[nodiscard]] const mesh::MeshSettings& settings() const;
  [[nodiscard]] std::string_view root_namespace() const;
  [[nodiscard]] std::string_view control_plane_namespace() const {
    return istio_.control_plane_namespace();
  }
  /// Whether a Pod or the pods of a template have or will get a sidecar; reads Namespace.
  [[nodiscard]] bool in_mesh(const Object& object) const;
  /// The objects of a kind in one cluster of the mesh.
  struct InCluster {
    std::string_view cluster{};
    const std::vector<const Object*>* objects = nullptr;
  };
  /// In the order in which the clusters were given; a single one where there is no other. Empty for
  /// all clusters but the first: what concerns all of them is told once.
  [[nodiscard]] std::vector<InCluster> in_each_cluster(Kind kind) const;
  /// Reads Namespace.
  [[nodiscard]] bool is_ambient_namespace(std::string_view name_space) const;

  // For the runner and the law that compares declared with read.
  [[nodiscard]] KindSet read() const { return read_; }
  [[nodiscard]] bool saw_anything() const { return saw_anything_; }

 private:
  bool touch(KindSet kinds) const;

  const Model& model_;
  const mesh::IstioView& istio_;
  const mesh::Limitation* limitation_;
  KindSet declared_;
  mutable KindSet read_;
  mutable bool saw_anything_ = false;
};

inline constexpr KindSet kPodKinds{Kind::pod,        Kind::deployment,  Kind::stateful_set,
                                   Kind::daemon_set, Kind::replica_set, Kind::job,
                                   Kind::cron_job};
inline constexpr KindSet kHostKinds{Kind::service, Kind::service_entry};
inline constexpr KindSet kRevisionKinds{Kind::deployment, Kind::mutating_webhook_configuration};
inline constexpr KindSet kMeshConfigKinds{Kind::config_map, Kind::istio_operator,
                                          Kind::mesh_config_file};

/// Takes what one check has to say. The place of a finding is the key of the value (the item itself
/// in a list); without a value it is the object's `kind`. The message may name its arguments as
/// `{name}`; they also go into the JSON.
class Findings {
 public:
  Findings(const mesh::Limitation* limitation, std::string_view code, std::string_view slug,
           report::FindingSet& out, mesh::Flavour flavour = mesh::Flavour::addon)
      : limitation_(limitation), code_(code), slug_(slug), out_(out), flavour_(flavour) {}

  void add(const Object& object, const Node& value, std::string_view message,
           Arguments arguments = {});
  void add(const Object& object, std::string_view message, Arguments arguments = {}) {
    add(object, Node{}, message, std::move(arguments));
  }
  /// As add, with a severity other than that of the policy's entry; it too must come from the
  /// policy.
  void add_rated(std::string_view severity, const Object& object, const Node& value,
                 std::string_view message, Arguments arguments = {});
  void unknown(const Object& object, std::string_view why);

  // For checks with several codes, whose messages stand in codes.json.
  /// The place is the value itself; without one it is where the object's document begins. `values`
  /// are the code's parameters in their order. `remedy` is better than that of the code.
  void report(std::string_view code, const Object& object, const Node& value,
              const std::vector<std::string>& values = {}, const std::string& remedy = {});
  void report(std::string_view code, const Object& object,
              const std::vector<std::string>& values = {}) {
    report(code, object, Node{}, values);
  }
  void unknown(std::string_view code, const Object& object, std::string_view why);

  /// Gives the finding that was added last a better remedy than that of its code.
  void advise(std::string remedy) {
    if (found_ > 0) out_.findings.back().remedy = {std::move(remedy)};
  }
  /// Gives the finding that was added last a safe repair: edits of the file around `place`. When
  /// one of them could not be made, or others read the place through an anchor, there is none.
  void offer_fix(const Object& object, const Node& place,
                 const std::vector<std::optional<data::TextEdit>>& edits);

  [[nodiscard]] std::size_t found() const { return found_; }
  [[nodiscard]] std::size_t unknowns() const { return unknowns_; }

 private:
  void push(const Object& object, report::Finding finding);

  const mesh::Limitation* limitation_;
  std::string_view code_;
  std::string_view slug_;
  report::FindingSet& out_;
  mesh::Flavour flavour_;
  std::size_t found_ = 0;
  std::size_t unknowns_ = 0;
};

/// Checks that only `validate` makes run when they are asked for.
enum class Runs : std::uint8_t { always, when_asked };

/// One rule. Code and category come from the tables by its slug. An analyzer of Istio reports
/// several codes, which others may report too; its slug is its name in kebab case. A check of this
/// project with several codes has a slug that is none of theirs.
struct Check {
  std::string_view slug{};
  KindSet reads{};
  void (*run)(const Facts&, Findings&) = nullptr;
  std::span<const std::string_view> codes{};  ///< if several; empty: the one code of the slug
  std::string_view analyzer{};                ///< its name as istioctl writes it
  Runs runs = Runs::always;
  /// Judges each object by itself, so that a kind that cannot be read hides only its own objects.
  bool one_by_one = false;
  /// False when the input holds none of the objects that the check judges, whatever else it holds
  /// of their kinds: there is nothing to pass then. Null where each object of its kinds is judged.
  bool (*concerns)(const Facts&) = nullptr;
  /// Of `reads` what it can mostly do without; it says itself what it lacks.
  KindSet does_without{};
};

/// Every rule that is built, sorted by slug.
std::span<const Check* const> catalogue();
const Check* find_check(std::string_view slug);
/// By the name or slug of an analyzer of Istio.
const Check* find_analyzer(std::string_view name);

/// Which policies a code belongs to: some are about plain Istio or about the add-on alone.
enum class Scope { any, addon, upstream };

/// A permanent code and what it stands for (lib/mesh/tables/codes.json).
struct Code {
  std::string_view code{};
  std::string_view slug{};
  std::string_view title{};           ///< for codes that are no limitation of the add-on
  std::string_view severity{};        ///< likewise
  std::string_view addon_severity{};  ///< under the add-on's policies, where it differs
  std::string_view remedy{};          ///< likewise
  std::string_view message{};         ///< for Findings::report; names its parameters as `{name}`
  std::vector<std::string_view> parameters{};
  std::vector<std::string_view> covers{};  ///< codes that say the same, or less, of an object
  /// How many steps the paths of both may lie apart to mean the same; nothing: any number.
  std::optional<std::size_t> covers_within{};
  Scope scope = Scope::any;
  /// Istio places its finding at the document whatever value is wrong; kept under the policy
  /// upstream, so that results compare line by line.
  bool at_document = false;
  bool placeless = false;  ///< Istio names no place at all; likewise
  bool of_input = false;   ///< found while the input is read, by no check
  bool retired = false;
  /// When it is looked for besides analysis: check, upgrade, ...; of limitations their entry tells.
  std::vector<std::string_view> phases{};
  [[nodiscard]] std::string_view severity_for(mesh::Flavour flavour) const {
    return flavour == mesh::Flavour::addon && !addon_severity.empty() ? addon_severity : severity;
  }
  [[nodiscard]] bool applies(mesh::Flavour flavour) const {
    return scope == Scope::any || (scope == Scope::addon) == (flavour == mesh::Flavour::addon);
  }
};
const std::vector<Code>& codes();
/// By code or slug; null when there is none.
const Code* find_code(std::string_view code_or_slug);
/// True when some check of this program looks for it, or the reader of the input does.
bool is_built(const Code& code);
/// True for a rule about a limitation of the add-on, which has its entry in the policy.
bool is_limitation(const Check& check);
/// The codes that a check reports, as far as the table knows them (a law holds that it does).
std::vector<const Code*> codes_of(const Check& check);
/// The folder of a code's page and rule below lib/checks/rules, by its thousands digit.
std::string_view category_of(std::string_view code);
/// Every category in the order of the digits, with its heading for people; Istio's rules come last.
const std::vector<std::pair<std::string, std::string>>& category_headings();
/// The page of a code, empty while its rule is not built.
std::string_view page_of(const Code& code);

/// `namespace/name`, or the name alone without a namespace.
std::string full_name(std::string_view name_space, std::string_view name);
std::string full_name(const Object& object);
/// The items of a list of scalars as an argument of a message: `[a b]`, as Istio writes lists.
std::string list_text(const Node& list);
std::string list_text(const std::vector<std::string>& items);

report::ObjectRef object_ref(const Object& object);
report::Where where_of(const Object& object, const Node& value);
/// Where the value itself stands; where_of tells the place of its key.
report::Where value_place(const Object& object, const Node& value);
/// Where the document of an object begins, a comment above it included.
report::Where document_place(const Object& object, mesh::Flavour flavour);

}  // namespace aksmesh::checks
