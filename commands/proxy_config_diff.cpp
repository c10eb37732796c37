// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <nlohmann/json.hpp>

#include "analyze_options.hpp"
#include "base/printable.hpp"
#include "base/strings.hpp"
#include "command.hpp"
#include "envoy/compare.hpp"
#include "istiod_pods.hpp"
#include "proxy_source.hpp"

namespace aksmesh::commands {
namespace {

using envoy::ResourceChange;
using Json = nlohmann::ordered_json;

struct Options {
  PodOptions pods{};
  std::vector<std::string> files{};
};

void declare(OptionSet& set, Options& o) {
  declare_files(set, o.files);
  declare_pod_options(set, o.pods);
  declare_snapshot(set, o.pods.kube);
}

/// One of the two that are compared.
struct Side {
  std::string name{};
  envoy::ResourceSet resources{};
  std::vector<Error> lost{};
};

std::string_view word_of(ResourceChange::Fate fate) {
  switch (fate) {
    case ResourceChange::Fate::added: return "added";
    case ResourceChange::Fate::removed: return "removed";
    case ResourceChange::Fate::changed: break;
  }
  return "changed";
}

class DiffOutcome final : public Outcome {
 public:
  DiffOutcome(Side before, Side after)
      : before_(std::move(before.name)),
        after_(std::move(after.name)),
        changes_(envoy::compare(before.resources, after.resources)) {
    for (const auto* side : {&before, &after})
      for (const auto& lost : side->lost) {
        unread_.push_back({side->name, lost.in_one_line()});
        notes.push_back("not all of " + side->name + " could be read: " + lost.in_one_line());
      }
    if (!changes_.empty())
      verdict = Verdict::findings;
    else if (!unread_.empty())
      verdict = Verdict::could_not_look;
    else
      notes.push_back(before_ + " and " + after_ + " have the same configuration");
  }

  [[nodiscard]] std::string text(const report::Style& style) const override {
    std::string out;
    for (const auto& one : changes_) {
      out += one.kind + ' ' + style.paint(report::Tone::name, printable(one.name));
      if (one.fate == ResourceChange::Fate::removed) out += ": only in " + printable(before_);
      if (one.fate == ResourceChange::Fate::added) out += ": only in " + printable(after_);
      out += '\n';
      for (const auto& value : one.values)
        out += "  " + printable(value.path) + ": " + shown(value.before, style) + " -> " +
               shown(value.after, style) + '\n';
    }
    return out;
  }

  [[nodiscard]] Json document() const override {
    auto items = Json::array();
    for (const auto& one : changes_) {
      Json row{{"kind", one.kind}, {"name", to_valid_utf8(one.name)}, {"fate", word_of(one.fate)}};
      for (const auto& value : one.values) {
        Json change{{"path", to_valid_utf8(value.path)}};
        if (!value.before.empty()) change["before"] = Json::parse(value.before, nullptr, false);
        if (!value.after.empty()) change["after"] = Json::parse(value.after, nullptr, false);
        row["values"].push_back(std::move(change));
      }
      items.push_back(std::move(row));
    }
    auto unavailable = Json::array();
    for (const auto& [what, why] : unread_)
      unavailable.push_back({{"what", to_valid_utf8(what)}, {"why", to_valid_utf8(why)}});
    return {{"schema", "aksmesh/proxy-diff/v1"}, {"before", to_valid_utf8(before_)},
            {"after", to_valid_utf8(after_)},    {"items", std::move(items)},
            {"complete", unread_.empty()},       {"unavailable", std::move(unavailable)}};
  }

 private:
  /// Values can be whole filter chains; -o json has them as they are.
  static std::string shown(const std::string& value, const report::Style& style) {
    constexpr std::size_t kLongest = 200;
    if (value.empty()) return "nothing";
    return printable(style.width == 0 && !style.is_terminal
                         ? value
                         : report::shorten(value, kLongest, style.ellipsis()));
  }

