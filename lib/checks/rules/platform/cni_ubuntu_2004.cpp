// SPDX-License-Identifier: Apache-2.0
#include "checks/rules/platform/redirection.hpp"
#include "mesh/table.hpp"

namespace aksmesh::checks {
namespace {

std::vector<const Object*> nodes_with_image(const Facts& facts, std::string_view image) {
  std::vector<const Object*> out;
  for (const auto* node : facts.all(Kind::node))
    if (node->status().at("nodeInfo", "osImage").text().find(image) != std::string_view::npos)
      out.push_back(node);
  return out;
}

void run(const Facts& facts, Findings& out) {
  const auto nodes = nodes_with_image(
      facts, mesh::table("thresholds.json").at("cniExcludedImage", "osImage").text());
  if (nodes.empty()) return;
  const auto mechanism = redirection(facts);
  if (mechanism != Redirection::chained_plugin && first_validated_pod(facts) == nullptr) {
    if (mechanism == Redirection::unknown)
      out.unknown(*nodes.front(),
                  mechanism_unknown(facts, "whether Istio CNI is on does not show"));
    return;
  }
  for (const auto* node : nodes) {
    const auto image = node->status().at("nodeInfo", "osImage");
    out.add(*node, image,
            "Node {name} runs {image}, which the documentation of Istio CNI once listed as "
            "incompatible",
            {{"name", std::string(node->name)}, {"image", std::string(image.text())}});
  }
}

}  // namespace

extern const Check cni_ubuntu_2004;
constinit const Check cni_ubuntu_2004{
    .slug = "cni-ubuntu-2004", .reads = {Kind::node, Kind::daemon_set, Kind::pod}, .run = run};

}  // namespace aksmesh::checks
