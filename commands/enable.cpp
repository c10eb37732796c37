// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "azure/mesh_revisions.hpp"
#include "azure/profile_edit.hpp"
#include "base/version_number.hpp"
#include "change_run.hpp"
#include "check_reads.hpp"

namespace aksmesh::commands {
namespace {

struct Options {
  ClusterOptions cluster{};
  ChangeOptions change{};
  std::string revision{};
  std::string redirection{};
  azure::PluginCa ca{};
};

void declare(OptionSet& set, Options& o) {
  constexpr const char* kCa = "Plug-in certificates";
  set.value("--revision", o.revision, "REV")
      .help("Revision that is installed or planned, such as asm-1-29")
      .complete(Complete::revisions);
  set.value("--proxy-redirection-mechanism", o.redirection, "WAY")
      .help("How traffic gets to the sidecars")
      .choices({"InitContainers", "CNIChaining"})
      .in_any_case();
  set.value("--key-vault-id", o.ca.key_vault_id, "ID")
      .help("Resource id of the Key Vault")
      .group(kCa);
  set.value("--ca-cert-object-name", o.ca.cert_object, "NAME")
      .help("Object with the intermediate certificate")
      .group(kCa);
  set.value("--ca-key-object-name", o.ca.key_object, "NAME").help("Object with its key").group(kCa);
  set.value("--root-cert-object-name", o.ca.root_cert_object, "NAME")
      .help("Object with the root certificate")
      .group(kCa);
  set.value("--cert-chain-object-name", o.ca.cert_chain_object, "NAME")
      .help("Object with the certificate chain")
      .group(kCa);
  declare_change_options(set, o.change, Confirmation::yes_or_no);
  declare_cluster_options(set, o.cluster);
}

bool wants_ca(const azure::PluginCa& ca) {
  const std::array parts{&ca.key_vault_id, &ca.cert_object, &ca.key_object, &ca.root_cert_object,
                         &ca.cert_chain_object};
  return std::any_of(parts.begin(), parts.end(), [](const auto* part) { return !part->empty(); });
}

/// With Istio CNI and no revision of one's own: whichever the service chooses must know it.
void check_service_choice(const std::string& location,
                          const std::vector<azure::MeshRevision>& offered, azure::Obstacles& out) {
  azure::Obstacles old;
  for (const auto& one : offered) azure::check_cni_revision("CNIChaining", {one.revision}, old);
  if (old.empty()) return;
  auto& found = old.front();
  found.unseen = old.size() < offered.size();
  if (found.unseen)
    found.why =
        "it is not known which revision Azure chooses of those in " + location + ": " + found.why;
  out.push_back(std::move(found));
}

Status check_offer(const Options& o, const azure::ManagedCluster& cluster, AzureSession& session,
                   azure::Obstacles& out) {
  if (o.revision.empty() && o.redirection != "CNIChaining") return Done{};
  const std::vector<OpenQuestion> open =
      o.revision.empty() ? std::vector<OpenQuestion>{{"cni-revision",
                                                      "the revision that Azure chooses has Istio "
                                                      "CNI"}}
                         : questions_on_revision(cluster, o.revision);
  AK_TRY(const auto offered, answer_for_checks(offered_revisions(session, cluster), open, out));
  if (!offered) return Done{};
  if (o.revision.empty())
    check_service_choice(cluster.location, *offered, out);
  else
    azure::check_revision(cluster, o.revision, *offered, out);
  return Done{};
}

/// What is known to stand against it before anything is sent.
Result<azure::Obstacles> obstacles(const Options& o, const azure::ManagedCluster& cluster,
                                   AzureSession& session, const Context& context) {
  azure::Obstacles out;
  azure::check_conflicts(cluster, out);
  azure::check_kubernetes(cluster, context.clock.today(), out);
  if (wants_ca(o.ca)) azure::check_plugin_ca(cluster, o.ca, out);
  AK_CHECK(check_offer(o, cluster, session, out));
  azure::check_new_mesh(cluster, o.revision, o.redirection, out);
  return out;
}

/// The revision can be the service's choice, so it is read off the mesh.
std::vector<std::string> next_steps(const azure::MeshProfile& mesh, const std::string& program) {
  std::vector<std::string> out;
  if (!mesh.revisions.empty())
    out.push_back("kubectl label namespace NAMESPACE istio.io/rev=" + mesh.revisions.back() +
                  " --overwrite   (then restart its workloads)");
  out.push_back(program + " gateway enable external");
  return out;
}

Result<OutcomePtr> run(const Options& o, const Context& context) {
  if (!o.revision.empty() && !parse_revision(o.revision)) return wrong_revision(o.revision);
  AK_TRY(const auto session, AzureSession::open(o.cluster, context));
  azure::EnableWish wish{.revision = o.revision, .redirection = o.redirection};
  if (wants_ca(o.ca)) wish.plugin_ca = o.ca;
  const Change change{
      .goal = "enable the mesh",
      .doing = "enabling the mesh",
      .done = "the mesh is enabled",
      .already = "the mesh is enabled already",
      .edit = [&](const auto& cluster) { return azure::enabled(cluster, wish); },
      .obstacles = [&](const auto& cluster) { return obstacles(o, cluster, *session, context); },
      .next_of = [&](const auto& mesh) { return next_steps(mesh, context.program); }};
  return run_change(change, o.cluster, o.change, *session, context);
}

constexpr std::array kExamples{
    Example{"aksmesh enable -g shop --cluster prod --revision asm-1-29",
            "A revision of your choice"},
    Example{"aksmesh enable -g shop --cluster prod --dry-run", "See the change first"},
    Example{"aksmesh enable -g shop --cluster prod --yes --no-wait", "From a pipeline"}};

}  // namespace

extern const Command enable_command;
constinit const Command enable_command =
    command<declare, run>({.path = "enable",
                           .summary = "Enable the service mesh add-on on a cluster",
                           .page = "commands/enable.md",
                           .examples = kExamples});

}  // namespace aksmesh::commands
