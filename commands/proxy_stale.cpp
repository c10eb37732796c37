// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <map>

#include <nlohmann/json.hpp>

#include "base/printable.hpp"
#include "base/strings.hpp"
#include "checks/mesh_status.hpp"
#include "command.hpp"
#include "hints.hpp"
#include "injection_reading.hpp"
#include "istiod_answers.hpp"
#include "live_change.hpp"
#include "proxy_status_outcome.hpp"
#include "report/table.hpp"

namespace aksmesh::commands {
namespace {

using checks::StaleProxy;
using checks::StaleWorkload;
using kube::Kind;
using Json = nlohmann::ordered_json;

struct Options {
  KubeOptions kube{};
  NamespaceOptions where{};
  bool no_proxies = false;
  bool exit_code = false;
};

std::string or_dash(const std::string& text) {
  return text.empty() ? "-" : text;
}

checks::RestartNeed need_of(const StaleWorkload& one) {
  return {.kind = one.first.maker.kind, .name = one.first.maker.name, .pods = one.pods.size()};
}

std::string why_of(const StaleProxy& one) {
  switch (one.cause) {
    case StaleProxy::Cause::version: return "new pods get another version";
    case StaleProxy::Cause::moved: return "new pods get another revision";
    case StaleProxy::Cause::revision_gone:
      return "its revision is not installed" +
             std::string(one.new_revision.empty() ? ", and nothing injects new pods" : "");
    case StaleProxy::Cause::no_injection: break;
  }
  return "nothing injects new pods";
}

/// What brings them up to date. Pods that would come back without a proxy are not restarted:
/// something has to inject them first.
std::vector<std::string> commands_for(const std::vector<StaleWorkload>& workloads,
                                      const std::string& program) {
  std::map<std::pair<std::string, std::string>, RestartOf> restarts;
  std::vector<std::string> first;
  for (const auto& one : workloads) {
    const auto& name_space = one.first.name_space;
    if (one.first.new_revision.empty()) {
      if (one.first.sort == StaleProxy::Sort::gateway) continue;
      const auto line =
          program + " injection set " + shell_word(name_space) + " --revision REV   # then restart";
      if (std::find(first.begin(), first.end(), line) == first.end()) first.push_back(line);
      continue;
    }
    const auto need = need_of(one);
    restarts.try_emplace({name_space, need.reference()},
                         RestartOf{.name_space = name_space, .need = need});
  }
  std::vector<RestartOf> all;
  for (auto& [key, one] : restarts) all.push_back(std::move(one));
  auto out = restart_commands(all);
  out.insert(out.end(), first.begin(), first.end());
  return out;
}

class StaleOutcome final : public Outcome {
 public:
  struct Reading {
    std::string place{};
    std::vector<StaleWorkload> workloads{};
    std::vector<report::UnavailablePart> unavailable{};
  };
  StaleOutcome(Reading reading, const Options& o, const Context& context)
      : reading_(std::move(reading)),
        commands_(
            aimed(commands_for(reading_.workloads, context.program), context.program, context.aim)),
        headers_(context.global.no_headers ? report::Headers::hidden : report::Headers::shown) {
    notes = unavailable_notes(reading_.unavailable);
    if (!notes.empty())
      verdict = Verdict::could_not_look;
    else if (reading_.workloads.empty())
      notes.emplace_back("every proxy is what a new pod would get");
    if (o.exit_code && !reading_.workloads.empty()) verdict = Verdict::findings;
  }

  [[nodiscard]] std::string text(const report::Style& style) const override {
    report::Table table{.columns = {{"NAMESPACE"},
                                    {"WORKLOAD"},
                                    {"PROXIES"},
                                    {"REVISION", 2},
                                    {"VERSION"},
                                    {"NEW REVISION", 2},
                                    {"NEW VERSION"},
                                    {"WHY", 1}},
                        .rows = {}};
    for (const auto& one : reading_.workloads)
      table.rows.push_back({one.first.name_space, need_of(one).reference(),
                            std::to_string(one.pods.size()), or_dash(one.first.revision),
                            or_dash(join(one.versions, ",")), or_dash(one.first.new_revision),
                            or_dash(one.first.new_version), why_of(one.first)});
    if (table.rows.empty()) return {};
    auto out = report::render_table(table, style, headers_);
    if (!commands_.empty()) out += '\n';
    for (const auto& line : commands_) out += printable(line) + '\n';
    return out;
  }

