// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "base/strings.hpp"
#include "checks/check.hpp"
#include "data/resources.hpp"
#include "mesh/mesh_config_fields.hpp"
#include "support/fake_world.hpp"

namespace aksmesh::test {
namespace {

/// The expect.json of every case of the codes that a check reports.
std::vector<std::string> case_files(const checks::Check& check) {
  std::vector<std::string> out;
  for (const auto* code : checks::codes_of(check)) {
    for (auto& path : source_files("test/checks/" + std::string(code->code)))
      if (path.ends_with("expect.json")) out.push_back(std::move(path));
  }
  return out;
}

}  // namespace

TEST_CASE("law: a check reads exactly the kinds that it declares") {
  // All cases of a check together must make it read everything it declares, and nothing else.
  for (const auto* check : checks::catalogue()) {
    kube::KindSet read;
    for (const auto& path : case_files(*check)) {
      const auto folder = path.substr(0, path.rfind('/') + 1);
      const auto args =
          nlohmann::json::parse(read_source_file(path)).value("args", nlohmann::json::array());
      std::string policy_name = "current";
      mesh::Model::Options options;
      for (std::size_t i = 0; i + 1 < args.size(); ++i) {
        if (args[i] == "--policy") policy_name = args[i + 1];
        if (args[i] == "--revision")
          options.revisions.push_back(*parse_revision(args[i + 1].get<std::string>()));
        if (args[i] == "--kubernetes-version")
          options.kubernetes_version = parse_version(args[i + 1].get<std::string>());
      }
      FakeWorld world;
      std::vector<std::string> inputs;
      for (const auto& file : source_files(folder)) {
        if (file.ends_with("expect.json")) continue;
        inputs.push_back(file);
        world.files.content[file] = read_source_file(file);
      }
      auto manifests = kube::read_manifests(world.files, inputs,
                                            {.is_mesh_config = mesh::looks_like_mesh_config});
      if (policy_name == "upstream") options.flavour = mesh::Flavour::upstream;
      const mesh::Model model(std::move(manifests), options);
      const auto policy = mesh::Policy::load(data::resource("lib/mesh/tables/limitations.json"),
                                             policy_name, "built-in");
      REQUIRE(policy.has_value());
      // Plain Istio has none of the add-on's limitations.
      if (checks::is_limitation(*check) && options.flavour == mesh::Flavour::upstream) continue;
      report::FindingSet set;
      const auto* limitation = policy.value().find(check->slug);
      checks::Facts facts(model, limitation, check->reads);
      REQUIRE(!checks::codes_of(*check).empty());
      const auto* code = checks::codes_of(*check).front();
      checks::Findings findings(limitation, code->code, code->slug, set, options.flavour);
      check->run(facts, findings);
      read = read | facts.read();
    }
    for (std::size_t i = 0; i < static_cast<std::size_t>(kube::Kind::count_); ++i) {
      const auto kind = static_cast<kube::Kind>(i);
      CHECK_MESSAGE((check->reads.has(kind) || !read.has(kind)), check->slug, " reads ",
                    kube::kind_name(kind), " without declaring it");
      CHECK_MESSAGE((!check->reads.has(kind) || read.has(kind)), check->slug, " declares ",
                    kube::kind_name(kind), " and no case makes it read that");
    }
  }
}

}  // namespace aksmesh::test
