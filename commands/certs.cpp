// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <tuple>

#include "analyze_options.hpp"
#include "certs_outcome.hpp"
#include "checks/live_pods.hpp"
#include "checks/mesh_roots.hpp"
#include "command.hpp"
#include "envoy/dump.hpp"
#include "injection_reading.hpp"
#include "kube/manifests.hpp"
#include "proxy_source.hpp"

namespace aksmesh::commands {
namespace {

using checks::ProxySecrets;
using kube::FoundPod;
using kube::Kind;
using kube::ListWish;

/// Answers of so many proxies are held at once.
constexpr std::size_t kBatch = 256;

struct Options {
  PodOptions pods{};
  bool all_namespaces = false;
  std::string horizon{};
  std::string fail_on = "error";
};

void declare(OptionSet& set, Options& o) {
  declare_pods(set, o.pods).may_lack();
  declare_pod_search(set, o.pods);
  set.flag("-A,--all-namespaces", o.all_namespaces).help("All namespaces");
  declare_horizon(set, o.horizon);
  declare_fail_on(set, o.fail_on);
}

/// What Envoy tells of the secrets of a proxy: a third of what its page /certs has, which repeats
/// the same certificates for each cluster and has no roots to compare.
std::string secrets_path() {
  std::string out = "/config_dump?mask=";
  for (const auto list : envoy::kSecretLists)
    out += (out.ends_with('=') ? "" : ",") + std::string(list);
  return out;
}

class Looking {
 public:
  Looking(const Options& options, const Context& context, KubeSession session)
      : o_(options), context_(context), session_(std::move(session)) {}

  Result<OutcomePtr> run(int horizon_days) {
    seen_.place = session_.name();
    seen_.now = context_.clock.now();
    seen_.horizon_days = horizon_days;
    seen_.fail_on = o_.fail_on;
    const bool named = !o_.pods.pods.empty() || !o_.pods.selector.empty();
    if (!o_.all_namespaces)
      name_space_ = o_.pods.name_space.empty() ? session_.name_space() : o_.pods.name_space;
    std::vector<FoundPod> pods;
    if (named) {
      AK_TRY(pods, find_proxies(session_, o_.pods));
    } else {
      AK_TRY(pods, all_proxies());
    }
    if (pods.empty() && seen_.unavailable.empty()) AK_CHECK(look_for_namespace());
    std::sort(pods.begin(), pods.end(), [](const FoundPod& a, const FoundPod& b) {
      return std::tie(a.name_space, a.name) < std::tie(b.name_space, b.name);
    });
    const auto same = [](const FoundPod& a, const FoundPod& b) {
      return a.name_space == b.name_space && a.name == b.name;
    };
    pods.erase(std::unique(pods.begin(), pods.end(), same), pods.end());
    seen_.are_compared = named && pods.size() > 1;
    AK_CHECK(ask(pods));
    read_namespaces(pods, named);
    return certs_outcome(std::move(seen_), context_);
  }

 private:
  Result<std::vector<FoundPod>> all_proxies() {
    std::map<Kind, std::string> only_in;
    if (!name_space_.empty()) only_in[Kind::pod] = name_space_;
    AK_TRY(auto live, session_.read({.kinds = {Kind::pod}, .only_in = only_in}));
    const auto read = kube::read_manifests(context_.files, {}, {}, std::move(live));
    for (const auto& one : read.unavailable) seen_.unavailable.push_back(one);
    std::vector<FoundPod> out;
    for (const auto& object : read.objects)
      if (object.kind == Kind::pod && checks::is_live_pod(object) &&
          checks::has_proxy_container(object) && object.status()["phase"].text() == "Running")
        out.push_back(
            {.name_space = std::string(object.name_space), .name = std::string(object.name)});
    return out;
  }

  /// Of a namespace that is not there nothing is well. Who may not list them is not told so.
  Status look_for_namespace() {
    if (name_space_.empty()) return Done{};
    auto live = session_.read({.kinds = {Kind::name_space}});
    if (!live) return Done{};
    const mesh::Model model(kube::read_manifests(context_.files, {}, {}, std::move(*live)),
                            mesh::Model::Options{.today = context_.clock.today()});
    return require_namespace(model, name_space_);
  }

  Status ask(const std::vector<FoundPod>& pods) {
    std::optional<Error> failure;
    bool any = false;
    for (std::size_t at = 0; at < pods.size(); at += kBatch) {
      std::vector<AdminQuestion> questions;
      for (std::size_t i = at; i < std::min(at + kBatch, pods.size()); ++i)
        questions.push_back({.pod = pods[i], .path = secrets_path()});
      AK_TRY(auto answers, ask_proxies(session_, o_.pods, questions, context_));
      for (std::size_t i = 0; i < answers.size(); ++i) {
        auto one = secrets_of(questions[i].pod, std::move(answers[i]), failure);
        any = any || one.why.empty();
        seen_.proxies.push_back(std::move(one));
      }
    }
    if (!any && failure) return std::move(*failure);
    return Done{};
  }

