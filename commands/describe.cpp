// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <iterator>

#include "analyze_options.hpp"
#include "base/edit_distance.hpp"
#include "base/strings.hpp"
#include "command.hpp"
#include "description.hpp"
#include "envoy/dump.hpp"
#include "envoy/listener.hpp"
#include "kube/pod_lookup.hpp"
#include "kube_session.hpp"
#include "mesh/names.hpp"
#include "proxy_source.hpp"
#include "sys/source.hpp"

namespace aksmesh::commands {
namespace {

using kube::Kind;
using mesh::Object;

struct Options {
  std::vector<std::string> names{};
  std::string name_space{};
  std::string admin_port{};
  bool ignore_unmeshed = false;
  KubeOptions kube{};
};

void declare(OptionSet& set, Options& o) {
  set.operands(o.names, "NAME[.NAMESPACE]").once().help("What is described");
  declare_namespace(set, o.name_space);
  set.value("--proxy-admin-port", o.admin_port, "PORT")
      .preset("15000")
      .help("Where Envoy's administration interface listens");
  set.flag("--ignoreUnmeshed", o.ignore_unmeshed).help("The neighbour's; not needed").hide();
  declare_cluster_source(set, o.kube);
}

constexpr kube::KindSet kMeshKinds{Kind::virtual_service,     Kind::destination_rule,
                                   Kind::istio_gateway,       Kind::sidecar,
                                   Kind::envoy_filter,        Kind::authorization_policy,
                                   Kind::peer_authentication, Kind::request_authentication,
                                   Kind::telemetry,           Kind::wasm_plugin,
                                   Kind::http_route,          Kind::grpc_route,
                                   Kind::tcp_route,           Kind::tls_route,
                                   Kind::config_map};
constexpr kube::KindSet kNearKinds{Kind::pod, Kind::service};

/// Both together, which were read apart.
void add(kube::LiveObjects more, kube::LiveObjects& out) {
  std::move(more.answers.begin(), more.answers.end(), std::back_inserter(out.answers));
  std::move(more.unavailable.begin(), more.unavailable.end(), std::back_inserter(out.unavailable));
  out.not_listed.merge(more.not_listed);
  out.whole = out.whole | more.whole;
  out.whole_in.merge(more.whole_in);
}

/// One run of either command.
class Run {
 public:
  Run(const Options& options, Kind kind, const Context& context)
      : o_(options), kind_(kind), context_(context) {}

  Result<OutcomePtr> run() {
    AK_CHECK(read_word());
    AK_TRY(auto session, KubeSession::open(o_.kube, context_));
    if (word_.name_space.empty())
      word_.name_space = o_.name_space.empty() ? session.name_space() : o_.name_space;
    out_.place = session.name();
    AK_CHECK(read(session));
    out_.subject = out_.model->find(kind_, word_.name_space, word_.name);
    if (out_.subject == nullptr) return not_there(session);
    describe();
    ask_proxy(session);
    return description_outcome(std::move(out_));
  }

 private:
  [[nodiscard]] std::string noun() const { return kind_ == Kind::pod ? "pod" : "service"; }

  Status read_word() {
    if (o_.names.size() != 1)
      return Error{.kind = ErrorKind::usage,
                   .what = o_.names.empty() ? "no " + noun() + " is named"
                                            : "more than one " + noun() + " is named",
                   .next = {"aksmesh describe " + noun() + " NAME.NAMESPACE"}};
    const bool told = o_.names.front().find('/') != std::string::npos;
    AK_TRY(word_, kube::parse_pod_word((told ? "" : noun() + '/') + o_.names.front()));
    const auto typed = word_.type == nullptr ? Kind::pod : word_.type->kind;
    if (told && typed != kind_)
      return Error{.kind = ErrorKind::usage,
                   .what = '\'' + o_.names.front() + "' is no " + noun(),
                   .next = {"aksmesh describe pod NAME", "aksmesh describe service NAME"}};
    return Done{};
  }

  Status read(KubeSession& session) {
    const bool is_picture = session.snapshot() != nullptr;
    kube::Reading reading{.kinds = is_picture ? kMeshKinds | kNearKinds : kMeshKinds,
                          .name_space = word_.name_space};
    reading.only_in = {{Kind::config_map, std::string(mesh::names::kSystemNamespace)}};
    auto live = session.read(reading);
    if (!live) {
      // Who may see the pod alone is told that.
      if (live.error().kind != ErrorKind::denied) return std::move(live).error();
      live = kube::nothing_listed(kMeshKinds, {}, live.error().reason());
    }
    if (!is_picture) {
      AK_TRY(auto near, session.read_in(places(), kNearKinds));
      add(std::move(near), *live);
    }
    out_.model = std::make_unique<mesh::Model>(
        kube::read_manifests(context_.files, {}, {}, std::move(*live)),
        mesh::Model::Options{.today = context_.clock.today()});
    return Done{};
  }

