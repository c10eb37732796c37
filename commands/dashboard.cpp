// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <optional>

#include <nlohmann/json.hpp>

#include "analyze_options.hpp"
#include "base/strings.hpp"
#include "command.hpp"
#include "dashboard_kinds.hpp"
#include "injection_reading.hpp"
#include "kube/forwarding.hpp"
#include "kube/pod_lookup.hpp"
#include "kube_session.hpp"
#include "mesh/names.hpp"
#include "proxy_reader.hpp"
#include "proxy_source.hpp"

namespace aksmesh::commands {
namespace {

using Json = nlohmann::ordered_json;
using Place = DashboardKind::Place;

struct Options {
  std::vector<std::string> words{};
  std::string selector{};
  std::string revision{};
  std::string name_space{};
  std::string local_port{};
  std::string listen = "127.0.0.1";
  std::string remote_port{};
  bool browser = false;
  KubeOptions kube{};
};

void declare(OptionSet& set, Options& o) {
  set.operands(o.words, "DASHBOARD [[TYPE/]POD[.NAMESPACE]]")
      .once()
      .complete(Complete::dashboards)
      .help("envoy, istiod, controlz, grafana, prometheus, kiali, jaeger or zipkin; and whose");
  set.value("-l,--selector", o.selector, "LABELS").help("Pods with these labels, as in app=web");
  set.value("--revision", o.revision, "REV")
      .alias("-r")
      .help("Revision that is installed or planned, such as asm-1-29")
      .complete(Complete::revisions);
  declare_namespace(set, o.name_space);
  set.value("--local-port", o.local_port, "PORT")
      .alias("-p")
      .alias("--port")
      .preset("that of the pod, or any that is free")
      .help("Port of this machine to listen on");
  set.value("--listen", o.listen, "ADDRESS")
      .alias("--address")
      .preset("127.0.0.1")
      .help("Address of this machine to listen on");
  set.value("--ui-port", o.remote_port, "PORT")
      .alias("--ctrlz_port")
      .help("Port of the pod, where it is not the usual one");
  set.flag("--browser", o.browser).help("Open the page in a browser");
  declare_kube_options(set, o.kube);
}

/// 0 for nothing.
Result<int> port_of(const std::string& text, const std::string& option) {
  if (text.empty() || text == "0") return 0;
  int out = 0;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, out);
  if (read.ec == std::errc() && read.ptr == end && out > 0 && out < 65536) return out;
  return Error{.kind = ErrorKind::usage,
               .what = option + " does not take '" + text + '\'',
               .why = "a port is a number from 1 to 65535"};
}

/// What stays while connections are forwarded.
struct Served {
  KubeSession session;
  kube::PodPort target{};
  net::LocalPort local;
  std::string url{};
};

class DashboardOutcome final : public Outcome {
 public:
  DashboardOutcome(std::string_view kind, const Served& served)
      : kind_(kind),
        target_(served.target),
        host_(served.local.host()),
        port_(served.local.port()),
        url_(served.url) {}
  [[nodiscard]] std::string text(const report::Style&) const override { return url_ + '\n'; }
  [[nodiscard]] Json document() const override {
    return {{"schema", "aksmesh/dashboard/v1"},
            {"dashboard", kind_},
            {"url", url_},
            {"namespace", target_.name_space},
            {"pod", target_.pod},
            {"port", target_.port},
            {"local", {{"host", host_}, {"port", port_}}}};
  }

 private:
  std::string kind_;
  kube::PodPort target_;
  std::string host_;
  int port_;
  std::string url_;
};

Error not_there(const DashboardKind& kind, const std::string& place) {
  Error out{.kind = ErrorKind::not_found,
            .what = "there is no pod of " + std::string(kind.title) + " in " + place,
            .why = "none has the label " + std::string(kind.selector)};
  if (!kind.instead.empty()) out.why += "; " + std::string(kind.instead);
  if (!kind.instead_by.empty()) out.next.emplace_back(kind.instead_by);
  return out;
}

/// The pod that serves a dashboard.
class PodSearch {
 public:
  PodSearch(const DashboardKind& kind, const Options& options, KubeSession& session,
            const Context& context)
      : kind_(kind), o_(options), session_(session), context_(context) {}

