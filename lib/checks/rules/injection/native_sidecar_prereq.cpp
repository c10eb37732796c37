// SPDX-License-Identifier: Apache-2.0
#include "base/strings.hpp"
#include "checks/istiods.hpp"
#include "checks/live_pods.hpp"
#include "mesh/table.hpp"

namespace aksmesh::checks {
namespace {

constexpr std::string_view kSwitch = "ENABLE_NATIVE_SIDECARS";
constexpr std::string_view kOnlyNew =
    "the revision turns native sidecars on for new installations only, and no object shows whether "
    "this is one";

/// From where on native sidecars are the default.
struct Defaults {
  VersionNumber kubernetes;
  VersionNumber for_new;
  VersionNumber for_all;
};

std::optional<Defaults> read_defaults() {
  const auto row = mesh::table("thresholds.json")["nativeSidecars"];
  const auto kubernetes = parse_version(row["minKubernetesVersion"].text());
  const auto for_new = parse_revision(row["onForNewInstallationsFrom"].text());
  const auto for_all = parse_revision(row["onForAllFrom"].text());
  if (!kubernetes || !for_new || !for_all) return std::nullopt;
  return Defaults{*kubernetes, *for_new, *for_all};
}

void check_istiod(const Facts& facts, const Object& istiod, const Defaults& defaults,
                  Findings& out) {
  if (istiod.name_space != kSystemNamespace || !istiod.name.starts_with(kIstiodPrefix)) return;
  const auto revision = parse_revision(istiod.name.substr(kIstiodPrefix.size()));
  const auto container =
      item_named(istiod.root.at("spec", "template", "spec", "containers"), kIstiodContainer);
  if (!revision || *revision < defaults.for_new || !container) return;
  const auto variable = item_named(container["env"], kSwitch);
  const bool on = variable["value"].text() == "true";
  const Arguments arguments{{"name", std::string(istiod.name)},
                            {"variable", std::string(kSwitch)},
                            {"minimum", defaults.kubernetes.text()}};
  if (*revision < defaults.for_all) {
    if (!on) out.unknown(istiod, kOnlyNew);
  } else if (!variable) {
    out.add(istiod, container,
            "{name} has no {variable}=true, so the add-on has native sidecars off", arguments);
  } else if (!on) {
    out.add(istiod, variable["value"] ? variable["value"] : variable,
            "{variable} of {name} is not true, so the add-on has native sidecars off", arguments);
  } else if (facts.kubernetes_version() && *facts.kubernetes_version() < defaults.kubernetes) {
    out.add(istiod,
            "{name} expects native sidecars, and the cluster is older than Kubernetes {minimum}",
            arguments);
  }
}

void check_nodes(const Facts& facts, const Defaults& defaults, Findings& out) {
  const Object* first = nullptr;
  std::size_t count = 0;
  for (const auto* node : facts.all(Kind::node)) {
    const auto version = parse_version(node->status().at("nodeInfo", "kubeletVersion").text());
    if (!version || *version >= defaults.kubernetes ||
        node->label(kNodeTypeLabel).text() == kVirtualNodeType)
      continue;
    if (first == nullptr) first = node;
    ++count;
  }
  if (first == nullptr) return;
  const auto& revisions = facts.revisions();
  if (!revisions.known)
    return out.unknown(*first, "the revision is not known; give it with --revision");
  if (revisions.installed.back() < defaults.for_new) return;
  if (revisions.installed.back() < defaults.for_all) return out.unknown(*first, kOnlyNew);
  const auto kubelet = first->status().at("nodeInfo", "kubeletVersion");
  out.add(*first, kubelet,
          "native sidecars need kubelet {minimum} on every node: {name} runs {version} ({rest} "
          "likewise)",
          {{"name", std::string(first->name)},
           {"version", std::string(kubelet.text())},
           {"minimum", defaults.kubernetes.text()},
           {"rest", plural(count - 1, "other Node")}});
}

void run(const Facts& facts, Findings& out) {
  const auto defaults = read_defaults();
  if (!defaults) return;
  for (const auto* deployment : facts.all(Kind::deployment))
    check_istiod(facts, *deployment, *defaults, out);
  check_nodes(facts, *defaults, out);
}

bool has_istiods_or_nodes(const Facts& facts) {
  return has_istiods(facts) || !facts.as_read(Kind::node).empty();
}

}  // namespace

extern const Check native_sidecar_prereq;
constinit const Check native_sidecar_prereq{.slug = "native-sidecar-prereq",
                                            .reads = kRevisionKinds | KindSet{Kind::node},
                                            .run = run,
                                            .concerns = has_istiods_or_nodes};

}  // namespace aksmesh::checks
