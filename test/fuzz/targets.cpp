// SPDX-License-Identifier: Apache-2.0
#include "fuzz/targets.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <span>
#include <string>

#include <nlohmann/json.hpp>

#include "app.hpp"
#include "base/strings.hpp"
#include "checks/runner.hpp"
#include "checks/suppress.hpp"
#include "data/reader.hpp"
#include "data/resources.hpp"
#include "data/text_edit.hpp"
#include "envoy/dump.hpp"
#include "envoy/log_levels.hpp"
#include "istio/sync_status.hpp"
#include "mesh/mesh_config_fields.hpp"
#include "net/frames.hpp"
#include "net/http1.hpp"
#include "report/render.hpp"

namespace aksmesh::fuzz {
namespace {

/// The least world in which the program runs: one file, nothing else.
class OneFile final : public sys::Files {
 public:
  explicit OneFile(std::string_view text) : text_(text) {}
  Result<sys::FileInfo> info(const std::string&) override {
    return sys::FileInfo{sys::FileInfo::Type::regular, text_.size(), "1"};
  }
  Result<std::vector<std::string>> list(const std::string&) override {
    return std::vector<std::string>{};
  }
  Result<std::string> read(const std::string&, std::uint64_t) override {
    return std::string(text_);
  }
  Result<std::string> read_standard_input(std::uint64_t) override { return std::string(text_); }
  Status write(const std::string&, std::string_view) override { return Done{}; }
  Status append(const std::string&, std::string_view) override { return Done{}; }
  Result<std::string> read_private(const std::string&, std::uint64_t) override {
    return std::string(text_);
  }
  Status write_private(const std::string&, std::string_view) override { return Done{}; }
  Status remove(const std::string&) override { return Done{}; }

