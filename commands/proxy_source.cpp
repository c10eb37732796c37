// SPDX-License-Identifier: Apache-2.0
#include "proxy_source.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <optional>
#include <set>

#include "analyze_options.hpp"
#include "base/printable.hpp"
#include "base/strings.hpp"
#include "data/reader.hpp"
#include "saved_proxy.hpp"

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

using Lists = std::vector<std::string_view>;

/// A list without what tells the ways apart in which its entries came: those of one section have
/// the rest in common. Of the bootstrap both members are no lists.
std::string_view section_of(std::string_view list) {
  if (list == "last_updated") return "bootstrap";
  for (const std::string_view way : {"static_", "dynamic_active_", "dynamic_warming_", "dynamic_"})
    if (list.starts_with(way)) return list.substr(way.size());
  return list;
}

/// The lists by their sections: Envoy refuses a mask with members of several.
std::vector<Lists> by_section(std::span<const std::string_view> lists) {
  std::vector<Lists> out;
  for (const auto list : lists) {
    const auto same = [&](const Lists& one) { return section_of(one.front()) == section_of(list); };
    const auto found = std::find_if(out.begin(), out.end(), same);
    if (found == out.end())
      out.push_back({list});
    else
      found->push_back(list);
  }
  return out;
}

/// Lists of one section, and what the objects in them must be called; empty: anything.
struct Wanted {
  Lists lists{};
  std::string names{};
};

/// What has to be asked for to get them.
std::string path_for(const Wanted& wanted) {
  if (wanted.lists.front() == "cluster_statuses") return "/clusters?format=json";
  std::string mask;
  for (const auto list : wanted.lists) mask += (mask.empty() ? "" : ",") + std::string(list);
  const bool endpoints = section_of(wanted.lists.front()) == "endpoint_configs";
  return "/config_dump?mask=" + mask + (endpoints ? "&include_eds" : "") +
         (wanted.names.empty() ? "" : "&name_regex=" + url_escaped(wanted.names));
}

/// What to ask in the place of what was not answered.
std::vector<Wanted> smaller(const Wanted& wanted) {
  if (!wanted.names.empty()) return {{.lists = wanted.lists}};
  std::vector<Wanted> out;
  if (wanted.lists.size() > 1)
    for (const auto list : wanted.lists) out.push_back({.lists = {list}});
  return out;
}

/// Answers complete each other, where of sections in one dump the last one counts.
void add_facts(envoy::DumpFacts facts, envoy::DumpFacts& out) {
  for (auto& section : facts.sections) {
    const auto known =
        std::find_if(out.sections.begin(), out.sections.end(),
                     [&](const envoy::DumpSection& one) { return one.type == section.type; });
    if (known == out.sections.end())
      out.sections.push_back(std::move(section));
    else
      known->entries += section.entries;
  }
  std::move(facts.lost.begin(), facts.lost.end(), std::back_inserter(out.lost));
}

bool is_empty(const envoy::DumpFacts& facts) {
  return std::all_of(facts.sections.begin(), facts.sections.end(),
                     [](const envoy::DumpSection& one) { return one.entries == 0; });
}

/// What of a saved dump could not be had when it was made, of the lists.
void add_lost(const mesh::ProxyDump& dump, std::span<const std::string_view> lists,
              std::vector<Error>& out) {
  const auto is_wanted = [&](const std::string& list) {
    return std::find(lists.begin(), lists.end(), list) != lists.end();
  };
  for (const auto& lost : dump.lost)
    if (std::any_of(lost.lists.begin(), lost.lists.end(), is_wanted)) out.push_back(lost.error);
}

/// A text that stays where it is.
class KeptText final : public sys::Source {
 public:
  explicit KeptText(std::string_view text) : rest_(text) {}
  Result<std::size_t> read(std::span<char> room) override {
    const auto count = rest_.copy(room.data(), room.size());
    rest_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view rest_;
};

Result<std::string> text_of(sys::Source& source) {
  constexpr std::size_t kPiece = 1U << 20U;
  std::string out;
  while (true) {
    const auto before = out.size();
    out.resize(before + kPiece);
    AK_TRY(const auto count, source.read(std::span(out).subspan(before)));
    out.resize(before + count);
    if (count == 0) return out;
  }
}

bool is_json(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '{';
}

}  // namespace

namespace {

OptionSpec& declare_pods(OptionSet& set, PodOptions& o) {
  return set.operands(o.pods, "[TYPE/]POD[.NAMESPACE]")
      .help("A pod, or what has pods: deployment/NAME, service/NAME");
}

}  // namespace