  /// Where the pods stand that are asked about, and those of gateways.
  [[nodiscard]] std::vector<std::string> places() const {
    std::vector<std::string> out{word_.name_space};
    for (const auto more : {mesh::names::kIngressNamespace, mesh::names::kEgressNamespace})
      if (more != word_.name_space) out.emplace_back(more);
    return out;
  }

  [[nodiscard]] Error not_there(KubeSession& session) const {
    std::vector<std::string> names;
    for (const auto* one : out_.model->all(kind_))
      if (one->name_space == word_.name_space) names.emplace_back(one->name);
    const auto near = suggestions(word_.name, names);
    Error out{
        .kind = ErrorKind::not_found,
        .what = "there is no " + noun() + " '" + word_.name + "' in namespace " + word_.name_space,
        .why = near.empty() ? "" : "did you mean " + join(near, " or ") + '?',
        .next = {"kubectl get " + noun() + "s -n " + word_.name_space}};
    for (const auto& one : out_.model->manifests().unavailable)
      if (one.kind == kind_) {
        out.kind = ErrorKind::could_not_look;
        out.why = one.what + ": " + one.why;
      }
    if (names.empty() && out.kind == ErrorKind::not_found && session.client() != nullptr)
      if (auto missing = kube::missing_namespace(*session.client(), word_.name_space))
        return std::move(*missing);
    return out;
  }

  void describe() {
    const auto& model = *out_.model;
    std::vector<const Object*> pods{out_.subject};
    std::vector<const Object*> services{out_.subject};
    if (kind_ == Kind::pod)
      services = mesh::services_of(model, *out_.subject);
    else
      pods = mesh::pods_behind(model, *out_.subject);
    for (const auto* pod : pods) out_.pods.push_back(describe_pod(*pod));
    for (const auto* service : services)
      out_.services.push_back(mesh::describe_service(model, *service, pods));
    if (const auto* pod = speaker()) {
      out_.policies = mesh::policies_of(model, *pod->object);
      out_.policies_of = name_of(*pod);
    }
  }

  static std::string name_of(const DescribedPod& pod) {
    return std::string(pod.object->name_space) + '/' + std::string(pod.object->name);
  }

  /// The pod that stands for all of them: the first with a proxy that runs.
  [[nodiscard]] const DescribedPod* speaker() const {
    const DescribedPod* out = nullptr;
    for (const auto& pod : out_.pods) {
      const bool meshed = pod.proxy != DescribedPod::Proxy::none;
      if (!meshed) continue;
      if (pod.phase == "Running") return &pod;
      if (out == nullptr) out = &pod;
    }
    return out;
  }

  void ask_proxy(KubeSession& session) {
    const auto* pod = speaker();
    if (pod == nullptr) return;
    const auto name = name_of(*pod);
    if (session.snapshot() != nullptr) return read_saved(*pod->object, name);
    if (pod->phase != "Running") {
      out_.not_asked = "the pod does not run";
      return;
    }
    std::vector<AdminQuestion> questions;
    for (const auto list : envoy::kHeldLists)
      questions.push_back({.pod = {.name_space = std::string(pod->object->name_space),
                                   .name = std::string(pod->object->name)},
                           .path = "/config_dump?mask=" + std::string(list)});
    const PodOptions options{.admin_port = o_.admin_port};
    auto answers = ask_proxies(session, options, questions, context_);
    const auto what = "could not read the configuration of the proxy of " + name;
    if (!answers) return lose(what, answers.error());
    auto held = held_objects();
    std::size_t taken = 0;
    for (std::size_t i = 0; i < answers->size(); ++i) {
      const auto part = take(std::move((*answers)[i]), held);
      if (!part) {
        lose(what, part.error());
        continue;
      }
      ++taken;
      if (envoy::kHeldLists.at(i) == envoy::kHeldListeners) out_.knows_filters = true;
    }
    if (taken == 0) return;
    out_.proxy = name;
    compare(held, out_);
  }

