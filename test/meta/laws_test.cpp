// SPDX-License-Identifier: Apache-2.0
// Laws of the house: what every command, check and file must obey, whoever writes it.
#include <algorithm>
#include <map>
#include <set>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "base/strings.hpp"
#include "checks/check.hpp"
#include "checks/teller.hpp"
#include "data/resources.hpp"
#include "docgen/help.hpp"
#include "docgen/man.hpp"
#include "exit_code.hpp"
#include "mesh/table.hpp"
#include "support/fake_world.hpp"

namespace aksmesh::test {
namespace {

bool is_word(std::string_view text) {
  return !text.empty() &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

/// The layers of lib/layers.txt with the line on which each stands.
std::map<std::string, std::size_t> read_layers() {
  std::map<std::string, std::size_t> out;
  std::size_t level = 0;
  const auto text = read_source_file("lib/layers.txt");
  for (const auto line : split(text, '\n')) {
    if (line.empty() || line.starts_with('#')) continue;
    ++level;
    for (const auto name : split(line, ' ')) out[std::string(name)] = level;
  }
  return out;
}

std::vector<std::string> quoted_includes(const std::string& path) {
  std::vector<std::string> out;
  const auto text = read_source_file(path);
  for (const auto line : split(text, '\n')) {
    if (!line.starts_with("#include \"")) continue;
    const auto rest = line.substr(10);
    out.emplace_back(rest.substr(0, rest.find('"')));
  }
  return out;
}

bool is_source(std::string_view path) {
  return path.ends_with(".cpp") || path.ends_with(".hpp") || path.ends_with(".inc");
}

}  // namespace

TEST_CASE("law: a layer includes only itself and what lies below") {
  const auto layers = read_layers();
  for (const auto& path : source_files("lib")) {
    if (!is_source(path)) continue;
    const auto own = std::string(split(path, '/')[1]);
    REQUIRE_MESSAGE(layers.contains(own), path);
    for (const auto& include : quoted_includes(path)) {
      const auto other = std::string(split(include, '/').front());
      const bool fine =
          other == own || (layers.contains(other) && layers.at(other) < layers.at(own));
      CHECK_MESSAGE(fine, path, " includes ", include);
    }
  }
}

TEST_CASE("law: commands include commands and the layers, and never what puts them together") {
  std::set<std::string> known;
  for (const auto& path : source_files("commands")) known.insert(path.substr(9));
  for (const auto& path : source_files("lib")) known.insert(path.substr(4));
  for (const auto& path : source_files("commands"))
    if (is_source(path))
      for (const auto& include : quoted_includes(path))
        CHECK_MESSAGE(known.contains(include), path, " includes ", include);
}

TEST_CASE("law: heavy headers and the process stay behind their walls") {
  const std::set<std::string> cryptography{"lib/data/certificate.cpp", "lib/azure/digest.cpp",
                                           "lib/azure/client_certificate.cpp",
                                           "lib/net/websocket.cpp"};
  std::vector<std::string> all = source_files("lib");
  for (const char* folder : {"commands", "cli"})
    for (const auto& path : source_files(folder)) all.push_back(path);
  for (const auto& path : all) {
    if (!is_source(path)) continue;
    const auto text = read_source_file(path);
    const auto has = [&](const std::string& word) { return text.find(word) != std::string::npos; };
    if (path != "cli/parser_cli11.cpp") CHECK_MESSAGE(!has("#include <CLI/"), path);
    if (path.ends_with(".hpp")) CHECK_MESSAGE(!has("<nlohmann/json.hpp>"), path);
    if (path != "lib/data/yaml_reader.cpp") CHECK_MESSAGE(!has("#include <yaml.h>"), path);
    if (!cryptography.contains(path)) CHECK_MESSAGE(!has("#include <openssl/"), path);
    const bool edge = path.find("/real_") != std::string::npos || path.starts_with("cli/");
    if (edge) continue;
    for (const std::string word : {"getenv(", "isatty(", "std::cout", "std::cerr", "printf(stderr",
                                   "fopen(", "ifstream", "system_clock::now", "::time(", "exit("})
      CHECK_MESSAGE(!has(word), path, " uses ", word);
    if (path != "lib/sys/parallel.cpp") CHECK_MESSAGE(!has("std::thread"), path);
  }
}

TEST_CASE("law: files stay readable") {
  for (const char* folder : {"lib", "commands", "cli", "test"}) {
    for (const auto& path : source_files(folder)) {
      if (!is_source(path)) continue;
      const auto text = read_source_file(path);
      CHECK_MESSAGE(std::count(text.begin(), text.end(), '\n') <= 500, path,
                    " is longer than 500 lines");
      if (path.ends_with(".inc")) continue;
      CHECK_MESSAGE(text.starts_with("// SPDX-License-Identifier: Apache-2.0\n"), path);
    }
  }
}

TEST_CASE("law: codes and slugs are unique, sorted and named by the rules") {
  std::set<std::string_view> seen;
  std::string_view before;
  for (const auto& code : checks::codes()) {
    CHECK_MESSAGE(seen.insert(code.code).second, code.code);
    CHECK_MESSAGE(seen.insert(code.slug).second, code.slug);
    CHECK_MESSAGE(before < code.code, code.code);
    before = code.code;
    const bool shape =
        (code.code.starts_with("AKM") || code.code.starts_with("IST")) && code.code.size() == 7;
    CHECK_MESSAGE(shape, code.code);
    CHECK_MESSAGE(is_word(code.slug), code.slug);
  }
}

TEST_CASE("law: every limitation has exactly one code, and every code one source of its title") {
  std::set<std::string> ids;
  for (const auto& row : mesh::table("limitations.json")["limitations"].items())
    ids.insert(std::string(row["id"].text()));
  CHECK(ids.size() > 100);
  for (const auto& id : ids) CHECK_MESSAGE(checks::find_code(id) != nullptr, id);
  for (const auto& code : checks::codes()) {
    const bool limitation = ids.contains(std::string(code.slug));
    CHECK_MESSAGE(limitation == code.title.empty(), code.code,
                  " states its title twice or not at all");
    CHECK_MESSAGE(limitation == code.severity.empty(), code.code,
                  " states its severity twice or not at all");
  }
}

TEST_CASE("law: every built check has a page with the fixed headings") {
  const auto& all = checks::codes();
  for (const auto& code : all) {
    if (checks::teller_of(code) == checks::Teller::nobody) continue;
    const auto page = checks::page_of(code);
    CHECK_MESSAGE(!page.empty(), "no page for ", code.code, ' ', code.slug);
    CHECK_MESSAGE(
        page.starts_with("# " + std::string(code.code) + ' ' + std::string(code.slug) + '\n'),
        code.code);
    std::size_t at = 0;
    for (const char* heading : {"\n## Meaning\n", "\n## Why it matters\n", "\n## How to fix\n",
                                "\n## Example\n", "\n## Source\n"}) {
      at = page.find(heading, at);
      CHECK_MESSAGE(at != std::string_view::npos, code.code, " lacks", std::string(heading));
      if (at == std::string_view::npos) at = 0;
    }
  }
  for (const auto& resource : data::embedded_resources()) {
    if (!resource.name.starts_with("lib/checks/rules/")) continue;
    auto slug = resource.name.substr(resource.name.rfind('/') + 1);
    slug.remove_suffix(3);
    const auto* code = checks::find_code(slug);
    REQUIRE_MESSAGE(code != nullptr, resource.name, " belongs to no code");
    CHECK_MESSAGE(checks::page_of(*code).data() == resource.text.data(), resource.name,
                  " lies in the wrong folder");
  }
}

TEST_CASE("law: the catalogue of checks is sorted, and each check names a code") {
  std::string_view before;
  for (const auto* check : checks::catalogue()) {
    CHECK_MESSAGE(before < check->slug, check->slug);
    before = check->slug;
    CHECK_MESSAGE(checks::codes_of(*check).size() == std::max<std::size_t>(1, check->codes.size()),
                  check->slug, " names a code that codes.json lacks");
    CHECK_MESSAGE((!check->codes.empty() || check->analyzer.empty()), check->slug);
    const bool runs = check->run != nullptr;
    CHECK_MESSAGE(runs, check->slug);
    CHECK_MESSAGE(!check->reads.empty(), check->slug);
  }
}

TEST_CASE("law: every command has a page, examples that parse, and options with one meaning") {
  std::string_view before;
  std::map<std::string, std::string> meanings;
  for (const auto* command : commands::catalogue()) {
    CHECK_MESSAGE(before < command->path, command->path);
    before = command->path;
    if (command->hidden) continue;
    CAPTURE(command->path);
    CHECK(!command->summary.empty());
    CHECK(!command->summary.ends_with('.'));
    CHECK(!data::resource(command->page).empty());
    CHECK(!command->examples.empty());
    const auto declaration = commands::docgen::declared(*command);
    std::set<std::string, std::less<>> names;
    for (const auto& spec : declaration->set.specs()) {
      CAPTURE(spec.long_name);
      CHECK(!spec.text.empty());
      CHECK(!spec.text.ends_with('.'));
      if (spec.operand) continue;
      CHECK(spec.long_name.starts_with("--"));
      if (!spec.hidden)
        CHECK(is_word(
            std::string_view(spec.long_name).substr(2)));  // neighbours have their own style
      CHECK(names.insert(spec.long_name).second);
      if (!spec.short_name.empty()) CHECK(names.insert(spec.short_name).second);
      if (!spec.variable.empty())
        CHECK(spec.variable == "AKSMESH_" + [&] {
          std::string upper = replace_all(spec.long_name.substr(2), "-", "_");
          for (char& c : upper) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
          return upper;
        }());
      if (spec.hidden || command->path == "explain" || command->path == "checks")
        continue;  // --policy is described by what it does there
      const auto [known, added] = meanings.emplace(spec.long_name, spec.text);
      CHECK_MESSAGE((added || known->second == spec.text), spec.long_name, " means two things");
    }
  }
}

/// A dump of a proxy with nothing in any section.
constexpr const char* kEmptyDump =
    R"({"configs": [{"@type": "x.BootstrapConfigDump", "bootstrap": {}},
                    {"@type": "x.ClustersConfigDump"}, {"@type": "x.EcdsConfigDump"},
                    {"@type": "x.EndpointsConfigDump"}, {"@type": "x.ListenersConfigDump"},
                    {"@type": "x.RoutesConfigDump"}, {"@type": "x.SecretsConfigDump"}]})";

