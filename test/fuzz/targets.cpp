// SPDX-License-Identifier: Apache-2.0
#include "fuzz/targets.hpp"

#include <cstdlib>
#include <map>
#include <string>

#include "app.hpp"
#include "base/strings.hpp"
#include "checks/suppress.hpp"
#include "data/reader.hpp"

namespace aksmesh::fuzz {
namespace {

/// The least world in which the program runs: one file, nothing else.
class OneFile final : public sys::Files {
 public:
  explicit OneFile(std::string_view text) : text_(text) {}
  Result<sys::FileInfo> info(const std::string&) override { return sys::FileInfo{sys::FileInfo::Type::regular, text_.size(), "1"}; }
  Result<std::vector<std::string>> list(const std::string&) override { return std::vector<std::string>{}; }
  Result<std::string> read(const std::string&, std::uint64_t) override { return std::string(text_); }
  Result<std::string> read_standard_input(std::uint64_t) override { return std::string(text_); }
  Status write(const std::string&, std::string_view) override { return Done{}; }
  Status append(const std::string&, std::string_view) override { return Done{}; }

 private:
  std::string_view text_;
};

class NoVariables final : public sys::Environment {
  [[nodiscard]] std::optional<std::string> get(const std::string&) const override { return std::nullopt; }
};

class FixedDay final : public sys::Clock {
  [[nodiscard]] sys::Date today() const override { return {2026, 9, 1}; }
};

class Sink final : public sys::OutputStream {
 public:
  void write(std::string_view) override {}
  [[nodiscard]] bool is_terminal() const override { return false; }
  [[nodiscard]] bool closed() const override { return false; }
  [[nodiscard]] std::string failure() const override { return {}; }
};

int run(const std::vector<std::string>& args, std::string_view file) {
  OneFile files(file);
  const NoVariables env;
  const FixedDay clock;
  Sink out;
  Sink err;
  cli::World world{files, env, clock, out, err};
  return cli::run(args, world);
}

/// Small limits make the paths behind them easy to reach.
data::Limits small_limits() { return {.document = 1U << 16U, .scalar = 1U << 12U, .depth = 40, .expansion = 2000}; }

std::size_t visit(const data::Node& node, const data::Node& root, int depth) {
  if (depth > 100) std::abort();  // the depth limit must have stopped this
  std::size_t size = node.text().size() + node.tree()->path(root, node).size();
  if (node.begin() > node.end() || node.end() > node.tree()->source().size()) std::abort();
  for (const auto& item : node.items()) size += visit(item, root, depth + 1);
  for (const auto& entry : node.entries()) size += visit(entry.value, root, depth + 1);
  return size;
}

}  // namespace

void documents(std::string_view input) {
  const auto read = data::read_documents(std::string(input), small_limits());
  if (read.tree->source().size() < 4096)
    for (std::size_t i = 0; i < read.tree->document_count(); ++i) visit(read.tree->document(i), read.tree->document(i), 0);
  for (const char* format : {"text", "json", "sarif"}) run({"aksmesh", "analyze", "--revision", "asm-1-28", "-o", format, "f.yaml"}, input);
  run({"aksmesh", "analyze", "--policy", "seed-2023", "-o", "junit", "f.yaml"}, input);
}

void embedded(std::string_view input) {
  std::string text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio-shared-configmap-asm-1-28, namespace: aks-istio-system}\ndata:\n  mesh: |\n    ";
  text += replace_all(input, "\n", "\n    ");
  run({"aksmesh", "analyze", "-o", "json", "f.yaml"}, text);
}

void baseline(std::string_view input) { (void)checks::read_baseline("baseline.yaml", std::string(input)); }

void arguments(std::string_view input) {
  std::vector<std::string> args{"aksmesh"};
  for (const auto word : split(input, '\n')) args.emplace_back(word);
  // Documentation writes files; it is a build step, not a parser.
  for (const auto& word : args)
    if (word == "__docs") return;
  run(args, "kind: Pod");
}

}  // namespace aksmesh::fuzz