  [[nodiscard]] Json document() const override {
    Json out{{"schema", "aksmesh/proxy-stale/v1"}, {"place", to_valid_utf8(reading_.place)}};
    out["workloads"] = Json::array();
    for (const auto& one : reading_.workloads) out["workloads"].push_back(json_of(one));
    out["next"] = Json::array();
    for (const auto& line : commands_) out["next"].push_back(to_valid_utf8(line));
    out["complete"] = reading_.unavailable.empty();
    out["unavailable"] = unavailable_document(reading_.unavailable);
    return out;
  }

 private:
  static Json json_of(const StaleWorkload& one) {
    Json out{{"namespace", one.first.name_space},
             {"kind", to_valid_utf8(one.first.maker.kind)},
             {"name", to_valid_utf8(one.first.maker.name)},
             {"type", one.first.sort == StaleProxy::Sort::gateway ? "gateway" : "sidecar"},
             {"cause", checks::word_of(one.first.cause)}};
    const auto put = [&](const char* key, const std::string& text) {
      if (!text.empty()) out[key] = to_valid_utf8(text);
    };
    put("revision", one.first.revision);
    out["versions"] = Json::array();
    for (const auto& version : one.versions) out["versions"].push_back(to_valid_utf8(version));
    put("newRevision", one.first.new_revision);
    put("newVersion", one.first.new_version);
    out["pods"] = one.pods;
    return out;
  }

  Reading reading_;
  std::vector<std::string> commands_;
  report::Headers headers_;
};

void declare(OptionSet& set, Options& o) {
  declare_namespace_options(set, o.where);
  set.flag("--exit-code", o.exit_code)
      .help("End with 3 when a proxy that is shown is not in order");
  declare_no_proxies(set, o.no_proxies);
  declare_cluster_source(set, o.kube);
}

Result<kube::LiveObjects> objects_of(KubeSession& session) {
  const std::string system(mesh::names::kSystemNamespace);
  auto kinds = checks::kStatusKinds;
  kinds.remove(Kind::service);
  return session.read(
      {.kinds = kinds, .only_in = {{Kind::config_map, system}, {Kind::deployment, system}}});
}

Result<OutcomePtr> run(const Options& o, const Context& context) {
  AK_TRY(const auto name_space, chosen_namespace(o.where, context));
  AK_TRY(auto session, KubeSession::open(o.kube, context));
  AK_TRY(auto live, objects_of(session));
  StaleOutcome::Reading reading{.place = session.name()};
  const mesh::Model model(kube::read_manifests(context.files, {}, {}, std::move(live)),
                          {.today = context.clock.today()});
  if (!name_space.empty()) AK_CHECK(require_namespace(model, name_space));
  for (const auto& part : model.manifests().unavailable)
    reading.unavailable.push_back({part.what, part.why});
  std::unique_ptr<checks::ProxyView> view;
  const auto* snapshot = session.snapshot();
  if (!o.no_proxies && (snapshot == nullptr || snapshot->asked_istiods())) {
    IstiodAsker asker(session, o.kube.network.request_timeout, context);
    AK_TRY(view, asker.view(model, reading.unavailable));
  }
  auto stale = checks::mesh_status(model, view.get()).stale;
  std::erase_if(stale, [&](const StaleProxy& one) {
    return !name_space.empty() && one.name_space != name_space;
  });
  reading.workloads = checks::by_workload(stale);
  return OutcomePtr(std::make_unique<StaleOutcome>(std::move(reading), o, context));
}

constexpr std::array kExamples{
    Example{"aksmesh proxy stale", "What has to restart after an upgrade"},
    Example{"aksmesh proxy stale -n shop -o json", "Of one namespace, for scripts"},
    Example{"aksmesh proxy stale --exit-code", "3 while anything is left to restart"}};

}  // namespace

extern const Command proxy_stale_command;
constinit const Command proxy_stale_command = command<declare, run>(
    {.path = "proxy stale",
     .summary = "List workloads whose proxies are behind, and the commands that renew them",
     .page = "commands/proxy_stale.md",
     .examples = kExamples});

}  // namespace aksmesh::commands