 private:
  std::string_view text_;
};

class NoVariables final : public sys::Environment {
  [[nodiscard]] std::optional<std::string> get(const std::string&) const override {
    return std::nullopt;
  }
};

class FixedDay final : public sys::Clock {
  [[nodiscard]] sys::Date today() const override { return {2026, 9, 1}; }
  [[nodiscard]] std::int64_t now() const override { return 0; }
  [[nodiscard]] std::int64_t steady() const override { return 0; }
  bool sleep(std::int64_t) override { return true; }
};

class NoNetwork final : public net::Http {
 public:
  void configure(net::HttpSettings) override {}
  [[nodiscard]] std::int64_t deadline() const override { return 0; }
  std::vector<Result<net::Response>> send_all(const std::vector<net::Request>& requests) override {
    return {requests.size(), Error{.kind = ErrorKind::network, .what = "no network"}};
  }
};

class NoRandom final : public sys::Random {
 public:
  std::uint64_t next() override { return 4; }
};

class NoPrograms final : public sys::Process {
 public:
  Result<sys::ProgramResult> run(const sys::Program&) override {
    return Error{.kind = ErrorKind::not_found, .what = "no programs"};
  }
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
  FixedDay clock;
  NoNetwork http;
  NoRandom random;
  NoPrograms process;
  sys::NoCancel cancel;
  Sink out;
  Sink err;
  cli::World world{files, env, clock, http, random, process, cancel, out, err};
  return cli::run(args, world);
}

/// Small limits make the paths behind them easy to reach.
data::Limits small_limits() {
  return {.document = 1U << 16U, .scalar = 1U << 12U, .depth = 40, .expansion = 2000};
}

std::size_t visit(const data::Node& node, const data::Node& root, int depth) {
  if (depth > 100) std::abort();  // the depth limit must have stopped this
  std::size_t size = node.text().size() + node.tree()->path(root, node).size();
  if (node.begin() > node.end() || node.end() > node.tree()->source().size()) std::abort();
  for (const auto& item : node.items()) size += visit(item, root, depth + 1);
  for (const auto& entry : node.entries()) size += visit(entry.value, root, depth + 1);
  return size;
}

bool is_sound(const std::vector<data::Problem>& problems) {
  return std::none_of(problems.begin(), problems.end(),
                      [](const data::Problem& problem) { return problem.document_lost; });
}

/// Whatever is edited in a sound text, it stays one.
void edit_values(const data::Node& node) {
  for (const auto& item : node.items()) edit_values(item);
  for (const auto& [key, value] : node.entries()) {
    edit_values(value);
    for (const auto& edit :
         {data::replace_scalar(value, "a: b"), data::rename_key(value, "a/b"),
          data::wrap_value(value, "outer", "inner"), data::remove_entry(value)}) {
      if (!edit) continue;
      const auto text = data::apply_edits(node.tree()->source(), {*edit});
      if (!is_sound(data::read_documents(text, {}).problems)) std::abort();
    }
  }
}

/// Everything that analyze does, less the command line: tables are read once, or little else would
/// be tried.
void analyze(std::string_view text) {
  static const auto current =
      mesh::Policy::load(data::resource("lib/mesh/tables/limitations.json"), "current", "built-in");
  static const auto seed = mesh::Policy::load(data::resource("lib/mesh/tables/limitations.json"),
                                              "seed-2023", "built-in");
  static const auto upstream = mesh::Policy::load(
      data::resource("lib/mesh/tables/limitations.json"), "upstream", "built-in");
  OneFile files(text);
  for (const auto* policy : {&current.value(), &seed.value(), &upstream.value()}) {
    kube::ReadOptions options{
        .limits = small_limits(), .workers = 1, .is_mesh_config = mesh::looks_like_mesh_config};
    auto manifests = kube::read_manifests(files, {"f.yaml"}, options);
    const mesh::Model model(std::move(manifests), {.revisions = {{1, 28}},
                                                   .today = {2026, 9, 1},
                                                   .limits = small_limits(),
                                                   .flavour = policy->flavour()});
    const auto set = checks::run_checks(model, *policy, {});
    (void)report::render_text(set, report::Style{.color = true, .width = 70}, {},
                              report::Details::all);
    (void)report::render_sarif(set, {});
    (void)report::render_junit(set, {});
    const auto document = report::findings_document(set);
    (void)report::to_json_text(document);
    // Whatever the names are, what is written as YAML must be YAML.
    if (!data::read_documents(report::to_yaml_text(document), {}).problems.empty()) std::abort();
  }
}

/// Bytes in pieces of a size; 0: all at once.
template <class Take>
void in_pieces(std::string_view input, std::size_t size, const Take& take) {
  while (!input.empty()) {
    const auto piece = input.substr(0, size == 0 ? input.size() : size);
    take(piece);
    input.remove_prefix(piece.size());
  }
}

/// The messages in the bytes.
std::string read_frames(std::string_view input, std::size_t size) {
  NoRandom random;
  net::Frames frames(random, 1U << 16U);
  std::string out;
  in_pieces(input, size, [&](std::string_view piece) {
    frames.take(piece, [&](std::string_view message) {
      out += std::to_string(message.size()) + ':';
      out += message;
    });
  });
  // Whether what is no message is broken may depend on the pieces: wslay does not look at every
  // byte of a farewell that comes in small ones. It ends the reading either way.
  (void)frames.output();
  if (frames.end_code() < 0) std::abort();
  return out;
}

std::string read_answer(std::string_view input, std::size_t size) {
  net::Http1Reader reader(1U << 16U);
  std::size_t used = 0;
  in_pieces(input, size, [&](std::string_view piece) { used += reader.take(piece); });
  reader.end();
  const auto& answer = reader.response();
  if (answer.body.size() > (1U << 16U) || used > input.size()) std::abort();
  std::string out = std::to_string(answer.status) + (reader.done() ? " done " : " broken ") +
                    (reader.keeps_connection() ? "keeps " : "ends ");
  if (!reader.done()) return out;
  for (const auto& [name, value] : answer.headers) out.append(name).append(value);
  return out + answer.body + std::to_string(used);
}

/// A text so many bytes at a time.
class Drops final : public sys::Source {
 public:
  Drops(std::string_view text, std::size_t size) : text_(text), size_(size) {}
  Result<std::size_t> read(std::span<char> room) override {
    const auto count = std::min({room.size(), size_, text_.size()});
    std::copy_n(text_.begin(), count, room.begin());
    text_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view text_;
  std::size_t size_;
};

/// What is found in a dump, as far as it goes.
std::string read_dump(std::string_view input, std::size_t size) {
  Drops source(input, size);
  constexpr std::array<std::string_view, 3> kLists{"dynamic_active_clusters", "bootstrap",
                                                   "cluster_statuses"};
  std::string out;
  const auto facts = envoy::read_dump(source, kLists, [&](const envoy::DumpEntry& entry) {
    out.append(entry.list).append(entry.json("cluster")).append(entry.text);
  });
  if (!facts) return out + " none";
  for (const auto& section : facts->sections) out += section.type + std::to_string(section.entries);
  return out + std::to_string(facts->lost.size());
}

}  // namespace

void dumps(std::string_view input) {
  const auto whole = read_dump(input, input.size() + 1);
  for (const std::size_t size : {1U, 7U, 64U})
    if (read_dump(input, size) != whole) std::abort();
  for (const char* format : {"text", "wide", "json", "yaml"})
    for (const char* kind : {"all", "endpoint"})
      run({"aksmesh", "proxy", "config", kind, "-f", "dump.json", "-o", format}, input);
  run({"aksmesh", "proxy", "config", "diff", "-f", "dump.json", "-f", "other.json"}, input);
}

void debug_pages(std::string_view input) {
  (void)istio::read_sync_status(std::string(input));
  (void)envoy::read_log_levels(input);
}

void documents(std::string_view input) {
  const auto read = data::read_documents(std::string(input), small_limits());
  if (read.tree->source().size() < 4096)
    for (std::size_t i = 0; i < read.tree->document_count(); ++i) {
      visit(read.tree->document(i), read.tree->document(i), 0);
      if (is_sound(read.problems)) edit_values(read.tree->document(i));
    }
  analyze(input);
}

void embedded(std::string_view input) {
  // As the value of the shared ConfigMap, which several rules look into.
  std::string text =
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio-shared-configmap-asm-1-28, "
      "namespace: aks-istio-system}\ndata:\n  mesh: |\n    ";
  text += replace_all(input, "\n", "\n    ");
  analyze(text);
}

void baseline(std::string_view input) {
  (void)checks::read_baseline("baseline.yaml", std::string(input));
}

void frames(std::string_view input) {
  const auto whole = read_frames(input, 0);
  for (const std::size_t size : {1U, 3U, 7U})
    if (read_frames(input, size) != whole) std::abort();
}

void answers(std::string_view input) {
  const auto whole = read_answer(input, 0);
  for (const std::size_t size : {1U, 3U, 7U})
    if (read_answer(input, size) != whole) std::abort();
}

void arguments(std::string_view input) {
  std::vector<std::string> args{"aksmesh"};
  for (const auto word : split(input, '\n')) args.emplace_back(word);
  // Documentation writes files; it is a build step, not a parser.
  for (const auto& word : args)
    if (word == "__docs") return;
  run(args, "kind: Pod");
}

}  // namespace aksmesh::fuzz
