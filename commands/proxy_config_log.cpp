// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <nlohmann/json.hpp>

#include "base/printable.hpp"
#include "base/strings.hpp"
#include "command.hpp"
#include "data/reader.hpp"
#include "envoy/log_levels.hpp"
#include "mesh/names.hpp"
#include "proxy_source.hpp"

namespace aksmesh::commands {
namespace {

using envoy::LogLevels;
using Json = nlohmann::ordered_json;

struct Options {
  PodOptions pods{};
  std::string level{};
  bool reset = false;
  std::int64_t revert_after = 0;  // milliseconds
};

void declare(OptionSet& set, Options& o) {
  set.value("--level", o.level, "LEVELS")
      .help("Change levels: one for all, or LOGGER:LEVEL, with commas between");
  set.flag("--reset", o.reset)
      .alias("-r")
      .help("Back to the levels that the proxies were started with");
  set.duration("--revert-after", o.revert_after)
      .alias("--for")
      .help("Wait so long, or until Ctrl-C, then put the levels back");
  declare_pod_options(set, o.pods);
}

/// One proxy and what is known of its loggers.
struct LoggedProxy {
  kube::FoundPod pod{};
  LogLevels before{};
  LogLevels levels{};
  std::optional<Error> lost{};
  [[nodiscard]] std::string name() const { return pod.name + '.' + pod.name_space; }
};

class LogOutcome final : public Outcome {
 public:
  explicit LogOutcome(std::vector<LoggedProxy> proxies) : proxies_(std::move(proxies)) {
    for (const auto& one : proxies_) {
      if (!one.lost) continue;
      notes.push_back(one.name() + ": " + one.lost->in_one_line());
      verdict = Verdict::could_not_look;
    }
  }

  [[nodiscard]] std::string text(const report::Style&) const override {
    std::string out;
    for (const auto& one : proxies_) {
      if (one.lost) continue;
      out += printable(one.name()) + ":\nactive loggers:\n";
      for (const auto& [logger, level] : one.levels)
        out += "  " + printable(logger) + ": " + level + '\n';
      out += '\n';
    }
    return out;
  }

  [[nodiscard]] Json document() const override {
    auto items = Json::array();
    auto unavailable = Json::array();
    for (const auto& one : proxies_) {
      if (one.lost)
        unavailable.push_back({{"what", "the loggers of " + one.name()},
                               {"why", to_valid_utf8(one.lost->in_one_line())}});
      else
        items.push_back({{"namespace", one.pod.name_space},
                         {"pod", one.pod.name},
                         {"before", one.before},
                         {"levels", one.levels}});
    }
    return {{"schema", "aksmesh/proxy-log/v1"},
            {"items", std::move(items)},
            {"complete", unavailable.empty()},
            {"unavailable", std::move(unavailable)}};
  }

