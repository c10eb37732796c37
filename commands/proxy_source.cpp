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
#include "live_dump.hpp"
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

}  // namespace

OptionSpec& declare_pods(OptionSet& set, PodOptions& o) {
  return set.operands(o.pods, "[TYPE/]POD[.NAMESPACE]")
      .help("A pod, or what has pods: deployment/NAME, service/NAME");
}

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

std::string choice_text(const std::vector<kube::FoundPod>& found) {
  if (found.size() < 2) return {};
  return found.front().name_space + '/' + found.front().name + " is one of " +
         plural(found.size(), "pod") + "; name another one to see that";
}

void tell_choice(const std::vector<kube::FoundPod>& found, const Context& context) {
  const auto text = choice_text(found);
  if (!text.empty() && !context.global.quiet) context.progress.note("note: " + text);
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
  // Pods that were listed have been there; the word of a user may be wrong.
  if (!options.pods.empty())
    for (std::size_t i = 0; i < answers.size(); ++i)
      if (!answers[i])
        answers[i] = kube::with_near_names(
            *session.client(), std::move(answers[i]).error(),
            {.name = questions[i].pod.name, .name_space = questions[i].pod.name_space});
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
  out.session_ = std::make_unique<KubeSession>(std::move(session));
  if (out.session_->snapshot() != nullptr) {
    AK_TRY(out.saved_, find_saved_proxy(*out.session_, pods, context));
    out.pod_ = {.name_space = out.saved_->name_space, .name = out.saved_->pod};
  } else {
    AK_TRY(const auto found, find_proxies(*out.session_, pods));
    tell_choice(found, context);
    out.pod_ = found.front();
  }
  out.name_ = out.pod_.name_space + '/' + out.pod_.name;
  return out;
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
  if (is_live())
    return LiveDump(*session_, options_->pods, pod_, *context_).read(lists, take, names);
  AK_TRY(const auto source, open_input());
  auto facts = envoy::read_dump(*source, lists, take);
  if (!facts && facts.error().where.empty())
    facts.error().where = saved_ == nullptr ? name_ : saved_->file + " in " + session_->name();
  if (facts && saved_ != nullptr) add_lost(*saved_, lists, facts->lost);
  return facts;
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