  Result<kube::FoundPod> run() {
    if (o_.words.size() > 1 || (kind_.place == Place::named && !o_.selector.empty()))
      return named();
    if (kind_.place == Place::named)
      return Error{.kind = ErrorKind::usage,
                   .what = "no proxy is named",
                   .next = {"aksmesh dashboard envoy POD.NAMESPACE",
                            "aksmesh dashboard envoy deployment/NAME -n NAMESPACE"}};
    return kind_.place == Place::istiod ? istiod() : anywhere();
  }

  [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }

 private:
  Result<kube::FoundPod> named() {
    PodOptions pods{.selector = o_.selector, .name_space = o_.name_space};
    if (o_.words.size() > 1) pods.pods = {o_.words[1]};
    if (kind_.place == Place::istiod && pods.name_space.empty())
      pods.name_space = mesh::names::kSystemNamespace;
    AK_TRY(const auto found, find_proxies(session_, pods));
    return best(found);
  }

  Result<kube::FoundPod> istiod() {
    AK_TRY(auto found, istiods(o_.revision));
    auto revision = o_.revision;
    if (found.empty() && !revision.empty()) {
      AK_TRY(revision, revision_of_tag());
      AK_TRY(found, istiods(revision));
    }
    if (found.empty())
      return Error{.kind = ErrorKind::not_found,
                   .what = "there is no istiod" +
                           (revision.empty() ? "" : " of revision " + revision) + " in " +
                           istiod_namespace(),
                   .why = "no pod has the labels " + istiod_selector(revision),
                   .next = {"aksmesh status   (the revisions of the cluster)"}};
    return best(found);
  }

  [[nodiscard]] std::string istiod_namespace() const {
    return o_.name_space.empty() ? std::string(mesh::names::kSystemNamespace) : o_.name_space;
  }

  [[nodiscard]] std::string istiod_selector(const std::string& revision) const {
    auto out = std::string(kind_.selector);
    if (!o_.selector.empty()) out += ',' + o_.selector;
    if (!revision.empty()) out += ',' + std::string(mesh::names::kRevisionLabel) + '=' + revision;
    return out;
  }

  Result<std::vector<kube::FoundPod>> istiods(const std::string& revision) {
    return kube::pods_with(*session_.client(), istiod_selector(revision), istiod_namespace());
  }

  /// Of a name that no istiod has.
  Result<std::string> revision_of_tag() {
    const InjectionReading reading{.more = {kube::Kind::pod}, .name_space = istiod_namespace()};
    AK_TRY(const auto model, read_injection(session_, reading, {}, context_));
    AK_TRY(auto revision, revision_named(*model, o_.revision));
    if (revision != o_.revision)
      notes_.push_back("tag " + o_.revision + " leads to revision " + revision);
    return revision;
  }

  Result<kube::FoundPod> anywhere() {
    auto selector = std::string(kind_.selector);
    if (!o_.selector.empty()) selector = o_.selector;
    auto found = kube::pods_with(*session_.client(), selector, o_.name_space);
    // Who may not look into every namespace still has those where it is likely.
    for (const auto& place : {std::string(mesh::names::kSystemNamespace), session_.name_space()})
      if (o_.name_space.empty() && !found && found.error().kind == ErrorKind::denied)
        if (auto there = kube::pods_with(*session_.client(), selector, place);
            there && !there->empty())
          found = std::move(there);
    if (!found) return std::move(found).error();
    if (found->empty())
      return not_there(kind_,
                       o_.name_space.empty() ? session_.name() : "namespace " + o_.name_space);
    return best(*found);
  }

  /// A pod that was named by itself has no phase here: whether it is there shows soon.
  Result<kube::FoundPod> best(const std::vector<kube::FoundPod>& found) {
    const auto& pod = found.front();
    if (!pod.phase.empty() && pod.phase != "Running")
      return Error{.kind = ErrorKind::not_found,
                   .what = "no pod of " + std::string(kind_.title) + " runs",
                   .why = pod.name_space + '/' + pod.name + " is " + pod.phase};
    if (auto text = choice_text(found); !text.empty()) notes_.push_back(std::move(text));
    return pod;
  }