TEST_CASE("law: every example runs as far as its input allows") {
  for (const auto* command : commands::catalogue()) {
    for (const auto& example : command->examples) {
      CAPTURE(example.line);
      FakeWorld world;
      world.env.values = {{"HOME", "/home/u"}};
      for (const char* name : {"manifests/a.yaml", "deploy.yaml", "rendered/a.yaml"})
        world.files.content[name] = "kind: Namespace\napiVersion: v1\nmetadata: {name: shop}\n";
      for (const char* name : {"dump.json", "before.json", "clusters.json"})
        world.files.content[name] = kEmptyDump;
      world.files.standard_input = "kind: Namespace\napiVersion: v1\nmetadata: {name: shop}\n";
      const int code = world.run(std::string(example.line));
      // Where Azure is needed, the sign-in is as far as it gets: nobody is signed in here.
      const bool wants_azure =
          code == 4 && world.err.text.find("not signed in to Azure") != std::string::npos;
      // Likewise where a cluster is.
      const auto says = [&](const char* why) {
        return world.err.text.find(why) != std::string::npos;
      };
      const bool wants_cluster =
          (code == 2 &&
           (says("no Kubernetes cluster to talk to") || says("no kubeconfig has it") ||
            says("no kubeconfig has the context") || says("no kubeconfig has any context") ||
            says("cannot read the snapshot"))) ||
          (code == 5 && world.out.text.find("no kubeconfig has it") != std::string::npos) ||
          (code == 5 &&
           world.out.text.find("no Kubernetes cluster to talk to") != std::string::npos);
      CHECK_MESSAGE((code == 0 || wants_azure || wants_cluster), world.err.text);
    }
  }
}