void declare_pod_options(OptionSet& set, PodOptions& o) {
  declare_pods(set, o);
  declare_pod_search(set, o);
}

void declare_pod_search(OptionSet& set, PodOptions& o) {
  set.value("-l,--selector", o.selector, "LABELS").help("Pods with these labels, as in app=web");
  declare_namespace(set, o.name_space);
  set.value("--proxy-admin-port", o.admin_port, "PORT")
      .preset("15000")
      .help("Where Envoy's administration interface listens");
  declare_kube_options(set, o.kube);
}

void declare_proxy_search(OptionSet& set, ProxyOptions& o) {
  set.value("-f,--file", o.file, "FILE")
      .complete(Complete::files)
      .help("Path to read, `-` for standard input");
  declare_pod_search(set, o.pods);
  declare_snapshot(set, o.pods.kube);
}

void declare_proxy_options(OptionSet& set, ProxyOptions& o) {
  declare_pods(set, o.pods).once();
  declare_proxy_search(set, o);
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
  std::set<std::string> pods;
  for (const auto& one : questions) pods.insert(one.pod.name_space + '/' + one.pod.name);
  context.progress.waiting(pods.size() == 1 ? "asking the proxy of " + *pods.begin()
                                            : "asking " + std::to_string(pods.size()) + " proxies");
  auto answers = kube::PodHttp(*session.client(), context.random).ask(asked);
  context.progress.end();
  return answers;
}

Result<ProxySource> ProxySource::open(const ProxyOptions& options, const Context& context) {
  ProxySource out(options, context);
  const auto& pods = options.pods;
  const auto named = pods.pods.size() + (pods.selector.empty() ? 0 : 1);
  if (named > 0 && !options.file.empty())
    return exclude_each_other("a pod", "--file", "one proxy is looked at");
  if (!pods.kube.snapshot.empty() && !options.file.empty())
    return exclude_each_other("--snapshot", "--file", "one proxy is looked at");
  if (named != 1 && options.file.empty())
    return Error{.kind = ErrorKind::usage,
                 .what = named == 0 ? "no proxy is named" : "more than one proxy is named",
                 .why = "one pod, one selector or one file can be looked at",
                 .next = {"POD.NAMESPACE", "deployment/NAME", "-f FILE"}};
  if (!options.file.empty()) {
    out.name_ = options.file == "-" ? "standard input" : options.file;
    return out;
  }
  AK_TRY(auto session, KubeSession::open(pods.kube, context));
  out.own_ = std::make_unique<KubeSession>(std::move(session));
  out.session_ = out.own_.get();
  if (out.session_->snapshot() != nullptr) {
    AK_TRY(out.saved_, find_saved_proxy(*out.session_, pods, context));
    out.take_pod({.name_space = out.saved_->name_space, .name = out.saved_->pod});
    return out;
  }
  AK_TRY(const auto found, find_proxies(*out.session_, pods));
  out.take_pod(found.front());
  return out;
}

ProxySource ProxySource::of(KubeSession& session, const kube::FoundPod& pod,
                            const ProxyOptions& options, const Context& context) {
  ProxySource out(options, context);
  out.session_ = &session;
  out.take_pod(pod);
  return out;
}

void ProxySource::take_pod(kube::FoundPod pod) {
  pod_ = std::move(pod);
  name_ = pod_.name_space + '/' + pod_.name;
}

const std::string& ProxySource::name_space() const {
  return session_ ? pod_.name_space : options_->pods.name_space;
}

std::string ProxySource::service_address(const std::string& host) {
  const auto parts = split(std::string_view(host), '.');
  if (session_ == nullptr || parts.empty() || (parts.size() > 2 && parts[2] != "svc")) return {};
  const auto place = parts.size() > 1 ? std::string(parts[1]) : pod_.name_space;
  std::string address;
  if (saved_ != nullptr) {
    const auto services = session_->read({.kinds = {kube::Kind::service}});
    if (!services) return {};
    const auto found = find_object(*services, kube::Kind::service, place, parts[0]);
    address = found["spec"]["clusterIP"].text();
  } else {
    const auto body = session_->client()->get(
        "/api/v1/namespaces/" + url_escaped(place) + "/services/" + url_escaped(parts[0]),
        "look at service " + host);
    // Most hosts are no Services, and who may not see them still gets the rest of the answer.
    if (!body) return {};
    const auto answer = data::read_answer(*body);
    address = answer.only_document()["spec"]["clusterIP"].text();
  }
  return address == "None" ? "" : address;
}

