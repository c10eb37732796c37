// SPDX-License-Identifier: Apache-2.0
#include "proxy_source.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "analyze_options.hpp"
#include "base/printable.hpp"
#include "base/strings.hpp"

namespace aksmesh::commands {
namespace {

// https://istio.io/latest/docs/ops/deployment/application-requirements/ names both.
constexpr int kAdminPort = 15000;
constexpr const char* kContainer = "istio-proxy";

Result<int> admin_port(const PodOptions& options) {
  if (options.admin_port.empty()) return kAdminPort;
  int out = 0;
  const auto* end = options.admin_port.data() + options.admin_port.size();
  const auto read = std::from_chars(options.admin_port.data(), end, out);
  if (read.ec == std::errc() && read.ptr == end && out > 0 && out < 65536) return out;
  return Error{.kind = ErrorKind::usage,
               .what = "--proxy-admin-port does not take '" + options.admin_port + '\'',
               .why = "a port is a number from 1 to 65535"};
}

/// What has to be asked for to get the lists.
std::string path_for(std::span<const std::string_view> lists) {
  if (lists.front() == "cluster_statuses") return "/clusters?format=json";
  std::string mask;
  bool with_endpoints = false;
  for (const auto list : lists) {
    mask += (mask.empty() ? "" : ",") + std::string(list);
    with_endpoints = with_endpoints || list.ends_with("endpoint_configs");
  }
  return "/config_dump?mask=" + mask + (with_endpoints ? "&include_eds" : "");
}

bool is_json(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '{';
}

}  // namespace

void declare_pod_options(OptionSet& set, PodOptions& o) {
  set.operands(o.pods, "[TYPE/]POD[.NAMESPACE]")
      .help("A pod, or what has pods: deployment/NAME, service/NAME");
  set.value("-l,--selector", o.selector, "LABELS").help("Pods with these labels, as in app=web");
  declare_namespace(set, o.name_space);
  set.value("--proxy-admin-port", o.admin_port, "PORT")
      .preset("15000")
      .help("Where Envoy's administration interface listens");
  declare_kube_options(set, o.kube);
}

void declare_proxy_options(OptionSet& set, ProxyOptions& o) {
  set.value("-f,--file", o.file, "FILE")
      .complete(Complete::files)
      .help("Read a dump that was saved, `-` for standard input");
  declare_pod_options(set, o.pods);
}

Result<std::vector<kube::FoundPod>> find_proxies(KubeSession& session, const PodOptions& options) {
  const auto own = options.name_space.empty() ? session.name_space() : options.name_space;
  std::vector<kube::FoundPod> out;
  for (const auto& typed : options.pods) {
    AK_TRY(auto word, kube::parse_pod_word(typed));
    if (word.name_space.empty()) word.name_space = own;
    if (word.type == nullptr) {
      out.push_back({.name_space = word.name_space, .name = word.name});
      continue;
    }
    AK_TRY(auto pods, kube::pods_of(*session.client(), word));
    out.insert(out.end(), pods.begin(), pods.end());
  }
  if (!options.selector.empty()) {
    AK_TRY(auto pods, kube::pods_with(*session.client(), options.selector, own));
    if (pods.empty())
      return Error{.kind = ErrorKind::not_found,
                   .what = "no pod has the labels " + options.selector,
                   .why = "in namespace " + own,
                   .next = {"-n NAMESPACE   (another one)"}};
    out.insert(out.end(), pods.begin(), pods.end());
  }
  return out;
}

Result<std::vector<Result<net::Response>>> ask_proxies(KubeSession& session,
                                                       const PodOptions& options,
                                                       const std::vector<AdminQuestion>& questions,
                                                       const Context& context) {
  AK_TRY(const int port, admin_port(options));
  std::vector<kube::PodQuestion> asked;
  for (const auto& one : questions)
    asked.push_back({.name_space = one.pod.name_space,
                     .pod = one.pod.name,
                     .port = port,
                     .method = one.method,
                     .path = one.path,
                     .on_loopback = true,
                     .container = kContainer,
                     .command = {"pilot-agent", "request",
                                 std::string(net::method_name(one.method)), one.path.substr(1)}});
  context.progress.waiting(questions.size() == 1
                               ? "asking the proxy of " + questions.front().pod.name
                               : "asking " + std::to_string(questions.size()) + " proxies");
  auto answers = kube::PodHttp(*session.client(), context.random).ask(asked);
  context.progress.end();
  return answers;
}

Result<ProxySource> ProxySource::open(const ProxyOptions& options, const Context& context) {
  ProxySource out(options, context);
  const auto& pods = options.pods;
  const auto named = pods.pods.size() + (pods.selector.empty() ? 0 : 1);
  if (named + (options.file.empty() ? 0 : 1) != 1)
    return Error{.kind = ErrorKind::usage,
                 .what = named == 0 ? "no proxy is named" : "more than one proxy is named",
                 .why = "one pod, one selector or one file can be looked at",
                 .next = {"POD.NAMESPACE", "deployment/NAME", "-f FILE"}};
  if (!options.file.empty()) {
    out.name_ = options.file == "-" ? "standard input" : options.file;
    return out;
  }
  AK_TRY(out.session_, KubeSession::open(pods.kube, context));
  AK_TRY(const auto found, find_proxies(*out.session_, pods));
  out.pod_ = found.front();
  out.name_ = out.pod_.name_space + '/' + out.pod_.name;
  return out;
}

Result<envoy::DumpFacts> ProxySource::read(std::span<const std::string_view> lists,
                                           const envoy::TakeEntry& take) {
  if (session_) return read_live(lists, take);
  const auto& file = options_->file;
  AK_TRY(const auto source,
         file == "-" ? context_->files.open_standard_input() : context_->files.open(file));
  auto facts = envoy::read_dump(*source, lists, take);
  if (!facts && facts.error().where.empty()) facts.error().where = name_;
  return facts;
}

Result<std::string> ProxySource::ask(const std::string& path) {
  AK_TRY(auto answers,
         ask_proxies(*session_, options_->pods, {{.pod = pod_, .path = path}}, *context_));
  AK_TRY(auto answer, std::move(answers.front()));
  if (answer.ok() && is_json(answer.body)) return std::move(answer.body);
  return Error{.kind = ErrorKind::server,
               .what = "the proxy of " + name_ + " does not answer with JSON",
               .why = "status " + std::to_string(answer.status) + ", " +
                      printable(answer.body.substr(0, 200)),
               .where = "GET " + path};
}

/// A type that Envoy knows by name only spoils the whole answer, also with status 200. Then each
/// list is asked for by itself, and only the one with that type is missing.
Result<envoy::DumpFacts> ProxySource::read_live(std::span<const std::string_view> lists,
                                                const envoy::TakeEntry& take) {
  auto whole = ask(path_for(lists));
  if (whole) {
    sys::TextSource source(std::move(*whole));
    return envoy::read_dump(source, lists, take);
  }
  if (whole.error().kind != ErrorKind::server || lists.size() == 1) return std::move(whole).error();
  // Sections of the same type complete each other here, where in one dump the last one counts.
  const auto take_all = [&](const envoy::DumpEntry& entry) {
    auto one = entry;
    one.section = SIZE_MAX;
    take(one);
  };
  envoy::DumpFacts out;
  bool any = false;
  for (std::size_t i = 0; i < lists.size(); ++i) {
    const auto list = lists.subspan(i, 1);
    auto text = ask(path_for(list));
    if (!text) {
      if (text.error().kind != ErrorKind::server) return std::move(text).error();
      out.lost.push_back(std::move(text).error());
      continue;
    }
    any = true;
    sys::TextSource source(std::move(*text));
    AK_TRY(auto facts, envoy::read_dump(source, list, take_all));
    for (auto& section : facts.sections) out.sections.push_back(std::move(section));
    for (auto& lost : facts.lost) out.lost.push_back(std::move(lost));
  }
  if (!any) return std::move(whole).error();
  return out;
}

Status require_section(const envoy::DumpFacts& facts, std::string_view section,
                       const std::string& what, const ProxySource& source) {
  if (facts.has(section)) return Done{};
  Error out{.kind = ErrorKind::bad_data,
            .what = "there are no " + what + " in " + source.name(),
            .why = "the dump has no " + std::string(section)};
  if (!facts.lost.empty()) out.why = facts.lost.front().in_one_line();
  return out;
}

}  // namespace aksmesh::commands