  const DashboardKind& kind_;
  const Options& o_;
  KubeSession& session_;
  const Context& context_;
  std::vector<std::string> notes_{};
};

/// The port that was asked for; else the number of the pod's port, or any that is free.
Result<net::LocalPort> open_local(const Options& o, int wanted, int remote) {
  if (wanted == 0) {
    auto same = net::LocalPort::open(o.listen, remote);
    if (same || same.error().kind == ErrorKind::usage) return same;
  }
  auto out = net::LocalPort::open(o.listen, wanted);
  if (!out && out.error().kind == ErrorKind::conflict)
    out.error().next = {"leave out --local-port to take one that is free"};
  return out;
}

#ifdef __APPLE__
constexpr const char* kOpener = "open";
#else
constexpr const char* kOpener = "xdg-open";
#endif

// Where it is the browser itself it stays as long as that does, and nothing would be served
// meanwhile. So a shell starts it, looks for a second whether it fails, and goes.
constexpr const char* kStart = R"sh(command -v "$0" >/dev/null || exit 127
"$0" "$1" >/dev/null 2>&1 &
for i in 1 2 3 4 5 6 7 8 9 10; do
  kill -0 $! 2>/dev/null || { wait $!; exit; }
  sleep 0.1
done)sh";

void open_browser(const std::string& url, const Context& context) {
  const auto done = context.process.run({.name = "sh", .arguments = {"-c", kStart, kOpener, url}});
  if (!done)
    context.progress.note("no browser was opened: " + done.error().in_one_line());
  else if (done->code != 0)
    context.progress.note("no browser was opened: " + std::string(kOpener) + " ended with " +
                          std::to_string(done->code));
}

Result<OutcomePtr> run(const Options& o, const Context& context) {
  if (o.words.empty() || o.words.size() > 2) {
    std::vector<std::string> names;
    for (const auto& kind : dashboard_kinds()) names.emplace_back(kind.name);
    return Error{.kind = ErrorKind::usage,
                 .what = o.words.empty() ? "no dashboard is named" : "more than one pod is named",
                 .next = {"one of " + join(names, ", ")}};
  }
  AK_TRY(const auto* kind, find_dashboard(o.words.front()));
  if (!o.revision.empty() && (kind->place != Place::istiod || o.words.size() > 1))
    return Error{.kind = ErrorKind::usage,
                 .what = "--revision chooses an istiod, and nothing else",
                 .next = {"aksmesh dashboard istiod --revision " + o.revision}};
  AK_TRY(const int wanted, port_of(o.local_port, "--local-port"));
  AK_TRY(const int other, port_of(o.remote_port, "--ui-port"));
  AK_TRY(auto session, KubeSession::open(o.kube, context));
  PodSearch search(*kind, o, session, context);
  AK_TRY(const auto pod, search.run());
  const kube::PodPort target{
      .name_space = pod.name_space, .pod = pod.name, .port = other == 0 ? kind->port : other};
  context.progress.waiting("connecting with pod " + target.pod_name());
  const auto reached = kube::try_forwarding(*session.client(), context.random, target);
  context.progress.end();
  if (!reached)
    return kube::with_near_names(*session.client(), reached.error(),
                                 {.name = pod.name, .name_space = pod.name_space});
  AK_TRY(auto local, open_local(o, wanted, target.port));
  const auto url =
      "http://" + local.host() + ':' + std::to_string(local.port()) + std::string(kind->path);
  const auto served =
      std::make_shared<Served>(Served{std::move(session), target, std::move(local), url});
  auto out = std::make_unique<DashboardOutcome>(kind->name, *served);
  out->notes = search.notes();
  if (!served->local.is_loopback())
    out->notes.push_back("whoever reaches " + served->local.host() +
                         " can use this page as you can");
  out->notes.push_back("forwarding to port " + std::to_string(target.port) + " of pod " +
                       target.pod_name() + " until Ctrl-C");
  out->more = [served, &context, browser = o.browser]() -> Result<OutcomePtr> {
    if (browser) open_browser(served->url, context);
    return kube::forward(*served->session.client(), context.random, served->target, served->local,
                         [&](const Error& error) { context.progress.note(error.in_one_line()); });
  };
  return OutcomePtr(std::move(out));
}

constexpr std::array<std::string_view, 2> kAliases{"dash", "d"};
constexpr std::array kExamples{
    Example{"aksmesh dashboard envoy deployment/web -n shop",
            "Envoy's administration interface of a workload's best pod"},
    Example{"aksmesh dashboard istiod --revision asm-1-29", "The debug pages of an istiod"},
    Example{"aksmesh dashboard grafana --local-port 8080", "A Grafana that runs in the cluster"}};

}  // namespace

extern const Command dashboard_command;
constinit const Command dashboard_command =
    command<declare, run>({.path = "dashboard",
                           .summary = "Open a page that a proxy, istiod or add-on serves",
                           .page = "commands/dashboard.md",
                           .examples = kExamples,
                           .aliases = kAliases});

}  // namespace aksmesh::commands
