// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include <nlohmann/json.hpp>

#include "analyze_options.hpp"
#include "base/printable.hpp"
#include "base/quantity.hpp"
#include "base/strings.hpp"
#include "checks/mesh_status.hpp"
#include "checks/migration.hpp"
#include "checks/runner.hpp"
#include "cluster_credentials.hpp"
#include "command.hpp"
#include "injection_reading.hpp"
#include "istiod_answers.hpp"
#include "kube_session.hpp"
#include "mesh/names.hpp"
#include "report/table.hpp"
#include "saved_proxy.hpp"
#include "version.hpp"

namespace aksmesh::commands {
namespace {

struct Options {
  KubeOptions kube{};
  ClusterOptions cluster{};
  std::vector<std::string> files{};
  std::string name_space{};
  std::string max_size = "512Mi";
  bool no_proxies = false;
  std::vector<std::string> proxies{};
};

void declare(OptionSet& set, Options& o) {
  set.operands(o.files, "FILE")
      .once()
      .may_lack()
      .complete(Complete::files)
      .help("The file to write, NAME.tar.gz");
  declare_namespace(set, o.name_space);
  declare_no_proxies(set, o.no_proxies);
  set.values("--proxy-config", o.proxies, "[TYPE/]POD[.NAMESPACE]")
      .help("Also hold what the proxy of this pod is configured with, for `proxy config`");
  set.value("--max-size", o.max_size, "SIZE")
      .preset(o.max_size)
      .help("Leave out what would make the snapshot larger than this, unpacked");
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

/// In bytes.
Result<std::uint64_t> max_size(const Options& o) {
  std::string_view text = o.max_size;
  if (text.ends_with("iB")) text.remove_suffix(1);
  const auto size = quantity_in_thousandths(text).value_or(0) / 1000;
  if (size > 0 && static_cast<std::uint64_t>(size) <= mesh::kLargestSnapshot)
    return static_cast<std::uint64_t>(size);
  return Error{.kind = ErrorKind::usage,
               .what = "--max-size does not take '" + o.max_size + "'",
               .why = "it takes a size up to 2Gi, such as 100Mi",
               .next = {"--max-size 1Gi"}};
}

Status check_options(const Options& o, const Context& context) {
  if (o.files.size() > 1)
    return Error{
        .kind = ErrorKind::usage,
        .what = "snapshot writes one file, and " + std::to_string(o.files.size()) + " are named"};
  if (!o.files.empty()) AK_CHECK(check_file(o.files.front(), context));
  for (const auto& typed : o.proxies) AK_CHECK(kube::parse_pod_word(typed));
  if (o.kube.from_azure) return Done{};
  return refuse_azure_options(
      o.cluster,
      {.what = "without --from-azure",
       .why = "the snapshot is that of the kubeconfig's context, and Azure is not asked",
       .next = {"--from-azure", "--context NAME   (another cluster of the kubeconfig)"}},
      context);
}

/// Keeps how the cluster was read: each request as a line, and how long those of each kind took.
class Recorder final : public net::Trace {
 public:
  explicit Recorder(const sys::Clock& clock) : clock_(clock) {}
  void record(const net::Exchange& exchange) override {
    log += net::trace_record(exchange, clock_.now());
    if (const auto kind = listed_by(exchange.request.url); !kind.empty())
      milliseconds[kind] += exchange.milliseconds;
  }
  void waits(const net::Request&, std::string_view, std::int64_t) override {}

  std::string log{};
  std::map<std::string, std::int64_t> milliseconds{};

 private:
  /// `gateways.networking.istio.io` of a URL that lists those; empty for any other.
  static std::string listed_by(std::string_view url) {
    const auto path = url.substr(0, url.find('?'));
    const auto host = path.find("://");
    const auto api = path.find("/api", host == std::string_view::npos ? 0 : host + 3);
    if (api == std::string_view::npos) return {};
    auto words = split(path.substr(api + 1), '/');
    const bool core = words.front() == "api";
    const std::string group(core || words.size() < 2 ? std::string_view() : words[1]);
    const std::size_t root = core ? 2 : 3;  // behind the version
    const bool in_namespace = words.size() == root + 3 && words[root] == "namespaces";
    if (words.size() != root + 1 && !in_namespace) return {};
    return std::string(words.back()) + (group.empty() ? "" : '.' + group);
  }

  const sys::Clock& clock_;
};

Result<kube::LiveObjects> read_objects(KubeSession& session, const Options& o,
                                       const kube::KindSet& kinds) {
  if (o.name_space.empty())
    return session.read({.kinds = kinds, .depth = kube::ListWish::Depth::whole});
  using namespace mesh::names;
  std::vector<std::string> namespaces{o.name_space};
  for (const auto name : {kSystemNamespace, kIngressNamespace, kEgressNamespace})
    if (name != o.name_space) namespaces.emplace_back(name);
  return session.read_in(namespaces, kinds);
}

/// What the istiods say of their proxies; nothing when they are left alone.
Result<std::optional<std::vector<mesh::IstiodAnswer>>> read_istiods(KubeSession& session,
                                                                    const Options& o,
                                                                    const mesh::Model& model,
                                                                    const Context& context) {
  std::optional<std::vector<mesh::IstiodAnswer>> out;
  if (o.no_proxies) return out;
  out.emplace();
  const auto istiods = checks::running_istiods(model);
  auto answers =
      IstiodAsker(session, o.cluster.azure.network.request_timeout, context).ask(istiods);
  for (std::size_t i = 0; i < istiods.size(); ++i) {
    mesh::IstiodAnswer one{.pod = istiods[i].pod};
    if (answers[i]) {
      one.text = std::move(*answers[i]);
    } else {
      const auto& error = answers[i].error();
      if (error.kind == ErrorKind::cancelled) return error;
      one.why = error.reason();
    }
    out->push_back(std::move(one));
  }
  return out;
}

Result<OutcomePtr> run(const Options& o, const Context& context) {
  AK_CHECK(check_options(o, context));
  AK_TRY(const auto most, max_size(o));
  Recorder recorder(context.clock);
  auto options = o.kube;
  options.network = o.cluster.azure.network;
  AK_CHECK(take_credentials(o.cluster, options, context));
  options.network.listener = &recorder;
  AK_TRY(auto session, KubeSession::open(options, context));
  const auto kinds = checks::kStatusKinds | checks::kMigrationKinds | checks::Selection{}.reads() |
                     kube::KindSet{kube::Kind::pod_metrics};
  mesh::SnapshotFacts facts{.made = sys::rfc3339(context.clock.now()),
                            .program = std::string(kVersion),
                            .place = session.name()};
  const auto file = o.files.empty() ? default_file(facts.place, facts.made) : o.files.front();
  AK_CHECK(check_file(file, context));
  AK_TRY(auto live, read_objects(session, o, kinds));
  facts.version = live.version;
  const mesh::Model model(kube::read_manifests(context.files, {}, {}, std::move(live)), {});
  if (!o.name_space.empty()) AK_CHECK(require_namespace(model, o.name_space));
  AK_TRY(auto istiods, read_istiods(session, o, model, context));
  AK_TRY(auto proxies,
         save_proxies(session, {.pods = o.proxies, .name_space = o.name_space}, context));
  AK_TRY(auto packed, mesh::pack_snapshot({.objects = model.manifests(),
                                           .asked = kinds,
                                           .istiods = std::move(istiods),
                                           .proxies = std::move(proxies),
                                           .milliseconds = std::move(recorder.milliseconds),
                                           .log = std::move(recorder.log)},
                                          facts, most));
  AK_CHECK(context.files.write_private(file, packed.archive));
  return OutcomePtr(std::make_unique<SnapshotOutcome>(file, std::move(facts), std::move(packed),
                                                      !context.global.no_headers));
}

constexpr std::array<std::string_view, 1> kAliases{"bug-report"};
constexpr std::array kExamples{
    Example{"aksmesh snapshot", "A file for support, of the current context"},
    Example{"aksmesh snapshot prod.tar.gz --context prod --timeout 2m",
            "Of another cluster, with what can be read in two minutes"},
    Example{"aksmesh snapshot shop.tar.gz -n shop --max-size 50Mi",
            "Of one namespace and the mesh's own, for a ticket that takes small files"},
    Example{"aksmesh check --snapshot prod.tar.gz", "Look at it later, or somewhere else"},
    Example{"aksmesh snapshot web.tar.gz --proxy-config deployment/web.shop",
            "With what a proxy has, for `aksmesh proxy config route deployment/web.shop --snapshot "
            "web.tar.gz`"}};

}  // namespace

extern const Command snapshot_command;
constinit const Command snapshot_command =
    command<declare, run>({.path = "snapshot",
                           .summary = "Pack what can be read of a mesh into one file, redacted",
                           .page = "commands/snapshot.md",
                           .examples = kExamples,
                           .aliases = kAliases});

}  // namespace aksmesh::commands