 private:
  std::vector<LoggedProxy> proxies_;
};

/// Asks each proxy for a page of its loggers; which answers with what they are then.
Status ask(const std::vector<LoggedProxy*>& proxies, const std::vector<std::string>& pages,
           KubeSession& session, const Options& o, const Context& context) {
  std::vector<AdminQuestion> questions;
  for (std::size_t i = 0; i < proxies.size(); ++i)
    questions.push_back({.pod = proxies[i]->pod, .method = net::Method::post, .path = pages[i]});
  if (questions.empty()) return Done{};
  AK_TRY(const auto answers, ask_proxies(session, o.pods, questions, context));
  for (std::size_t i = 0; i < proxies.size(); ++i) {
    auto& one = *proxies[i];
    one.lost.reset();
    if (!answers[i]) {
      one.lost = answers[i].error();
      continue;
    }
    auto levels = envoy::read_log_levels(answers[i]->body);
    if (levels)
      one.levels = std::move(*levels);
    else
      one.lost = std::move(levels).error();
  }
  return Done{};
}

std::vector<LoggedProxy*> those_known(std::vector<LoggedProxy>& proxies) {
  std::vector<LoggedProxy*> out;
  for (auto& one : proxies)
    if (!one.levels.empty()) out.push_back(&one);
  return out;
}

/// Gives each proxy its levels.
Status change(const std::vector<LoggedProxy*>& proxies, const std::vector<LogLevels>& wanted,
              KubeSession& session, const Options& o, const Context& context) {
  std::vector<LoggedProxy*> asked;
  std::vector<std::string> pages;
  for (std::size_t i = 0; i < proxies.size(); ++i) {
    auto page = envoy::log_page(proxies[i]->levels, wanted[i]);
    if (page.empty()) continue;
    asked.push_back(proxies[i]);
    pages.push_back(std::move(page));
  }
  return ask(asked, pages, session, o, context);
}

/// The levels go back, whatever ends the waiting.
Status wait_and_revert(const std::vector<LoggedProxy*>& proxies, KubeSession& session,
                       const Options& o, const Context& context) {
  context.progress.note("the levels go back in " + sys::duration_text(o.revert_after / 1000) +
                        ", or with Ctrl-C");
  const bool in_time = context.clock.sleep(o.revert_after);
  if (!in_time) context.cancel.take_up();
  std::vector<LogLevels> before;
  for (const auto* one : proxies) before.push_back(one->before);
  AK_CHECK(change(proxies, before, session, o, context));
  for (const auto* one : proxies)
    if (one->lost)
      return Error{.kind = one->lost->kind,
                   .what = "the log levels of " + one->name() + " could not be put back",
                   .why = one->lost->in_one_line(),
                   .next = {context.program + " proxy config log " + one->name() + " --reset"}};
  if (!in_time)
    return Error{.kind = ErrorKind::cancelled, .what = "interrupted; the log levels are back"};
  return Done{};
}

/// The levels that a pod's proxy was started with: its own annotations, else what its revision's
/// injector fills in. https://istio.io/latest/docs/reference/config/annotations/
Result<std::string> first_levels(const kube::FoundPod& pod, KubeSession& session) {
  const auto goal = "find the log levels that " + pod.name + " was started with";
  AK_TRY(auto body, session.client()->get("/api/v1/namespaces/" + url_escaped(pod.name_space) +
                                              "/pods/" + url_escaped(pod.name),
                                          goal));
  const auto object = data::read_answer(std::move(body));
  const auto metadata = object.only_document()["metadata"];
  const auto annotation = [&](const char* name) {
    return std::string(metadata["annotations"][name].text());
  };
  auto revision = annotation("istio.io/rev");
  if (revision.empty()) revision = metadata["labels"]["istio.io/rev"].text();
  auto level = annotation("sidecar.istio.io/logLevel");
  auto components = annotation("sidecar.istio.io/componentLogLevel");
  if (level.empty() || components.empty()) {
    AK_TRY(auto answer, session.client()->get("/api/v1/namespaces/" +
                                                  std::string(mesh::names::kSystemNamespace) +
                                                  "/configmaps/istio-sidecar-injector-" + revision,
                                              goal));
    const auto map = data::read_answer(std::move(answer));
    const auto values =
        data::read_answer(std::string(map.only_document()["data"]["values"].text()));
    const auto proxy = values.only_document()["global"]["proxy"];
    if (level.empty()) level = proxy["logLevel"].text();
    if (components.empty()) components = proxy["componentLogLevel"].text();
  }
  if (level.empty())
    return Error{.kind = ErrorKind::not_found,
                 .what = "cannot " + goal,
                 .why = "the injector of revision " + revision + " tells no logLevel",
                 .next = {"--level warning"}};
  return components.empty() ? level : level + ',' + components;
}

Status check_options(const Options& o, const Context& context) {
  if (o.pods.pods.empty() && o.pods.selector.empty())
    return Error{.kind = ErrorKind::usage,
                 .what = "no proxy is named",
                 .next = {"POD.NAMESPACE", "deployment/NAME", "-l LABELS"}};
  if (!o.level.empty() && o.reset)
    return exclude_each_other("--level", "--reset", "both tell the levels");
  if (o.revert_after > 0 && o.level.empty())
    return Error{
        .kind = ErrorKind::usage,
        .what = "--revert-after changes nothing by itself",
        .next = {context.program + " proxy config log POD --level debug --revert-after 5m"}};
  return Done{};
}

/// What is to become of each proxy that answered, in their order; empty when nothing is.
Result<std::vector<envoy::LogWish>> wishes_of(const std::vector<LoggedProxy*>& proxies,
                                              KubeSession& session, const Options& o) {
  std::vector<envoy::LogWish> out;
  if (!o.reset && o.level.empty()) return out;
  for (const auto* one : proxies) {
    auto typed = o.level;
    if (o.reset) {
      AK_TRY(typed, first_levels(one->pod, session));
    }
    AK_TRY(auto wish, envoy::parse_log_wish(typed));
    AK_CHECK(envoy::check_loggers(wish, one->levels));
    out.push_back(std::move(wish));
  }
  return out;
}

Result<OutcomePtr> run(const Options& o, const Context& context) {
  AK_CHECK(check_options(o, context));
  AK_TRY(auto session, KubeSession::open(o.pods.kube, context));
  AK_TRY(const auto pods, find_proxies(session, o.pods));
  std::vector<LoggedProxy> proxies;
  for (const auto& pod : pods) proxies.push_back({.pod = pod});
  std::vector<LoggedProxy*> all;
  for (auto& one : proxies) all.push_back(&one);
  AK_CHECK(ask(all, std::vector<std::string>(all.size(), "/logging"), session, o, context));
  const auto known = those_known(proxies);
  if (known.empty()) return *proxies.front().lost;
  AK_TRY(const auto wishes, wishes_of(known, session, o));
  std::vector<LogLevels> wanted;
  for (std::size_t i = 0; i < known.size(); ++i) {
    known[i]->before = known[i]->levels;
    if (!wishes.empty()) wanted.push_back(envoy::wished(wishes[i], known[i]->levels));
  }
  if (wishes.empty()) return OutcomePtr(std::make_unique<LogOutcome>(std::move(proxies)));
  if (o.revert_after > 0) context.cancel.listen();
  AK_CHECK(change(known, wanted, session, o, context));
  if (o.revert_after > 0) {
    AK_CHECK(wait_and_revert(known, session, o, context));
  }
  return OutcomePtr(std::make_unique<LogOutcome>(std::move(proxies)));
}

constexpr std::array kExamples{
    Example{"aksmesh proxy config log deployment/web.shop", "The loggers of all its proxies"},
    Example{"aksmesh proxy config log web-1.shop --level rbac:debug,jwt:debug --revert-after 5m",
            "See for five minutes why requests are refused"},
    Example{"aksmesh proxy config log -l app=web -n shop --reset",
            "Back to what they were started with"}};
constexpr std::array<std::string_view, 5> kAliases{"proxy config o", "proxy-config log",
                                                   "proxy-config o", "pc log", "pc o"};

}  // namespace

extern const Command proxy_config_log_command;
constinit const Command proxy_config_log_command =
    command<declare, run>({.path = "proxy config log",
                           .summary = "Show or change the log levels of proxies",
                           .page = "commands/proxy_config_log.md",
                           .examples = kExamples,
                           .aliases = kAliases});

}  // namespace aksmesh::commands
