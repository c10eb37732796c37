// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "base/strings.hpp"
#include "command.hpp"
#include "injection_reading.hpp"
#include "proxy_reader.hpp"
#include "proxy_selection.hpp"
#include "watching.hpp"

namespace aksmesh::commands {
namespace {

struct Options {
  KubeOptions kube{};
  NamespaceOptions where{};
  std::string revision{};
  std::vector<std::string> proxies{};
  std::vector<std::string> states{};
  std::string verbosity{};
  bool summary = false;
  bool exit_code = false;
  bool watch = false;
};

void declare(OptionSet& set, Options& o) {
  set.operands(o.proxies, "PROXY")
      .may_lack()
      .help("POD, POD.NAMESPACE or TYPE/NAME; default: all proxies");
  declare_namespace_options(set, o.where);
  set.value("--revision", o.revision, "REV")
      .alias("-r")
      .help("Revision that is installed or planned, such as asm-1-29")
      .complete(Complete::revisions);
  set.values("--proxy-state", o.states, "STATE")
      .choices({"synced", "stale", "error", "not-sent", "disconnected"})
      .help("Only proxies in this state");
  set.value("--verbosity", o.verbosity, "LEVEL")
      .choices({"0", "1"})
      .help("1: a column for each type of configuration");
  set.flag("--summary", o.summary).help("Only how many there are of each revision and state");
  set.flag("--exit-code", o.exit_code)
      .help("End with 3 when a proxy that is shown is not in order");
  declare_watch(set, o.watch);
  declare_cluster_source(set, o.kube);
}

/// istioctl's `-v 1`: -v says more here and takes no value, so the level comes as an operand.
void take_level(Options& o, const Context& context) {
  if (context.global.verbose == 0 || !o.verbosity.empty()) return;
  const auto level = std::find_if(o.proxies.begin(), o.proxies.end(),
                                  [](const auto& word) { return word == "0" || word == "1"; });
  if (level == o.proxies.end()) return;
  o.verbosity = *level;
  o.proxies.erase(level);
}

SyncColumns chosen_columns(const Options& o, const ProxyReading& reading) {
  if (o.verbosity == "1") return SyncColumns::by_type;
  if (o.verbosity == "0") return SyncColumns::subscribed;
  return columns_of(newest_minor(reading.view->istiods()));
}

/// Leaves those that are wanted. Kind not_found for one that is not there.
Status narrow(const Options& o, const ProxySelection& selection, ProxyReading& reading) {
  const auto missed = selection.missed(reading.rows);
  if (!missed.empty() && reading.unavailable.empty())
    return Error{.kind = ErrorKind::not_found,
                 .what = "there is no proxy '" + join(missed, "', '") + "'",
                 .why = "no istiod knows it, and no pod of the name has a sidecar of the add-on"};
  std::erase_if(reading.rows, [&](const checks::ProxyRow& row) {
    const bool in_state =
        o.states.empty() ||
        std::find(o.states.begin(), o.states.end(), checks::word_of(row.state)) != o.states.end();
    return !in_state || !selection.matches(row);
  });
  return Done{};
}

Result<OutcomePtr> look(ProxyReader& reader, const Options& o, const ProxySelection& selection,
                        const Context& context) {
  AK_TRY(auto reading, reader.read());
  AK_CHECK(narrow(o, selection, reading));
  const auto now = reading.now_ms;
  const bool trouble = std::any_of(reading.rows.begin(), reading.rows.end(), [&](const auto& row) {
    return checks::is_in_trouble(row, now);
  });
  const auto columns = chosen_columns(o, reading);
  using Form = ProxyStatusOutcome::Form;
  auto out = std::make_unique<ProxyStatusOutcome>(
      std::move(reading), o.summary ? Form::summary : Form::proxies, columns, context);
  if (trouble && o.exit_code) out->verdict = Verdict::findings;
  return OutcomePtr(std::move(out));
}

Result<OutcomePtr> run(const Options& typed, const Context& context) {
  auto o = typed;
  take_level(o, context);
  AK_TRY(const auto selection, ProxySelection::parse(o.proxies));
  AK_TRY(const auto name_space, chosen_namespace(o.where, context));
  if (!o.kube.snapshot.empty() && o.watch)
    return exclude_each_other("--watch", "--snapshot", "a snapshot does not change");
  AK_TRY(auto session, KubeSession::open(o.kube, context));
  const auto how = o.watch ? LiveSource::How::followed : LiveSource::How::read_anew;
  const auto reader =
      std::make_shared<ProxyReader>(LiveSource(std::move(session), how, context), how,
                                    ProxyScope{.name_space = name_space, .revision = o.revision},
                                    o.kube.network.request_timeout, context);
  if (!o.watch) return look(*reader, o, selection, context);
  return watch_results({.look = [=, &context] { return look(*reader, o, selection, context); },
                        .wait = [=] { return reader->wait(); }});
}

constexpr std::array kExamples{
    Example{"aksmesh proxy status", "Every proxy of every revision, and how it stands"},
    Example{"aksmesh proxy status -n shop --verbosity 1", "A column for each type"},
    Example{"aksmesh proxy status --exit-code --proxy-state error -o json",
            "For scripts: 3 when a proxy refuses its configuration"},
    Example{"aksmesh proxy status deployment/web.shop --watch", "Those of one workload"},
    Example{"aksmesh proxy status --summary --snapshot mesh.tar.gz", "Counts, of a snapshot"}};
constexpr std::array<std::string_view, 2> kAliases{"proxy-status", "ps"};

}  // namespace

extern const Command proxy_status_command;
constinit const Command proxy_status_command =
    command<declare, run>({.path = "proxy status",
                           .summary = "Show whether proxies have the configuration of their istiod",
                           .page = "commands/proxy_status.md",
                           .examples = kExamples,
                           .aliases = kAliases});

}  // namespace aksmesh::commands