TEST_CASE("law: man pages are those that the program writes") {
  std::set<std::string> known;
  for (const auto& page : commands::docgen::man_pages()) {
    known.insert("man/" + page.name);
    CHECK_MESSAGE(read_source_file("man/" + page.name) == page.text, "stale: man/", page.name,
                  "; run test/update.sh");
  }
  for (const auto& path : source_files("man"))
    if (path.ends_with(".1") || path.ends_with(".7"))
      CHECK_MESSAGE(known.contains(path), path, " belongs to nothing");
}

TEST_CASE("law: the exit codes of the code are those of the page") {
  const auto page = read_source_file("man/topics/exit-codes.md");
  for (const int code :
       {cli::kDone, cli::kFailed, cli::kUsage, cli::kFindings, cli::kNotPermitted,
        cli::kCouldNotLook, cli::kTimeout, cli::kBug, cli::kInterrupted, cli::kTerminated})
    CHECK_MESSAGE(page.find("\n- " + std::to_string(code) + ": ") != std::string::npos, code);
}

TEST_CASE("law: variables that options have are listed on the page about the environment") {
  const auto page = read_source_file("man/topics/environment.md");
  for (const auto* command : commands::catalogue()) {
    const auto declaration = commands::docgen::declared(*command);
    for (const auto& spec : declaration->set.specs())
      if (!spec.variable.empty())
        CHECK_MESSAGE(page.find('`' + spec.variable + '`') != std::string::npos, spec.variable);
  }
}

}  // namespace aksmesh::test