Result<std::unique_ptr<sys::Source>> ProxySource::open_input() {
  if (saved_ != nullptr) {
    AK_TRY(const auto text, session_->snapshot()->text_of(*saved_));
    return std::unique_ptr<sys::Source>(std::make_unique<KeptText>(text));
  }
  if (options_->file != "-") return context_->files.open(options_->file);
  if (!keeps_input_) return context_->files.open_standard_input();
  if (!kept_) {
    AK_TRY(const auto input, context_->files.open_standard_input());
    AK_TRY(kept_, text_of(*input));
  }
  return std::unique_ptr<sys::Source>(std::make_unique<KeptText>(*kept_));
}

Result<envoy::DumpFacts> ProxySource::read(std::span<const std::string_view> lists,
                                           const envoy::TakeEntry& take, const std::string& names) {
  if (is_live()) return read_live(lists, take, names);
  AK_TRY(const auto source, open_input());
  auto facts = envoy::read_dump(*source, lists, take);
  if (!facts && facts.error().where.empty())
    facts.error().where = saved_ == nullptr ? name_ : saved_->file + " in " + session_->name();
  if (facts && saved_ != nullptr) add_lost(*saved_, lists, facts->lost);
  return facts;
}

/// An answer that is a dump, or why it is none.
Result<std::string> dump_of(Result<net::Response> answer, const std::string& proxy,
                            const std::string& path) {
  if (!answer) return std::move(answer).error();
  if (answer->ok() && is_json(answer->body)) return std::move(answer->body);
  return Error{.kind = ErrorKind::server,
               .what = "the proxy of " + proxy + " does not answer with JSON",
               .why = "status " + std::to_string(answer->status) + ", " +
                      printable(answer->body.substr(0, 200)),
               .where = "GET " + path,
               .facts = {.status = static_cast<int>(answer->status)}};
}

std::vector<Result<std::string>> ProxySource::ask(const std::vector<std::string>& paths) {
  std::vector<AdminQuestion> questions;
  for (const auto& path : paths) questions.push_back({.pod = pod_, .path = path});
  auto answers = ask_proxies(*session_, options_->pods, questions, *context_);
  if (!answers) return std::vector<Result<std::string>>(paths.size(), answers.error());
  std::vector<Result<std::string>> out;
  for (std::size_t i = 0; i < paths.size(); ++i)
    out.push_back(dump_of(std::move((*answers)[i]), name_, paths[i]));
  return out;
}

/// A type that Envoy knows by name only spoils the whole answer, also with status 200. Then each
/// list of it is asked for by itself, and only the one with that type is missing. What names were
/// asked for is asked without them once more when nothing came, so that nobody has to know the
/// question, and nothing of that name is told from nothing at all.
Result<envoy::DumpFacts> ProxySource::read_live(std::span<const std::string_view> lists,
                                                const envoy::TakeEntry& take,
                                                const std::string& names) {
  // No section is replaced by a later one.
  const auto take_all = [&](const envoy::DumpEntry& entry) {
    auto one = entry;
    one.section = SIZE_MAX;
    take(one);
  };
  envoy::DumpFacts out;
  std::optional<Error> failure;
  std::vector<Wanted> wanted;
  for (auto& section : by_section(lists)) wanted.push_back({std::move(section), names});
  while (!wanted.empty()) {
    std::vector<std::string> paths;
    for (const auto& some : wanted) paths.push_back(path_for(some));
    auto texts = ask(paths);
    std::vector<Wanted> again;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      auto instead = smaller(wanted[i]);
      if (texts[i]) {
        sys::TextSource source(std::move(*texts[i]));
        AK_TRY(auto facts, envoy::read_dump(source, wanted[i].lists, take_all));
        if (!wanted[i].names.empty() && is_empty(facts)) {
          std::move(instead.begin(), instead.end(), std::back_inserter(again));
          continue;
        }
        add_facts(std::move(facts), out);
        continue;
      }
      const auto& error = texts[i].error();
      if (error.kind != ErrorKind::server) return error;
      // So Envoy says that it has no such list; that of extensions is there only when any are.
      constexpr int kBadRequest = 400;
      if (instead.empty() && error.facts.status == kBadRequest) continue;
      failure = error;
      if (instead.empty()) out.lost.push_back(error);
      std::move(instead.begin(), instead.end(), std::back_inserter(again));
    }
    wanted = std::move(again);
  }
  if (out.sections.empty() && failure) return *failure;
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
