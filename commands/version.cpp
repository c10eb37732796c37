// SPDX-License-Identifier: Apache-2.0
#include "version.hpp"

#include <array>

#include <nlohmann/json.hpp>

#include "command.hpp"
#include "mesh/table.hpp"

namespace aksmesh::commands {
namespace {

struct Options {};
void declare(OptionSet&, Options&) {}

class VersionOutcome final : public Outcome {
 public:
  explicit VersionOutcome(std::string program) : program_(std::move(program)) {}
  [[nodiscard]] std::string text(const report::Style&) const override {
    return program_ + ' ' + std::string(kVersion) + "\ntables as of " + as_of() + '\n';
  }
  [[nodiscard]] nlohmann::ordered_json document() const override {
    return {{"schema", "aksmesh/version/v1"}, {"version", kVersion}, {"tablesAsOf", as_of()}};
  }

 private:
  static std::string as_of() { return std::string(mesh::table("limitations.json")["asOf"].text()); }
  std::string program_;
};

Result<OutcomePtr> run(const Options&, const Context& context) {
  return OutcomePtr(std::make_unique<VersionOutcome>(context.program));
}

constexpr std::array kExamples{Example{"aksmesh version -o json", "For scripts"}};

}  // namespace

extern const Command version_command;
constinit const Command version_command =
    command<declare, run>({.path = "version",
                           .summary = "Show the version and the date of the built-in tables",
                           .page = "commands/version.md",
                           .examples = kExamples,
                           .outlives_settings = true});

}  // namespace aksmesh::commands
