// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "base/strings.hpp"
#include "checks/check.hpp"
#include "data/resources.hpp"
#include "mesh/mesh_config_fields.hpp"
#include "support/fake_world.hpp"

namespace aksmesh::test {

TEST_CASE("law: a check reads exactly the kinds that it declares") {
  // All cases of a check together must make it read everything it declares, and nothing else.
  for (const auto* check : checks::catalogue()) {
    const auto* code = checks::find_code(check->slug);
    REQUIRE(code != nullptr);
    kube::KindSet read;
    for (const auto& path : source_files("test/checks/" + std::string(code->code))) {
      if (!path.ends_with("expect.json")) continue;
      const auto folder = path.substr(0, path.rfind('/') + 1);
      const auto args =
          nlohmann::json::parse(read_source_file(path)).value("args", nlohmann::json::array());
      std::string policy_name = "current";
      checks::Model::Options options;
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
      const checks::Model model(std::move(manifests), options);
      const auto policy = mesh::Policy::load(data::resource("lib/mesh/tables/limitations.json"),
                                             policy_name, "built-in");
      REQUIRE(policy.has_value());
      report::FindingSet set;
      const auto* limitation = policy.value().find(check->slug);
      checks::Facts facts(model, limitation, check->reads);
      checks::Findings findings(limitation, code->code, code->slug, set);
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