  std::string before_;
  std::string after_;
  std::vector<ResourceChange> changes_;
  std::vector<std::pair<std::string, std::string>> unread_{};
};

Result<Side> side_of(const ProxyOptions& which, envoy::Compared compared, const Context& context) {
  AK_TRY(auto source, ProxySource::open(which, context));
  Side out{.name = source.name()};
  AK_TRY(auto facts, source.read(envoy::lists_of(compared), [&](const envoy::DumpEntry& entry) {
    envoy::take_resource(entry, out.resources);
  }));
  out.lost = std::move(facts.lost);
  return out;
}

/// What istiod holds for a proxy: of all istiods one is connected with it.
Result<Side> istiod_side(const kube::FoundPod& pod, KubeSession& session, const Context& context) {
  Side out;
  const auto id = pod.name + '.' + pod.name_space;
  AK_TRY(auto answer, ask_istiod_of(id, "/debug/config_dump?proxyID=" + id, session, context));
  const bool whole = answer.response.ok();
  // A type that istiod knows by name only spoils the whole; the parts come without it.
  if (!whole) {
    AK_TRY(answer, ask_istiod_of(id, "/debug/config_dump?types=cds,lds,rds&proxyID=" + id, session,
                                 context));
  }
  constexpr std::array<std::string_view, 1> kFlat{"configs"};
  const auto lists = envoy::lists_of(envoy::Compared::pushed);
  sys::TextSource source(std::move(answer.response.body));
  AK_TRY(auto facts,
         envoy::read_dump(
             source, whole ? std::span<const std::string_view>(lists) : kFlat,
             [&](const envoy::DumpEntry& entry) { envoy::take_resource(entry, out.resources); }));
  out.name = "istiod " + answer.pod;
  out.lost = std::move(facts.lost);
  return out;
}

Result<OutcomePtr> with_istiod(const Options& o, const Context& context) {
  if (!o.pods.kube.snapshot.empty())
    return Error{.kind = ErrorKind::usage,
                 .what = "a snapshot does not have what istiod holds for a proxy",
                 .why = "two proxies of it can be compared, or one with a saved dump",
                 .next = {context.program + " proxy config diff POD OTHER --snapshot FILE",
                          context.program + " proxy config diff POD -f FILE --snapshot FILE"}};
  AK_TRY(auto session, KubeSession::open(o.pods.kube, context));
  AK_TRY(const auto found, find_proxies(session, o.pods));
  tell_choice(found, context);
  const auto& pod = found.front();
  auto before = istiod_side(pod, session, context);
  if (!before)
    return kube::with_near_names(*session.client(), std::move(before).error(),
                                 {.name = pod.name, .name_space = pod.name_space});
  ProxyOptions which{.pods = o.pods};
  which.pods.selector.clear();
  which.pods.pods = {found.front().name + '.' + found.front().name_space};
  AK_TRY(auto after, side_of(which, envoy::Compared::pushed, context));
  return OutcomePtr(std::make_unique<DiffOutcome>(std::move(*before), std::move(after)));
}

Result<OutcomePtr> run(const Options& o, const Context& context) {
  std::vector<ProxyOptions> sides;
  for (const auto& file : o.files) sides.push_back({.file = file});
  for (const auto& pod : o.pods.pods) {
    sides.push_back({.pods = o.pods});
    sides.back().pods.pods = {pod};
    sides.back().pods.selector.clear();
  }
  if (!o.pods.selector.empty()) {
    sides.push_back({.pods = o.pods});
    sides.back().pods.pods.clear();
  }
  if (sides.size() == o.files.size() && !o.pods.kube.snapshot.empty())
    return exclude_each_other("--snapshot", "--file", "no pod of the snapshot is named");
  if (sides.size() == 1 && o.files.empty()) return with_istiod(o, context);
  if (sides.size() != 2)
    return Error{
        .kind = ErrorKind::usage,
        .what = "two sides are compared, and " + std::to_string(sides.size()) +
                (sides.size() == 1 ? " is" : " are") + " named",
        .next = {context.program + " proxy config diff POD   (with what istiod holds for it)",
                 context.program + " proxy config diff POD -f FILE   (with an earlier dump)",
                 context.program + " proxy config diff POD OTHER"}};
  AK_TRY(auto before, side_of(sides[0], envoy::Compared::all, context));
  AK_TRY(auto after, side_of(sides[1], envoy::Compared::all, context));
  return OutcomePtr(std::make_unique<DiffOutcome>(std::move(before), std::move(after)));
}

constexpr std::array kExamples{
    Example{"aksmesh proxy config diff web-1.shop", "Has the proxy what istiod holds for it?"},
    Example{"aksmesh proxy config diff web-1.shop web-2.shop", "Two proxies of one Deployment"},
    Example{"aksmesh proxy config diff -f before.json web-1.shop",
            "What an upgrade has changed; the exit code is 3 when anything"}};
constexpr std::array<std::string_view, 2> kAliases{"proxy-config diff", "pc diff"};

}  // namespace

extern const Command proxy_config_diff_command;
constinit const Command proxy_config_diff_command = command<declare, run>(
    {.path = "proxy config diff",
     .summary = "Compare the configurations of two proxies, or of one with istiod's",
     .page = "commands/proxy_config_diff.md",
     .examples = kExamples,
     .aliases = kAliases});

}  // namespace aksmesh::commands