  /// From the snapshot, when that has it.
  void read_saved(const kube::Object& pod, const std::string& name) {
    const ProxyOptions which{
        .pods = {.pods = {std::string(pod.name) + '.' + std::string(pod.name_space)},
                 .kube = o_.kube}};
    const auto what = "could not read the configuration of the proxy of " + name;
    auto proxy = ProxySource::open(which, context_);
    if (!proxy && proxy.error().kind == ErrorKind::not_found) {
      out_.not_asked =
          "the snapshot does not hold what the proxy of " + name + " is configured with";
      return;
    }
    if (!proxy) return lose(what, proxy.error());
    auto held = held_objects();
    const auto facts =
        proxy->read(envoy::kHeldLists, [&](const envoy::DumpEntry& entry) { held.take(entry); });
    if (!facts) return lose(what, facts.error());
    if (!facts->lost.empty()) return lose(what, facts->lost.front());
    out_.knows_filters = facts->has(envoy::kListenerSection);
    out_.proxy = name;
    compare(held, out_);
  }

  [[nodiscard]] envoy::HeldObjects held_objects() const {
    std::set<std::string, std::less<>> hosts;
    for (const auto& service : out_.services) hosts.insert(service.host);
    return envoy::HeldObjects(std::move(hosts));
  }

  static Status take(Result<net::Response> answer, envoy::HeldObjects& held) {
    if (!answer) return std::move(answer).error();
    if (!answer->ok())
      return Error{.kind = ErrorKind::server,
                   .what = "it answers with status " + std::to_string(answer->status)};
    sys::TextSource source(std::move(answer->body));
    const auto facts = envoy::read_dump(source, envoy::kHeldLists,
                                        [&](const envoy::DumpEntry& entry) { held.take(entry); });
    if (!facts) return facts.error();
    if (!facts->lost.empty()) return facts->lost.front();
    return Done{};
  }

  void lose(const std::string& what, Error error) {
    auto why = error.in_one_line();
    // What keeps one part away mostly keeps them all away.
    if (std::any_of(out_.lost.begin(), out_.lost.end(),
                    [&](const Error& one) { return one.why == why; }))
      return;
    out_.lost.push_back({.kind = error.kind, .what = what, .why = std::move(why)});
  }

  const Options& o_;
  Kind kind_;
  const Context& context_;
  kube::PodWord word_{};
  Description out_{};
};

Result<OutcomePtr> run_pod(const Options& o, const Context& context) {
  return Run(o, Kind::pod, context).run();
}
Result<OutcomePtr> run_service(const Options& o, const Context& context) {
  return Run(o, Kind::service, context).run();
}

constexpr std::array<std::string_view, 15> kPodAliases{"describe po",
                                                       "describe pods",
                                                       "des pod",
                                                       "des po",
                                                       "des pods",
                                                       "x describe pod",
                                                       "x describe po",
                                                       "x describe pods",
                                                       "x des pod",
                                                       "x des po",
                                                       "x des pods",
                                                       "experimental describe pod",
                                                       "experimental describe po",
                                                       "experimental des pod",
                                                       "experimental des po"};
constexpr std::array<std::string_view, 15> kServiceAliases{"describe svc",
                                                           "describe services",
                                                           "des service",
                                                           "des svc",
                                                           "des services",
                                                           "x describe service",
                                                           "x describe svc",
                                                           "x describe services",
                                                           "x des service",
                                                           "x des svc",
                                                           "x des services",
                                                           "experimental describe service",
                                                           "experimental describe svc",
                                                           "experimental des service",
                                                           "experimental des svc"};
constexpr std::array kPodExamples{
    Example{"aksmesh describe pod web-7d4b9c-x2x5p.shop", "What the mesh makes of a pod"},
    Example{"aksmesh describe pod web-7d4b9c-x2x5p -n shop --snapshot aksmesh-snapshot.tar.gz",
            "The same from a snapshot"}};
constexpr std::array kServiceExamples{
    Example{"aksmesh describe service web -n shop", "What the mesh makes of a service"},
    Example{"aksmesh describe service web -n shop -o json", "The same for programs"}};

}  // namespace

extern const Command describe_pod_command;
constinit const Command describe_pod_command =
    command<declare, run_pod>({.path = "describe pod",
                               .summary = "Tell all that the mesh says of a pod",
                               .page = "commands/describe_pod.md",
                               .examples = kPodExamples,
                               .aliases = kPodAliases});
extern const Command describe_service_command;
constinit const Command describe_service_command =
    command<declare, run_service>({.path = "describe service",
                                   .summary = "Tell all that the mesh says of a service",
                                   .page = "commands/describe_service.md",
                                   .examples = kServiceExamples,
                                   .aliases = kServiceAliases});

}  // namespace aksmesh::commands
