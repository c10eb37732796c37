// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "analyze_options.hpp"
#include "base/printable.hpp"
#include "base/strings.hpp"
#include "checks/mesh_status.hpp"
#include "checks/migration.hpp"
#include "checks/runner.hpp"
#include "cluster_credentials.hpp"
#include "command.hpp"
#include "kube_session.hpp"
#include "report/table.hpp"
#include "version.hpp"

namespace aksmesh::commands {
namespace {

struct Options {
  KubeOptions kube{};
  ClusterOptions cluster{};
  std::vector<std::string> files{};
  std::string name_space{};
};

void declare(OptionSet& set, Options& o) {
  set.operands(o.files, "FILE").complete(Complete::files).help("The file to write, NAME.tar.gz");
  declare_namespace(set, o.name_space);
  declare_kube_target(set, o.kube);
  declare_from_azure(set, o.kube);
  declare_cluster_beside_namespaces(set, o.cluster);
}

class SnapshotOutcome final : public Outcome {
 public:
  SnapshotOutcome(std::string file, mesh::SnapshotFacts facts, mesh::PackedSnapshot packed,
                  bool headers)
      : file_(std::move(file)),
        facts_(std::move(facts)),
        packed_(std::move(packed)),
        headers_(headers) {
    std::sort(packed_.parts.begin(), packed_.parts.end(),
              [](const auto& a, const auto& b) { return a.file < b.file; });
    if (!packed_.skipped.empty()) verdict = Verdict::could_not_look;
  }

  [[nodiscard]] std::string text(const report::Style& style) const override {
    report::Table table{.columns = {{"KIND"}, {"OBJECTS"}, {"BYTES"}, {"FILE", 1}}, .rows = {}};
    for (const auto& one : packed_.parts)
      if (one.objects > 0)
        table.rows.push_back(
            {one.kind, std::to_string(one.objects), std::to_string(one.bytes), one.file});
    auto out = report::render_table(table, style,
                                    headers_ ? report::Headers::shown : report::Headers::hidden);
    for (const auto& one : packed_.skipped)
      out += std::string(style.unknown_mark()) +
             " not in it: " + printable_line(one.what + ": " + one.why) + '\n';
    return out + '\n' + file_ + ": " + printable_line(facts_.place) + ", " +
           plural((packed_.archive.size() + 1023) / 1024, "KiB", "KiB") + '\n';
  }

  [[nodiscard]] nlohmann::ordered_json document() const override {
    auto lists = nlohmann::ordered_json::array();
    for (const auto& one : packed_.parts)
      lists.push_back(
          {{"file", one.file}, {"kind", one.kind}, {"objects", one.objects}, {"bytes", one.bytes}});
    auto skipped = nlohmann::ordered_json::array();
    for (const auto& one : packed_.skipped)
      skipped.push_back({{"what", one.what}, {"why", to_valid_utf8(one.why)}});
    nlohmann::ordered_json out{{"schema", "aksmesh/snapshot/v1"},
                               {"file", file_},
                               {"bytes", packed_.archive.size()},
                               {"made", facts_.made},
                               {"place", to_valid_utf8(facts_.place)}};
    if (!facts_.version.empty()) out["kubernetesVersion"] = facts_.version;
    out["complete"] = packed_.skipped.empty();
    out["lists"] = std::move(lists);
    out["skipped"] = std::move(skipped);
    return out;
  }
  [[nodiscard]] std::string deed() const override { return "the snapshot is in " + file_; }

 private:
  std::string file_;
  mesh::SnapshotFacts facts_;
  mesh::PackedSnapshot packed_;
  bool headers_;
};

/// `aksmesh-prod-20261127T051500Z.tar.gz`, of characters that every shell takes.
std::string default_file(const std::string& place, const std::string& made) {
  std::string name;
  for (const char c : std::string_view(place).substr(place.rfind(' ') + 1)) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '_';
    name += plain ? c : '-';
  }
  return "aksmesh-" + name + '-' + replace_all(replace_all(made, "-", ""), ":", "") + ".tar.gz";
}

Status check_file(const std::string& file, const Context& context) {
  if (!context.files.info(file)) return Done{};
  return Error{.kind = ErrorKind::usage,
               .what = "cannot write the snapshot to " + file,
               .why = "it is there already, and a snapshot is never written over anything",
               .next = {"give another name, or remove it"}};
}

Result<OutcomePtr> run(const Options& o, const Context& context) {
  if (o.files.size() > 1)
    return Error{
        .kind = ErrorKind::usage,
        .what = "snapshot writes one file, and " + std::to_string(o.files.size()) + " are named"};
  if (!o.files.empty()) AK_CHECK(check_file(o.files.front(), context));
  std::string log;
  auto options = o.kube;
  options.network = o.cluster.azure.network;
  AK_CHECK(take_credentials(o.cluster, options, context));
  options.network.record = &log;
  AK_TRY(auto session, KubeSession::open(options, context));
  const auto kinds = checks::kStatusKinds | checks::kMigrationKinds | checks::Selection{}.reads() |
                     kube::KindSet{kube::Kind::pod_metrics};
  mesh::SnapshotFacts facts{.made = sys::rfc3339(context.clock.now()),
                            .program = std::string(kVersion),
                            .place = session.name()};
  const auto file = o.files.empty() ? default_file(facts.place, facts.made) : o.files.front();
  AK_CHECK(check_file(file, context));
  AK_TRY(const auto live, session.read(kinds, o.name_space, {}, {}, kube::ListWish::Depth::whole));
  facts.version = live.version;
  constexpr std::uint64_t kMost = 512ULL << 20U;
  AK_TRY(auto packed, mesh::pack_snapshot(live, kinds, facts, std::move(log), kMost));
  AK_CHECK(context.files.write_private(file, packed.archive));
  return OutcomePtr(std::make_unique<SnapshotOutcome>(file, std::move(facts), std::move(packed),
                                                      !context.global.no_headers));
}

constexpr std::array<std::string_view, 1> kAliases{"bug-report"};
constexpr std::array kExamples{
    Example{"aksmesh snapshot", "A file for support, of the current context"},
    Example{"aksmesh snapshot prod.tar.gz --context prod --timeout 2m",
            "Of another cluster, with what can be read in two minutes"},
    Example{"aksmesh check --snapshot prod.tar.gz", "Look at it later, or somewhere else"}};

}  // namespace

extern const Command snapshot_command;
constinit const Command snapshot_command =
    command<declare, run>({.path = "snapshot",
                           .summary = "Pack what can be read of a mesh into one file, redacted",
                           .page = "commands/snapshot.md",
                           .examples = kExamples,
                           .aliases = kAliases});

}  // namespace aksmesh::commands