  static ProxySecrets secrets_of(const FoundPod& pod, Result<net::Response> answer,
                                 std::optional<Error>& failure) {
    ProxySecrets out{.name_space = pod.name_space, .pod = pod.name};
    auto facts = read_answer(std::move(answer), out);
    if (!facts) {
      out.why = facts.error().in_one_line();
      if (!failure) failure = facts.error();
    }
    envoy::sort_secrets(out.secrets);
    return out;
  }

  static Status read_answer(Result<net::Response> answer, ProxySecrets& out) {
    if (!answer) return std::move(answer).error();
    if (!answer->ok())
      return Error{.kind = ErrorKind::server,
                   .what = "the proxy of " + out.name() + " does not tell its secrets",
                   .why = "status " + std::to_string(answer->status)};
    sys::TextSource source(std::move(answer->body));
    AK_TRY(const auto facts,
           envoy::read_dump(source, envoy::kSecretLists, [&](const envoy::DumpEntry& entry) {
             out.secrets.push_back(envoy::secret_row(entry));
           }));
    if (!facts.lost.empty()) return facts.lost.front();
    return Done{};
  }

  /// Of named pods those of their namespaces and the add-on's own, else of all that are meant.
  void read_namespaces(const std::vector<FoundPod>& pods, bool named) {
    // Every copy bears this label (support: istio-add-on-plug-in-ca-certificate.md).
    ListWish wish{.resource = {.version = "v1",
                               .plural = "configmaps",
                               .kind = "ConfigMap",
                               .namespaced = true},
                  .label_selector = "istio.io/config=true",
                  .depth = ListWish::Depth::whole};
    std::vector<ListWish> wishes;
    if (!named && name_space_.empty()) {
      wishes.push_back(wish);
    } else {
      std::set<std::string> names{std::string(mesh::names::kSystemNamespace)};
      if (!named) names.insert(name_space_);
      for (const auto& pod : pods) names.insert(pod.name_space);
      for (const auto& name : names) {
        wish.name_space = name;
        wishes.push_back(wish);
      }
    }
    auto answers = session_.client()->list(wishes);
    for (std::size_t i = 0; i < answers.size(); ++i) {
      if (!answers[i])
        seen_.unavailable.push_back({wishes[i].what(), answers[i].error().in_one_line()});
      else
        for (const auto& page : *answers[i]) take(page->document(0));
    }
    std::sort(seen_.namespaces.begin(), seen_.namespaces.end(),
              [](const auto& a, const auto& b) { return a.name_space < b.name_space; });
  }

  void take(const data::Node& list) {
    for (const auto item : list["items"].items()) {
      if (item.at("metadata", "name").text() != checks::kRootConfigMap) continue;
      seen_.namespaces.push_back(
          checks::read_roots(std::string(item.at("metadata", "namespace").text()),
                             item.at("data", checks::kRootKey).text()));
    }
  }

  const Options& o_;
  const Context& context_;
  KubeSession session_;
  std::string name_space_{};  ///< empty: all
  CertsSeen seen_;
};

Result<OutcomePtr> run(const Options& o, const Context& context) {
  if (o.all_namespaces && !o.pods.name_space.empty() &&
      !outranks("--all-namespaces", "--namespace", context))
    return Error{.kind = ErrorKind::usage,
                 .what = "--namespace and --all-namespaces exclude each other"};
  AK_TRY(const auto days, horizon_days(o.horizon, context));
  AK_TRY(auto session, KubeSession::open(o.pods.kube, context));
  return Looking(o, context, std::move(session)).run(days);
}

constexpr std::array kExamples{
    Example{"aksmesh certs -A --fail-on warning", "Every proxy of the mesh, for a nightly job"},
    Example{"aksmesh certs web-1.shop api-1.pay", "Whether two of them can trust each other"},
    Example{"aksmesh certs -n aks-istio-ingress --expires-within 14",
            "What the gateways show to those outside"}};

// Of istioctl, whose command compares the roots of two proxies.
constexpr std::array<std::string_view, 6> kAliases{"proxy config rootca-compare",
                                                   "proxy-config rootca-compare",
                                                   "pc rootca-compare",
                                                   "proxy config rc",
                                                   "proxy-config rc",
                                                   "pc rc"};

}  // namespace

extern const Command certs_command;
constinit const Command certs_command = command<declare, run>(
    {.path = "certs",
     .summary = "Show the certificates of proxies, and whether they trust each other",
     .page = "commands/certs.md",
     .examples = kExamples,
     .aliases = kAliases});

}  // namespace aksmesh::commands
